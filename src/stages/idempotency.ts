/**
 * What identifies an event: the connector file's `idempotency` becomes a plan, and the plan a function from a request to
 * the event's id. An id that is missing or ambiguous is null, never a guess: a wrong one would merge two events.
 */
import { hash } from 'node:crypto';
import type { Connector } from '../generated/connector.ts';
import { compilePath } from './json/compile-path.ts';
import { parseScopedPath, splitRoot } from './json/json-path.ts';
import type { JsonValue } from './json/json-value.ts';
import type { IdempotencyPart, IdempotencyPlan } from './plans.ts';
import { pointerTo, type Report } from './problem.ts';
import type { RequestHeaders } from './request.ts';

export type IdempotencyReader = (
  payload: JsonValue,
  headers: RequestHeaders,
  eventBody: () => Buffer,
  /** The whole body where the payload is an element of it. */
  root?: JsonValue,
) => string | null;

const NONE: IdempotencyPlan = { kind: 'none' };

/** Compiles a specification that is valid by its schema. Without one the preset's applies; what was reported gives none. */
export function prepareIdempotency(
  spec: Connector['idempotency'],
  presetDefault: IdempotencyPlan | undefined,
  pointer: string,
  report: Report,
): IdempotencyPlan {
  if (spec === undefined) return presetDefault ?? NONE;
  if (typeof spec === 'string') return { kind: spec };
  if (Array.isArray(spec)) {
    const parts = spec.map((part, index) => preparePart(part, pointerTo(pointer, index), report));
    return parts.includes(null) ? NONE : { kind: 'parts', parts: parts as IdempotencyPart[] };
  }
  const part = preparePart(spec, pointer, report);
  if (part === null) return NONE;
  return 'header' in part ? { kind: 'header', ...part } : { kind: 'path', ...part };
}

function preparePart(
  spec: { readonly path?: string; readonly header?: string },
  pointer: string,
  report: Report,
): IdempotencyPart | null {
  if (spec.header !== undefined) return { header: spec.header.toLowerCase() };
  const { path = '' } = spec;
  const parsed = parseScopedPath(path);
  const place = pointerTo(pointer, 'path');
  if (!parsed.ok) {
    const { code, message, offset, length } = parsed;
    report({ code, pointer: place, message, within: { offset, length } });
    return null;
  }
  if (parsed.plain) return { path };
  const message = `${JSON.stringify(path)} can name several values, but an event has one id; name it by members and indexes`;
  report({ code: 'path-invalid', pointer: place, message });
  return null;
}

/** Makes the function that reads an event's id. */
export function materialiseIdempotency(plan: IdempotencyPlan): IdempotencyReader {
  switch (plan.kind) {
    case 'path':
      return materialisePart({ path: plan.path });
    case 'header':
      return materialisePart({ header: plan.header });
    case 'parts': {
      const readers = plan.parts.map(materialisePart);
      return (payload, headers, eventBody, root) => {
        const ids = readers.map((read) => read(payload, headers, eventBody, root));
        return ids.includes(null) ? null : joinParts(ids as string[]);
      };
    }
    case 'body':
      return (_, __, eventBody) => hash('sha256', eventBody(), 'hex');
    case 'none':
      return () => null;
  }
}

function materialisePart(part: IdempotencyPart): IdempotencyReader {
  if ('path' in part) {
    const { isRoot, path } = splitRoot(part.path);
    const compiled = compilePath(path);
    return (payload, _, __, root = payload) => toId(compiled.first(isRoot ? root : payload));
  }
  const { header } = part;
  return (_, headers) => {
    const values = headers.all(header);
    return values.length === 1 ? toId(values[0]) : null;
  };
}

/** True where the id belongs to the element of a batch, so that it names the element wherever it stands. */
export function namesElement(plan: IdempotencyPlan): boolean {
  const parts = plan.kind === 'parts' ? plan.parts : plan.kind === 'path' ? [{ path: plan.path }] : [];
  return parts.some((part) => 'path' in part && !splitRoot(part.path).isRoot);
}

/** The headers that the id is read from, in lower case. */
export function idHeaders(plan: IdempotencyPlan): readonly string[] {
  const parts = plan.kind === 'parts' ? plan.parts : plan.kind === 'header' ? [{ header: plan.header }] : [];
  return parts.flatMap((part) => ('header' in part ? [part.header] : []));
}

/** The flow's invocation id: SHA-256 in hex over the parts. */
export function invocationId(parts: readonly string[]): string {
  return hash('sha256', joinParts(parts), 'hex');
}

/** Each with its length, so that no two lists give one text. */
function joinParts(parts: readonly string[]): string {
  return parts.map((part) => `${Buffer.byteLength(part)}:${part},`).join('');
}

/** Texts and numbers identify; true and false, "" or half a surrogate pair would be the same for many events. */
function toId(value: JsonValue | undefined): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value !== '' && value.isWellFormed() ? value : null;
}
