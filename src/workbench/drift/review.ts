/**
 * In: a connector's plan, and past requests. Out: what would have become of them, and of those that were held for their
 * shape one of each, to make samples of. Holds never more than these, however many requests there are.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { DEFAULT_PAUSE_AFTER } from '../../stages/shape/check.ts';
import { RENAMED } from '../../stages/shape/read-walk.ts';
import { type Candidate, Candidates } from './candidates.ts';
import { createPayloadJudge } from './judge-payload.ts';
import type { PastPayload } from './read-payloads.ts';
import { Tally } from './tally.ts';

/** Gives the same requests each time it is asked. */
export type ReadRequests = (plan: ConnectorPlan) => AsyncIterable<PastPayload>;

export interface Review {
  readonly tally: Tally;
  /** Smallest first. */
  readonly candidates: readonly Candidate[];
}

export async function review(
  plan: ConnectorPlan,
  requests: ReadRequests,
  scripts: ScriptRunner,
  onCount: (count: number) => void = () => {},
): Promise<Review> {
  const candidates = plan.shape === null ? null : new Candidates(plan.shape);
  const tally = new Tally(plan.shape?.pauseAfter ?? DEFAULT_PAUSE_AFTER);
  const judge = createPayloadJudge(plan, scripts);
  let count = 0;
  for await (const payload of requests(plan)) {
    count += 1;
    onCount(count);
    if (!payload.ok) {
      tally.addUnreadable(payload.name, payload.detail);
      continue;
    }
    const judged = await judge(payload.sample);
    tally.add(payload.name, judged);
    if (judged.kind !== 'held' || judged.code !== 'shape-changed') continue;
    // As a sample it would make the new name known, and the next one would be ignored in silence.
    if (!judged.differences.some(({ found }) => found === RENAMED)) candidates?.add(payload);
  }
  return { tally, candidates: candidates?.list ?? [] };
}
