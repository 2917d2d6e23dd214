/**
 * In: an outcome. Out: the HTTP answer to the sender: JSON, or RFC 9457 problem details. Says what became of the request
 * and nothing else: no configuration, no mapping, no values, no names of secrets, and one code for every bad signature.
 */
import { OUTCOMES, rejectionOf } from '../../outcomes/codes.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import type { AcknowledgePlan } from '../../stages/plans.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** 204 says by itself that there is no body, and must not give its length (RFC 9110, section 8.6). */
function headersFor(
  status: number,
  requestId: string,
  contentType: string,
  body: string,
): Record<string, string> {
  const { 'Content-Length': length, ...headers } = commonHeaders(requestId, contentType, body);
  return status === 204 || length === undefined ? headers : { ...headers, 'Content-Length': length };
}

/** Headers of every answer, whatever the outcome. */
export function commonHeaders(requestId: string, contentType: string, body: string): Record<string, string> {
  return {
    'Content-Type': contentType,
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
  };
}

/** The status of the answer to this outcome. `acknowledge`: what the provider insists on, where it does. */
export function httpStatus(outcome: Outcome, acknowledge?: AcknowledgePlan): number {
  if (outcome.outcome === 'rejected') return rejectionOf(outcome.code).status;
  if (outcome.outcome === 'answered') return outcome.status;
  const insisted = typeof acknowledge === 'object' ? acknowledge.status : acknowledge;
  return insisted ?? (OUTCOMES[outcome.outcome].status as number);
}

/** `acknowledge`: the one answer that the provider takes, whatever became of the request. */
export function answerOf(outcome: Outcome, acknowledge?: AcknowledgePlan): Answer {
  if (outcome.outcome === 'rejected') return problemAnswer(outcome);
  const status = httpStatus(outcome, acknowledge);
  const { requestId } = outcome;
  if (outcome.outcome === 'answered') {
    const { body, contentType, headers } = outcome;
    const common = headersFor(status, requestId, contentType, body);
    return { status, headers: { ...headers, ...common, 'Content-Security-Policy': 'sandbox' }, body };
  }
  if (acknowledge !== undefined) {
    const { type, text } = typeof acknowledge === 'object' ? acknowledge : { type: 'text/plain', text: '' };
    return { status, headers: headersFor(status, requestId, `${type}; charset=utf-8`, text), body: text };
  }
  // Members that are undefined are left out.
  const body = JSON.stringify({
    outcome: outcome.outcome,
    code: outcome.code,
    requestId,
    paused: 'paused' in outcome ? outcome.paused : undefined,
    batch: 'batch' in outcome ? outcome.batch : undefined,
  });
  return { status, headers: commonHeaders(requestId, 'application/json; charset=utf-8', body), body };
}

function problemAnswer(outcome: Outcome & { readonly outcome: 'rejected' }): Answer {
  const code = rejectionOf(outcome.code).shownAs ?? outcome.code;
  const { status, title, retryAfter: usual } = rejectionOf(code);
  const body = JSON.stringify({
    type: `urn:sluice:problem:${code}`,
    title,
    status,
    detail: outcome.detail,
    outcome: 'rejected',
    code,
    requestId: outcome.requestId,
  });
  const headers = commonHeaders(outcome.requestId, 'application/problem+json; charset=utf-8', body);
  if (outcome.allow !== undefined) headers.Allow = outcome.allow.join(', ');
  // Some senders wait for it before they show what they have (RFC 9110, section 15.5.2).
  if (status === 401) headers['WWW-Authenticate'] = outcome.authenticate ?? 'Signature';
  const retryAfter = outcome.retryAfter ?? usual;
  if (retryAfter !== undefined) headers['Retry-After'] = String(retryAfter);
  return { status, headers, body };
}
