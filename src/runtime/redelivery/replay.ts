/**
 * In: a hold. Out: what became of it, judged again from stage 9 by the connector as it is now. Never pauses, never goes
 * live where the request or the connector is a test, never touches elements that are not held. What fails stays held.
 */

import type { OutgoingTrigger } from '../../outcomes/delivery.ts';
import type { HoldCode, IgnoreCode } from '../../outcomes/outcome.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import { type DeliveryDeps, deliver } from '../pipeline/deliver.ts';
import { type HoldReason, reasonsNotTaken } from '../pipeline/holder.ts';
import type { Hold, RuntimeState } from '../state/state.ts';
import { findRunner, type JudgeHoldDeps, judgeHold, type ReplayRefusal, refuseReplay } from './judge-hold.ts';

/** What a hold becomes when some of it is delivered, or when it fails for a new reason. */
export type HoldChange = Pick<Hold, 'code' | 'message' | 'differences' | 'elements' | 'triggers'>;

export interface ReplayDeps extends DeliveryDeps, JudgeHoldDeps {
  readonly state: Pick<RuntimeState, 'pauseOf'>;
  /** Removes the hold; resolves when that is durable, to false when it failed. */
  readonly remove: (hold: Hold) => Promise<boolean>;
  /** Writes the hold anew; resolves when that is durable, to false when it failed. */
  readonly amend: (hold: Hold, change: HoldChange) => Promise<boolean>;
}

interface StaysHeld {
  readonly kind: 'held';
  readonly code: HoldCode;
  readonly message: string;
  readonly differences: readonly Difference[];
  /** What was delivered of a batch before the rest failed; in a dry run, what would be. */
  readonly triggers: readonly OutgoingTrigger[];
}

export type ReplayResult =
  | ReplayRefusal
  /** `removed` false: it was sent, but the hold is still there. Sending it again starts nothing twice: the ids are the same. */
  | { readonly kind: 'delivered'; readonly triggers: readonly OutgoingTrigger[]; readonly removed: boolean }
  /** As the connector is now, the request is nobody's business: the hold is gone, as the request would be today. */
  | { readonly kind: 'ignored'; readonly code: IgnoreCode; readonly removed: boolean }
  /** `amended` false: the hold still names its old reason, and elements that were delivered. */
  | (StaysHeld & { readonly amended: boolean });

/** What a replay would come to once the connector is not paused. */
export type DryRunResult =
  | ReplayRefusal
  | { readonly kind: 'would-deliver'; readonly triggers: readonly OutgoingTrigger[] }
  | { readonly kind: 'ignored'; readonly code: IgnoreCode }
  | StaysHeld;

/** Judges and changes nothing: it has nothing to change anything with. */
export async function dryRunHold(hold: Hold, deps: JudgeHoldDeps): Promise<DryRunResult> {
  const found = findRunner(hold, deps);
  if (found.kind === 'refused') return found;
  const { mapped, reasons, ignored } = await judgeHold(hold, found.runner, deps);
  const triggers = mapped.map(({ outgoing }) => outgoing);
  const [first] = reasons;
  if (first !== undefined) return { kind: 'held', ...describe(first), triggers };
  return triggers.length > 0 ? { kind: 'would-deliver', triggers } : { kind: 'ignored', code: ignored };
}

/** The caller makes sure that a hold is replayed once at a time. */
export async function replayHold(hold: Hold, deps: ReplayDeps): Promise<ReplayResult> {
  const found = findRunner(hold, deps);
  if (found.kind === 'refused') return found;
  const { plan } = found.runner;
  if (deps.state.pauseOf(plan.id, plan.behaviour, plan.behaviourBefore) !== null)
    return refuseReplay('paused', 'the connector is paused: fix it or resume it first');
  const judged = await judgeHold(hold, found.runner, deps);
  const outgoing = judged.mapped.map((element) => element.outgoing);
  const deliveries = outgoing.length === 0 ? [] : await deliver(outgoing, deps);
  const triggers = outgoing.filter((_, index) => deliveries[index]?.ok);
  const reasons = [...judged.reasons];
  if (triggers.length < outgoing.length)
    reasons.push(...reasonsNotTaken(plan.split !== null, judged.mapped, deliveries));
  if (reasons.length > 0) return keep(hold, reasons, triggers, deps);
  const removed = await deps.remove(hold);
  return triggers.length > 0
    ? { kind: 'delivered', triggers, removed }
    : { kind: 'ignored', code: judged.ignored, removed };
}

/** The hold stays, for the first of the reasons, with the elements of all. */
async function keep(
  hold: Hold,
  reasons: readonly HoldReason[],
  triggers: readonly OutgoingTrigger[],
  deps: ReplayDeps,
): Promise<ReplayResult> {
  const described = describe(reasons[0] as HoldReason);
  const elements = reasons.flatMap((reason) => reason.elements ?? []).sort((one, other) => one - other);
  const change: HoldChange = {
    ...described,
    // Without elements the reason concerns all that the hold holds.
    elements: elements.length === 0 ? hold.elements : elements,
    // What is sent again as it is must be all of it: once anything was not even mapped, all is judged anew.
    triggers: reasons.every((reason) => reason.triggers)
      ? reasons.flatMap((reason) => reason.triggers ?? [])
      : [],
  };
  return { kind: 'held', ...described, triggers, amended: await deps.amend(hold, change) };
}

function describe({ code, message, differences = [] }: HoldReason): {
  readonly code: HoldCode;
  readonly message: string;
  readonly differences: readonly Difference[];
} {
  return { code, message, differences };
}
