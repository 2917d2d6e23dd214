/** In: what several processes know of flows. Out: one report for each flow: the worst of them, and everything counted. */
import type { FlowReport, FlowState } from '../../admin-api/answers.ts';

const SEVERITY: Readonly<Record<FlowState, number>> = { well: 0, slow: 1, failing: 2, parked: 3 };

export function mergeFlows(reports: readonly FlowReport[]): readonly FlowReport[] {
  const merged = new Map<string, FlowReport>();
  for (const report of reports) {
    const key = JSON.stringify([report.target, report.flow]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? report : mergeTwo(known, report));
  }
  return [...merged.values()];
}

function mergeTwo(one: FlowReport, other: FlowReport): FlowReport {
  const worst = SEVERITY[other.state] > SEVERITY[one.state] ? other : one;
  const since = [one.since, other.since].filter((at) => at !== null);
  return {
    ...worst,
    since: since.length === 0 ? null : Math.min(...since),
    failures: Math.max(one.failures, other.failures),
    reason: worst.reason ?? one.reason ?? other.reason,
    inFlight: one.inFlight + other.inFlight,
    waiting: one.waiting + other.waiting,
  };
}
