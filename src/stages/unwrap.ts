/**
 * `unwrap`: JSON that stands as text inside a body becomes part of it, in place. In: the plan and a body that nobody else
 * holds. Out: the body as everybody behind sees it. A text that is not JSON stays: the shape judges it as a changed type.
 */
import { isUtf8 } from 'node:buffer';
import type { Connector } from '../generated/connector.ts';
import { parseBody } from './body/parse-body.ts';
import { parsePath } from './json/json-path.ts';
import type { Segment } from './json/json-path-grammar.ts';
import { MAX_NESTING, type ParsedBody, parseJsonBody, stringifyJson } from './json/json-text.ts';
import type { JsonValue } from './json/json-value.ts';
import { ownMember } from './json/own-member.ts';
import type { BodyPlan, UnwrapPlan } from './plans.ts';
import { pointerTo, type Report } from './problem.ts';
import { selectKeys } from './shape/path-steps.ts';

/** Compiles what is valid by its schema; entries that were reported are left out. */
export function prepareUnwrap(
  spec: Connector['unwrap'],
  pointer: string,
  report: Report,
): readonly UnwrapPlan[] {
  return (spec ?? []).flatMap((entry, index): readonly UnwrapPlan[] => {
    const plan: UnwrapPlan = typeof entry === 'string' ? { path: entry } : entry;
    const place = pointerTo(pointer, index);
    const parsed = parsePath(plan.path);
    const at = typeof entry === 'string' ? place : pointerTo(place, 'path');
    if (!parsed.ok) {
      const { code, message, offset, length } = parsed;
      report({ code, pointer: at, message, within: { offset, length } });
      return [];
    }
    if (parsed.segments.length > 0 && parsed.segments.every(({ kind }) => kind !== 'descent')) return [plan];
    report({
      code: 'path-invalid',
      pointer: at,
      message: 'name the texts by members, indexes and wildcards',
    });
    return [];
  });
}

/** The body as the stages from `when` on see it. */
export function readBody(
  plan: BodyPlan & { readonly unwrap?: readonly UnwrapPlan[] },
  body: Buffer,
): ParsedBody {
  const parsed = parseBody(plan, body);
  return parsed.ok && plan.unwrap !== undefined
    ? { ok: true, value: unwrapBody(plan.unwrap, parsed.value) }
    : parsed;
}

/** Changes the body and returns it. Each entry sees what earlier ones have made. */
export function unwrapBody(plans: readonly UnwrapPlan[] | undefined, body: JsonValue): JsonValue {
  for (const plan of plans ?? []) {
    visitPlaces(plan, body, (holder, key, value, depth) => {
      const found = typeof value === 'string' ? unwrapText(value, plan, depth) : undefined;
      if (found !== undefined) setMember(holder, key, found);
    });
  }
  return body;
}

/** The reverse, for samples that are written: what was unwrapped is text again, so that a sample is what arrives. */
export function wrapBody(plans: readonly UnwrapPlan[] | undefined, body: JsonValue): JsonValue {
  for (const plan of (plans ?? []).toReversed()) {
    visitPlaces(plan, body, (holder, key, value) => {
      const isText = typeof value === 'string';
      if (isText && plan.from === undefined) return;
      const text = isText ? value : stringifyJson(value);
      setMember(holder, key, plan.from === 'base64' ? Buffer.from(text).toString('base64') : text);
    });
  }
  return body;
}

type VisitPlace = (holder: object, key: string, value: JsonValue, depth: number) => void;

function visitPlaces({ path }: UnwrapPlan, body: JsonValue, visit: VisitPlace): void {
  const parsed = parsePath(path);
  if (!parsed.ok) throw new Error(`a path was used unchecked: ${parsed.message}`);
  const walk = (value: JsonValue, segments: readonly Segment[], depth: number): void => {
    const [segment, ...rest] = segments;
    if (segment === undefined || typeof value !== 'object' || value === null) return;
    for (const key of selectKeys(segment, value)) {
      const member = ownMember(value, key);
      if (member === undefined) continue;
      if (rest.length === 0) visit(value, key, member, depth);
      else walk(member, rest, depth + 1);
    }
  };
  walk(body, parsed.segments, 1);
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Objects and lists; of base64 also plain text. Anything else is as well off as it is. */
function unwrapText(text: string, { from }: UnwrapPlan, depth: number): JsonValue | undefined {
  const bytes = from === 'base64' ? decodeBase64(text) : Buffer.from(text);
  if (bytes === undefined || bytes.length === 0) return undefined;
  const parsed = parseJsonBody(bytes, MAX_NESTING - depth);
  if (parsed.ok && typeof parsed.value === 'object' && parsed.value !== null) return parsed.value;
  return from === 'base64' && isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replace(/\s+/g, '');
  return BASE64.test(compact) && compact.replace(/=+$/, '').length % 4 !== 1
    ? Buffer.from(compact, 'base64')
    : undefined;
}

/** Also a member that is called __proto__ is one of its own. */
function setMember(holder: object, key: string, value: JsonValue): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
