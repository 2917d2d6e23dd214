/** What waits to be sent again, by flow. In: the summaries of all holds. Out: the oldest of each flow, and what has failed for a day. */
import type { FailingHolds, FlowReport, WaitingHold } from '../../admin-api/answers.ts';
import type { HoldSummary } from '../../admin-api/records.ts';
import { SENT_AGAIN } from '../redelivery/attempt-hold.ts';

/** What has failed for so long will not be taken by itself, in milliseconds. */
const FAILING_MS = 86_400_000;
/** Of so many flows the status names what fails. */
const MAX_FAILING = 20;

export interface Waiting {
  oldestOf(flow: Pick<FlowReport, 'target' | 'flow'>): WaitingHold | null;
  readonly failing: readonly FailingHolds[];
}

/** `holds`: oldest first. `usual`: what the default target is called. `now`: milliseconds since the epoch. */
export function findWaiting(holds: readonly HoldSummary[], usual: string, now: number): Waiting {
  const oldest = new Map<string, WaitingHold>();
  const failing = new Map<string, FailingHolds>();
  for (const { code, flow, target, id, receivedAt, attempts, message } of holds) {
    if (flow === null || !SENT_AGAIN.has(code)) continue;
    const key = keyOf({ target: target ?? usual, flow });
    const hold = { id, receivedAt, attempts };
    if (!oldest.has(key)) oldest.set(key, hold);
    if (attempts === 0 || now - receivedAt < FAILING_MS) continue;
    const known = failing.get(key);
    const first = { target: target ?? usual, flow, count: 1, oldest: hold, reason: message };
    failing.set(key, known === undefined ? first : { ...known, count: known.count + 1 });
  }
  return {
    oldestOf: (flow) => oldest.get(keyOf(flow)) ?? null,
    failing: [...failing.values()].slice(0, MAX_FAILING),
  };
}

function keyOf({ target, flow }: Pick<FlowReport, 'target' | 'flow'>): string {
  return `${target}\n${flow}`;
}
