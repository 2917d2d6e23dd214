/**
 * Stage 2a: requests by which a provider looks whether a URL is there, without any proof: an unsigned ping, an echo by POST.
 * In: a plan. Out: whether a request could be one, and its body as such requests have it, whatever the connector takes.
 * Answers nothing itself, and lets nothing through: what is no first contact is judged like any other request.
 */
import { parseFormBody } from '../body/form-body.ts';
import { parseJsonBody } from '../json/json-text.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { BodyPlan, HandshakePlan, SignaturePlan } from '../plans.ts';
import type { WebhookRequest } from '../request.ts';
import { MAX_UNVERIFIED_JSON, materialiseBodyValue } from '../signature/body-values.ts';
import { parametersOf } from '../signature/query.ts';

/** The body of a request without any proof; undefined: it carries one, or is no first contact for other reasons. */
export type FirstContact = (request: WebhookRequest) => JsonValue | undefined;

/** True for a challenge by POST that needs no proof. */
export function isFirstContact({ method, proof }: Pick<HandshakePlan, 'method' | 'proof'>): boolean {
  return method === undefined && proof === 'none';
}

export function materialiseFirstContact(
  plan: BodyPlan & {
    readonly signature: SignaturePlan | null;
    readonly handshake?: readonly HandshakePlan[];
  },
): FirstContact | null {
  const { signature } = plan;
  const handshakes = signature?.handshake ?? plan.handshake ?? [];
  if (!handshakes.some(isFirstContact)) return null;
  const places = signature === null ? [] : [signature.signature, signature.timestamp ?? {}];
  const headers = [...(signature?.signature.headers ?? []), signature?.timestamp?.header ?? []].flat();
  const queries = places.flatMap(({ query }) => query ?? []);
  const paths = places.flatMap(({ body }) => (body === undefined ? [] : [materialiseBodyValue(body)]));
  return (request) => {
    if (request.body.length > MAX_UNVERIFIED_JSON) return undefined;
    if (headers.some((name) => request.headers.all(name).length > 0)) return undefined;
    if (queries.length > 0) {
      const parameters = parametersOf(request.url);
      if (queries.some((name) => parameters.has(name))) return undefined;
    }
    const body = readBody(request);
    return paths.some((read) => read(body) !== '') ? undefined : body;
  };
}

/** As its type says, or as it looks; null where it can be neither. */
function readBody({ headers, body }: WebhookRequest): JsonValue {
  if (body.length === 0) return null;
  const [type = ''] = headers.all('content-type');
  const parsed = /^\s*application\/x-www-form-urlencoded/i.test(type)
    ? parseFormBody(body)
    : parseJsonBody(body);
  return parsed.ok ? parsed.value : null;
}
