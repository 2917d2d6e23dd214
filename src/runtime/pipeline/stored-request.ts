/**
 * In: a request as it arrived. Out: what a hold or a capture keeps of it, and back again for a replay. Never keeps a
 * credential: neither the headers that carry one, nor the query, nor a token that the connector compares, wherever it is.
 */
import type { StoredRequest } from '../../admin-api/records.ts';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { idHeaders } from '../../stages/idempotency.ts';
import type { ConditionPlan } from '../../stages/plans.ts';
import { headersFromRaw, type RequestHeaders, type WebhookRequest } from '../../stages/request.ts';
import { isCredentialHeader } from '../../stages/script/script-request.ts';
import { splitOf } from '../../stages/split.ts';
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
  // Bodies are kept without their coding.
  // A name may only look like a credential's, as idempotency-key does: what the connector reads as data is data.
  const isKept = (name: string): boolean =>
    name !== 'content-encoding' &&
    (shown.includes(name) || (!proofs.includes(name) && (reads.has(name) || !isCredentialHeader(name))));
  // Proxies write the URL that they were called by into headers of their own.
  const token = urlTokenOf(request.url);
  const mask = (value: string): string => (token === null ? value : value.replaceAll(token, '***'));
  return {
    method: request.method,
    url: `/c/${plan.eventsOf ?? plan.id}`,
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
  for (const condition of conditionsOf(plan)) collectConditionHeaders(condition, names);
  for (const name of idHeaders(plan.idempotency)) names.add(name);
  if (plan.mapping.kind === 'structured') collectHeaders(plan.mapping, names);
  return names;
}

function conditionsOf({ when, testWhen, split }: ConnectorPlan): readonly ConditionPlan[] {
  const element = split === null ? null : splitOf(split);
  const all = [...when, testWhen, ...(element?.when ?? []), element?.testWhen ?? null];
  return all.filter((condition) => condition !== null);
}

function collectConditionHeaders({ header, any = [] }: ConditionPlan, names: Set<string>): void {
  if (header !== undefined) names.add(header);
  for (const one of any) collectConditionHeaders(one, names);
}

/** Finds the header expressions, however deep they stand. A literal cannot be mistaken for one: it is not looked into. */
function collectHeaders(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const { kind, name } = value as { readonly kind?: unknown; readonly name?: unknown };
  if (kind === 'literal') return;
  if (kind === 'header' && typeof name === 'string') names.add(name);
  const { header } = value as { readonly header?: unknown };
  // A condition of `where`.
  if (kind === undefined && typeof header === 'string') names.add(header);
  for (const member of Object.values(value)) collectHeaders(member, names);
}

export function storedHeaders(stored: StoredRequest): RequestHeaders {
  return headersFromRaw(stored.headers.flat());
}

export function storedBody(stored: StoredRequest): Buffer {
  return Buffer.from(stored.body, 'base64');
}
