/** What goes to a target, and what the target says of it. */
import type { Trigger } from '../generated/trigger.ts';
import type { Mode } from '../stages/plans.ts';

/** A mapped, checked trigger on its way out. */
export interface OutgoingTrigger {
  readonly requestId: string;
  readonly connector: string;
  readonly actionFlow: string;
  /** Name of the deployment's target that it goes to; absent: the default one. */
  readonly target?: string;
  readonly mode: Mode;
  /** The same id starts the flow once, however often it is sent. */
  readonly flowInvocationId: string;
  /** `flowInvocationId` is always set in it. */
  readonly trigger: Trigger;
}

export type Delivery =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** true: the same trigger may succeed later. false: the target will never take it. */
      readonly retry: boolean;
      /** Why, for people; no secrets, no payload values. */
      readonly reason: string;
      /** What Retry-After asked for, in milliseconds. */
      readonly retryAfterMs?: number;
      /** Nothing was sent: the target would not have taken it, or has enough to do. */
      readonly isDeferred?: true;
      /** The deployment is at fault (credentials, a flow that is not there): waits for a person, and is tried slowly. */
      readonly isDeploymentFault?: true;
    };
