/** In: the outcome of a request. Out: its line in the log and its place in the metrics. The only place where requests are logged. */

import type { Outcome } from '../../outcomes/outcome.ts';
import type { RequestReport } from '../ingress/webhook-handler.ts';
import { type Log, writeLine } from '../log/log.ts';
import type { RequestMetrics } from './metrics.ts';

export type Observe = (outcome: Outcome, report: RequestReport) => void;

export function createObserver(log: Log, metrics: RequestMetrics): Observe {
  return (outcome, report) => {
    metrics.observeRequest(outcome, report);
    // A refused sender is the sender's affair; a request that this deployment could not deal with is the operator's.
    writeLine(log, report.status >= 500 ? 'error' : 'info', requestFields(outcome, report), 'request');
  };
}

/** Ids, codes and numbers: nothing that JSON would have to escape, but for the place where a script failed. */
function requestFields(outcome: Outcome, report: RequestReport): string {
  const { requestId, connector, code } = outcome;
  const latencyMs = Math.round(report.latencyMs * 100) / 100;
  let fields =
    `"requestId":"${requestId}","connector":${connector === null ? null : `"${connector}"`},"outcome":"${outcome.outcome}",` +
    `"code":"${code}","status":${report.status},"latencyMs":${latencyMs},"bytes":${report.bytes}`;
  if ('mode' in outcome) fields += `,"mode":"${outcome.mode}"`;
  if ('holdId' in outcome) fields += `,"holdId":"${outcome.holdId}","paused":${outcome.paused}`;
  // What somebody else has written is escaped, and short.
  if (report.sender !== undefined) fields += `,"sender":${JSON.stringify(report.sender)}`;
  if ('show' in outcome && outcome.show !== undefined) fields += `,"visit":${JSON.stringify(outcome.show)}`;
  // The script's message may quote the payload, and stays with the held request.
  if ('at' in outcome && outcome.at !== undefined) fields += `,"at":${JSON.stringify(outcome.at)}`;
  if ('reason' in outcome && outcome.reason !== undefined)
    fields += `,"reason":${JSON.stringify(outcome.reason)}`;
  if ('batch' in outcome && outcome.batch !== undefined)
    fields += `,"batch":${JSON.stringify(outcome.batch)}`;
  return fields;
}
