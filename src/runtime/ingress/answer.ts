/**
 * In: an outcome. Out: the HTTP answer to the sender: JSON, or RFC 9457 problem details. Says what became of the request
 * and nothing else: no configuration, no mapping, no values, no names of secrets, and one code for every bad signature.
 */
import { type Outcome, REJECTION_STATUS, type RejectionCode } from '../../outcomes/outcome.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Seconds after which a sender should try again: the time in which the cause usually ends. */
const RETRY_AFTER: Partial<Record<RejectionCode, number>> = {
  'not-ready': 5,
  overloaded: 5,
  'state-unavailable': 30,
  'secret-missing': 60,
  'url-key-missing': 60,
  'public-url-missing': 60,
  'connector-broken': 60,
};

const TITLES: Record<RejectionCode, string> = {
  'connector-unknown': 'There is no such connector',
  'method-not-allowed': 'The method is not allowed here',
  'address-not-allowed': 'The address of the sender is not allowed',
  'body-too-large': 'The body is too large',
  'body-encoding-unsupported': 'The encoding of the body is not supported',
  'body-type-unsupported': 'The type of the body is not supported',
  'signature-mismatch': 'The request is not authenticated',
  'signature-missing': 'The request is not authenticated',
  'signature-stale': 'The request is not authenticated',
  'body-malformed': 'The body cannot be read',
  'request-malformed': 'The request cannot be read',
  'rate-limited': 'Too many requests',
  'sender-rate-limited': 'Too many requests',
  'not-ready': 'Not ready yet',
  'secret-missing': 'The connector is not available',
  'url-key-missing': 'The connector is not available',
  'public-url-missing': 'The connector is not available',
  'connector-broken': 'The connector is not available',
  'state-unavailable': 'The request could not be kept',
  overloaded: 'Too many requests at the moment',
  'internal-error': 'Internal error',
};

/** Whoever tries signatures must not learn how close they come, nor strangers how busy a connector is. */
function publicCode(code: RejectionCode): RejectionCode {
  if (code === 'sender-rate-limited') return 'rate-limited';
  return code === 'signature-missing' || code === 'signature-stale' ? 'signature-mismatch' : code;
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

type Acknowledge = 200 | 204 | undefined;

/** The status of the answer to this outcome. `acknowledge`: what the provider insists on, where it does. */
export function httpStatus(outcome: Outcome, acknowledge?: Acknowledge): number {
  switch (outcome.outcome) {
    case 'rejected':
      return REJECTION_STATUS[outcome.code];
    case 'answered':
      return outcome.status;
    case 'ignored':
      return acknowledge ?? 200;
    // Accepted: the target acknowledged it, or it is durably kept (RFC 9110, section 15.3.3).
    case 'delivered':
    case 'held':
    case 'captured':
      return acknowledge ?? 202;
  }
}

/** `acknowledge`: the status of an empty answer, where the provider takes no other. */
export function answerOf(outcome: Outcome, acknowledge?: Acknowledge): Answer {
  if (outcome.outcome === 'rejected') return problemAnswer(outcome);
  const status = httpStatus(outcome, acknowledge);
  const { requestId } = outcome;
  if (outcome.outcome === 'answered') {
    const { body, contentType, headers } = outcome;
    return { status, headers: { ...headers, ...headersFor(status, requestId, contentType, body) }, body };
  }
  if (acknowledge !== undefined) {
    return { status, headers: headersFor(status, requestId, 'text/plain; charset=utf-8', ''), body: '' };
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
  const code = publicCode(outcome.code);
  const status = httpStatus(outcome);
  const body = JSON.stringify({
    type: `urn:sluice:problem:${code}`,
    title: TITLES[code],
    status,
    detail: outcome.detail,
    outcome: 'rejected',
    code,
    requestId: outcome.requestId,
  });
  const headers = commonHeaders(outcome.requestId, 'application/problem+json; charset=utf-8', body);
  if (outcome.allow !== undefined) headers.Allow = outcome.allow.join(', ');
  // Every 401 names a scheme (RFC 9110, section 15.5.2); which one a connector uses is nobody's business.
  if (status === 401) headers['WWW-Authenticate'] = 'Signature';
  const retryAfter = outcome.retryAfter ?? RETRY_AFTER[code];
  if (retryAfter !== undefined) headers['Retry-After'] = String(retryAfter);
  return { status, headers, body };
}
