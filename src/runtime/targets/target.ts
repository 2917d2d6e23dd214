/** Where triggers go. One interface; every implementation passes the same conformance suite. */
import type { Trigger } from '../../generated/trigger.ts';
import type { Mode } from '../../stages/plans.ts';

/** A mapped, checked trigger on its way out. */
export interface OutgoingTrigger {
  readonly requestId: string;
  readonly connector: string;
  readonly actionFlow: string;
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
    };

export interface Target {
  readonly name: 'log' | 'http' | 'atomic' | 'memory';
  /**
   * Resolves with ok only after the target acknowledged the trigger. Never rejects. When the signal aborts, gives up
   * and resolves with retry: true.
   */
  send(trigger: OutgoingTrigger, signal: AbortSignal): Promise<Delivery>;
  close(): Promise<void>;
}
