/**
 * In: a request as it arrived. Out: what a hold or a capture keeps of it, and back again for a replay. Never keeps a
 * credential: neither the headers that carry one, nor the query, nor a token that the connector compares, wherever it is.
 */
import type { StoredRequest } from '../../admin-api/records.ts';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { headersFromRaw, type RequestHeaders, type WebhookRequest } from '../../stages/request.ts';
import { isCredentialHeader } from '../../stages/script/script-request.ts';
import { maskToken } from './mask-token.ts';
import { urlTokenOf } from './url-keys.ts';

/** `shown`: headers (lower case) that are kept all the same, as an operator asked for them. */
export function storeRequest(
  plan: ConnectorPlan,
  request: WebhookRequest,
  shown: readonly string[] = [],
): StoredRequest {
  const proofs = [
    ...(plan.signature?.signature.headers ?? []),
    'authorization',
    'proxy-authorization',
    'cookie',
  ];
  const reads = headersRead(plan);
  // A name may only look like a credential's, as idempotency-key does: what the connector reads as data is data.
  const isKept = (name: string): boolean =>
    shown.includes(name) || (!proofs.includes(name) && (reads.has(name) || !isCredentialHeader(name)));
  // Proxies write the URL that they were called by into headers of their own.
  const token = urlTokenOf(request.url);
  const mask = (value: string): string => (token === null ? value : value.replaceAll(token, '***'));
  return {
    method: request.method,
    url: `/c/${plan.id}`,
    ip: request.ip,
    headers: request.headers
      .entries()
      .filter(([name]) => isKept(name))
      .map(([name, value]) => [name, mask(value)] as const),
    body: maskToken(plan, request.body).toString('base64'),
  };
}

/** Names of the headers that decide or become something: without them a replay could not judge the request. */
export function headersRead(plan: ConnectorPlan): ReadonlySet<string> {
  const names = new Set<string>();
  for (const condition of [...plan.when, plan.testWhen]) {
    if (condition?.header !== undefined) names.add(condition.header);
  }
  if (plan.idempotency.kind === 'header') names.add(plan.idempotency.header);
  if (plan.mapping.kind === 'structured') collectHeaders(plan.mapping, names);
  return names;
}

/** Finds the header expressions, however deep they stand. A literal cannot be mistaken for one: it is not looked into. */
function collectHeaders(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const { kind, name } = value as { readonly kind?: unknown; readonly name?: unknown };
  if (kind === 'literal') return;
  if (kind === 'header' && typeof name === 'string') names.add(name);
  for (const member of Object.values(value)) collectHeaders(member, names);
}

export function storedHeaders(stored: StoredRequest): RequestHeaders {
  return headersFromRaw(stored.headers.flat());
}

export function storedBody(stored: StoredRequest): Buffer {
  return Buffer.from(stored.body, 'base64');
}
