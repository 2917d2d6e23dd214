/**
 * In: a hold. Out: what became of it, judged again from stage 9 by the connector as it is now. Never pauses, never goes
 * live where the request or the connector is a test, never touches elements that are not held. What fails stays held. Of
 * the requests of one event the newest that passes is sent; the others stay as `superseded`.
 */

import type { Hold } from '../../admin-api/records.ts';
import type { HoldCode, IgnoreCode } from '../../outcomes/codes.ts';
import type { OutgoingTrigger } from '../../outcomes/delivery.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import type { ConnectorRunner } from '../pipeline/connector.ts';
import { type DeliveryDeps, deliver } from '../pipeline/deliver.ts';
import { type HoldReason, reasonsNotTaken } from '../pipeline/holder.ts';
import type { HoldUpdate } from '../state/files/hold-store.ts';
import type { RuntimeState } from '../state/state.ts';
import { findRunner, type JudgedHold, judgeHold, type ReplayRefusal, refuseReplay } from './judge-hold.ts';
import { asOwnEvent, findNewer, type SameEventDeps, supersededBy } from './same-event.ts';

/** What a hold becomes when some of it is delivered, or when it fails for a new reason. */
export type HoldChange = HoldUpdate;

export interface DryRunDeps extends SameEventDeps {
  /** Requests of one event are sent each, under ids of their own. */
  readonly each?: boolean;
}

export interface ReplayDeps extends DeliveryDeps, DryRunDeps {
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
export async function dryRunHold(hold: Hold, deps: DryRunDeps): Promise<DryRunResult> {
  const found = findRunner(hold, deps);
  if (found.kind === 'refused') return found;
  const isOwnEvent = await becomesOwnEvent(hold, deps);
  const superseded = isOwnEvent ? null : await refuseSuperseded(hold, deps);
  if (superseded !== null) return superseded;
  const { mapped, reasons, ignored } = await judgeAs(hold, isOwnEvent, found.runner, deps);
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
  const isOwnEvent = await becomesOwnEvent(hold, deps);
  if (isOwnEvent && !hold.ownEvent && !(await deps.amend(hold, { ownEvent: true }))) return UNSTORED;
  const superseded = isOwnEvent ? null : await refuseSuperseded(hold, deps);
  if (superseded !== null) return superseded;
  const judged = await judgeAs(hold, isOwnEvent, found.runner, deps);
  if (!isOwnEvent && judged.mapped.length > 0 && judged.reasons.length === 0) {
    // Before it is sent: what is left of the event must never be taken for something that can still have effect.
    for (const other of await deps.others(hold)) {
      if (other.code !== 'superseded' && !(await deps.amend(other, supersededBy(hold.id)))) return UNSTORED;
    }
  }
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

const UNSTORED = refuseReplay(
  'state-unavailable',
  'the state folder cannot be written: nothing was sent; `sluice status` says what is wrong',
);

/** Whether it goes under an id of its own: by what an operator says now, or has said before. */
async function becomesOwnEvent(hold: Hold, deps: DryRunDeps): Promise<boolean> {
  if (hold.ownEvent) return true;
  return deps.each === true && (hold.code === 'superseded' || (await deps.others(hold)).length > 0);
}

async function judgeAs(
  hold: Hold,
  isOwnEvent: boolean,
  runner: ConnectorRunner,
  deps: DryRunDeps,
): Promise<JudgedHold> {
  const judged = await judgeHold(hold, runner, deps);
  return isOwnEvent ? { ...judged, mapped: asOwnEvent(judged.mapped, hold.requestDigest) } : judged;
}

async function refuseSuperseded(hold: Hold, deps: DryRunDeps): Promise<ReplayRefusal | null> {
  const wayOut = 'if they are events of their own, add --each; else discard it';
  if (hold.code === 'superseded') return refuseReplay('superseded', `${hold.message}: ${wayOut}`);
  const newer = await findNewer(hold, deps);
  if (newer === null) return null;
  const message = `a newer request of the same event is held as ${newer.id} and goes instead: ${wayOut}`;
  return refuseReplay('superseded', message);
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
