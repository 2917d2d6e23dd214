/**
 * Requests of one event that say different things share its invocation id, so that one of them can have effect: the newest
 * that passes. In: a hold and the others of its event. Out: which of them goes instead, and the id under which a hold goes
 * that an operator has called an event of its own. Sends nothing.
 */
import type { Hold } from '../../admin-api/records.ts';
import type { OutgoingTrigger } from '../../outcomes/delivery.ts';
import { invocationId } from '../../stages/idempotency.ts';
import type { MappedElement } from '../pipeline/judge.ts';
import type { HoldStore, HoldUpdate } from '../state/files/hold-store.ts';
import { findRunner, type JudgeHoldDeps, judgeHold } from './judge-hold.ts';

export interface SameEventDeps extends JudgeHoldDeps {
  /** `HoldStore.othersOf`, with the requests: other requests of the same event, oldest first. */
  readonly others: (hold: Hold) => Promise<readonly Hold[]>;
  /** What a run has found out of holds, by their ids, so that each is judged once. */
  readonly passes?: Map<string, boolean>;
}

/** The other requests of the hold's event, with what they say, oldest first. */
export async function othersOf(
  holds: Pick<HoldStore, 'othersOf' | 'get'>,
  { id }: Hold,
): Promise<readonly Hold[]> {
  const found = await Promise.all(holds.othersOf(id).map((other) => holds.get(other.id)));
  return found.filter((other) => other !== null);
}

/** What becomes of the others once one of an event is sent. */
export function supersededBy(id: string): HoldUpdate & { readonly code: 'superseded' } {
  const message = `another request of the same event was sent instead (it was held as ${id})`;
  return { code: 'superseded', message, differences: [], triggers: [], nextAttemptAt: null };
}

/** The newest other request of the event that passes and came later; null: none does. */
export async function findNewer(hold: Hold, deps: SameEventDeps): Promise<Hold | null> {
  const passes = deps.passes ?? new Map<string, boolean>();
  for (const other of (await deps.others(hold)).toReversed()) {
    if (other.id < hold.id) break;
    if (other.code === 'superseded') continue;
    if (!passes.has(other.id)) passes.set(other.id, await wouldPass(other, deps));
    if (passes.get(other.id)) return other;
  }
  return null;
}

async function wouldPass(hold: Hold, deps: SameEventDeps): Promise<boolean> {
  const found = findRunner(hold, deps);
  if (found.kind === 'refused') return false;
  const { mapped, reasons } = await judgeHold(hold, found.runner, deps);
  return mapped.length > 0 && reasons.length === 0;
}

/** The same triggers under ids that include what the request says. */
export function asOwnEvent(
  mapped: readonly MappedElement[],
  requestDigest: string,
): readonly MappedElement[] {
  return mapped.map(({ index, outgoing }) => ({ index, outgoing: withOwnId(outgoing, requestDigest) }));
}

function withOwnId(outgoing: OutgoingTrigger, requestDigest: string): OutgoingTrigger {
  const flowInvocationId = invocationId([outgoing.flowInvocationId, requestDigest]);
  return { ...outgoing, flowInvocationId, trigger: { ...outgoing.trigger, flowInvocationId } };
}
