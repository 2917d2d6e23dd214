/**
 * In: the body of a request whose proof is a token inside it. Out: the same body without the token, as holds and captures
 * keep it: a replay does not prove the request again. Other bodies come back as they are.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { parseSegments, type Segment } from '../../stages/json/json-path-grammar.ts';
import { parseJsonBody, stringifyJson } from '../../stages/json/json-text.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';

const MASK = '***';

/** Masking twice changes nothing. */
export function maskToken(plan: ConnectorPlan, body: Buffer): Buffer {
  const path = plan.signature?.type === 'token' ? plan.signature.signature.body : undefined;
  if (path === undefined) return body;
  const segments = parseSegments(path);
  if (plan.body === 'form') return Buffer.from(maskField(body.toString('utf8'), segments));
  const parsed = parseJsonBody(body);
  // What cannot be read may hold the token anywhere.
  if (!parsed.ok || !Array.isArray(segments)) return Buffer.from(MASK);
  return Buffer.from(stringifyJson(maskAt(parsed.value, segments)));
}

/** A form stays what it is; a field's name may be written in several ways. */
function maskField(form: string, segments: ReturnType<typeof parseSegments>): string {
  const [segment] = Array.isArray(segments) ? (segments as readonly Segment[]) : [];
  if (segment?.kind !== 'name') return MASK;
  return form
    .split('&')
    .map((pair) => {
      const [name = ''] = pair.split('=', 1);
      return new URLSearchParams(`${name}=`).has(segment.name) ? `${name}=${MASK}` : pair;
    })
    .join('&');
}

/** The types stay as they are: a replay compares them. */
function maskAt(value: JsonValue, [segment, ...rest]: readonly Segment[]): JsonValue {
  if (segment === undefined) {
    if (typeof value === 'string') return MASK;
    return typeof value === 'number' || typeof value === 'bigint' ? 0 : value;
  }
  if (segment.kind === 'name' && isJsonObject(value)) {
    const { name } = segment;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, key === name ? maskAt(member, rest) : member]),
    );
  }
  if (segment.kind === 'index' && Array.isArray(value)) {
    return value.map((item, index) => (index === segment.index ? maskAt(item, rest) : item));
  }
  return value;
}
