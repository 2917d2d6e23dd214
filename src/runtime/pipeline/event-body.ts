/**
 * In: a request's body. Out: what of it belongs to the event, and a digest of all that the request says: two requests with
 * one event id are the same request only where that digest is the same. What belongs to one attempt of the sender (a
 * counter of attempts, a proof made anew) is left out; so is a token, as holds do not keep it.
 */
import { createHash } from 'node:crypto';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { parseSegments, type Segment } from '../../stages/json/json-path-grammar.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import type { RequestHeaders } from '../../stages/request.ts';
import { maskToken } from './mask-token.ts';
import { headersRead } from './stored-request.ts';

/** `body`: decoded. `parsed`: the same as a value; where places are left out, it is written as JSON. */
export function eventBody(plan: ConnectorPlan, body: Buffer, parsed: JsonValue): Buffer {
  const places = plan.signature?.attempt ?? [];
  if (places.length === 0) return maskToken(plan, body);
  let rest = parsed;
  for (const place of places) {
    const segments = parseSegments(place);
    if (Array.isArray(segments)) rest = without(rest, segments);
  }
  return Buffer.from(stringifyJson(rest));
}

/** `body`: what `eventBody` made of it. Headers count where they decide or become something. */
export function digestRequest(
  plan: ConnectorPlan,
  { method, headers }: { readonly method: string; readonly headers: RequestHeaders },
  body: Buffer,
): string {
  const read = [...headersRead(plan)].sort().map((name) => [name, ...headers.all(name)]);
  return createHash('sha256')
    .update(JSON.stringify([method, read]))
    .update(body)
    .digest('hex');
}

function without(value: JsonValue, [segment, ...rest]: readonly Segment[]): JsonValue {
  if (segment?.kind === 'wildcard' && Array.isArray(value)) return value.map((item) => without(item, rest));
  if (segment?.kind !== 'name' || !isJsonObject(value) || !Object.hasOwn(value, segment.name)) return value;
  const { name } = segment;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      if (key !== name) return [[key, member]];
      return rest.length === 0 ? [] : [[key, without(member, rest)]];
    }),
  );
}
