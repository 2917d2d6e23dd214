/**
 * What identifies an event: the connector file's `idempotency` becomes a plan, and the plan a function from a request to
 * the event's id. An id that is missing or ambiguous is null, never a guess: a wrong one would merge two events.
 */
import { hash } from 'node:crypto';
import type { Connector } from '../generated/connector.ts';
import { compilePath, parsePath } from './json/json-path.ts';
import type { JsonValue } from './json/json-value.ts';
import type { IdempotencyPlan } from './plans.ts';
import { pointerTo, type Report } from './problem.ts';
import type { RequestHeaders } from './request.ts';

export type IdempotencyReader = (
  payload: JsonValue,
  headers: RequestHeaders,
  eventBody: () => Buffer,
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
  if ('header' in spec) return { kind: 'header', header: spec.header.toLowerCase() };
  const { path } = spec;
  const parsed = parsePath(path);
  const place = pointerTo(pointer, 'path');
  if (!parsed.ok) {
    const { code, message, offset, length } = parsed;
    report({ code, pointer: place, message, within: { offset, length } });
    return NONE;
  }
  if (!parsed.plain) {
    const message = `${JSON.stringify(path)} can name several values, but an event has one id; name it by members and indexes`;
    report({ code: 'path-invalid', pointer: place, message });
    return NONE;
  }
  return { kind: 'path', path };
}

/** Makes the function that reads an event's id. */
export function materialiseIdempotency(plan: IdempotencyPlan): IdempotencyReader {
  switch (plan.kind) {
    case 'path': {
      const path = compilePath(plan.path);
      return (payload) => toId(path.first(payload));
    }
    case 'header': {
      const { header } = plan;
      return (_, headers) => {
        const values = headers.all(header);
        return values.length === 1 ? toId(values[0]) : null;
      };
    }
    case 'body':
      return (_, __, eventBody) => hash('sha256', eventBody(), 'hex');
    case 'none':
      return () => null;
  }
}

/** The flow's invocation id: SHA-256 in hex over the parts, each with its length, so that no two lists give one text. */
export function invocationId(parts: readonly string[]): string {
  return hash('sha256', parts.map((part) => `${Buffer.byteLength(part)}:${part},`).join(''), 'hex');
}

/** Texts and numbers identify; true and false, "" or half a surrogate pair would be the same for many events. */
function toId(value: JsonValue | undefined): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value !== '' && value.isWellFormed() ? value : null;
}
