/** In: the outcome of a request. Out: its line in the log and its place in the metrics. The only place where requests are logged. */

import type { Outcome } from '../../outcomes/outcome.ts';
import type { RequestReport } from '../ingress/webhook-handler.ts';
import type { Log } from '../log/log.ts';
import type { RequestMetrics } from './metrics.ts';

export type Observe = (outcome: Outcome, report: RequestReport) => void;

export function createObserver(log: Log, metrics: RequestMetrics): Observe {
  return (outcome, report) => {
    metrics.observeRequest(outcome, report);
    const { requestId, connector, code } = outcome;
    const line = {
      requestId,
      connector,
      outcome: outcome.outcome,
      code,
      status: report.status,
      latencyMs: Math.round(report.latencyMs * 100) / 100,
      bytes: report.bytes,
      ...('mode' in outcome ? { mode: outcome.mode } : {}),
      ...('holdId' in outcome ? { holdId: outcome.holdId, paused: outcome.paused } : {}),
      // The script's message may quote the payload, and stays with the held request.
      ...('at' in outcome ? { at: outcome.at } : {}),
      ...('batch' in outcome ? { batch: outcome.batch } : {}),
    };
    // A refused sender is the sender's affair; a request that this deployment could not deal with is the operator's.
    if (report.status >= 500) log.error(line, 'request');
    else log.info(line, 'request');
  };
}
