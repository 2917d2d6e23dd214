/**
 * Finds in a request what a scheme needs to be checked: the signatures and the timestamp, in headers or in the body.
 * In: a plan. Out: readers that tell "not there" from "not as it must be". They never throw, and never guess between two.
 */
import type { JsonValue } from '../json/json-value.ts';
import type { SignaturePlan } from '../plans.ts';
import type { RequestHeaders } from '../request.ts';
import { materialiseBodyValue } from './body-values.ts';
import { valuesAfter } from './header-values.ts';

/** Most signatures of one request that are tried; senders that roll a secret send two or three. */
export const MAX_SIGNATURES = 8;

/** A parsed body, or undefined where it is no JSON or too large. */
export type JsonSource = () => JsonValue | undefined;

/** missing: not there. unusable: there twice, or not as it must be. */
export type Found<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: 'missing' | 'unusable' };

const MISSING = { ok: false, reason: 'missing' } as const;
const UNUSABLE = { ok: false, reason: 'unusable' } as const;

/** Reader of all signatures in a request, at most MAX_SIGNATURES. */
export function materialiseSignatures(
  plan: SignaturePlan,
): (headers: RequestHeaders, json: JsonSource) => Found<readonly string[]> {
  const { headers: names = [], body, parsePrefix } = plan.signature;
  if (body !== undefined) {
    const read = materialiseBodyText(body);
    return (_, json) => {
      const found = read(json);
      return found.ok ? { ok: true, value: [found.value] } : found;
    };
  }
  return (headers) => {
    const values: string[] = [];
    for (const name of names) {
      const lines = headers.all(name);
      if (lines.length > 1 && !isList(plan)) return UNUSABLE;
      for (const line of lines) {
        if (parsePrefix === undefined) values.push(line);
        else values.push(...valuesAfter(parsePrefix, line, MAX_SIGNATURES - values.length));
      }
    }
    const signatures = values.filter((value) => value !== '');
    return signatures.length === 0 ? MISSING : { ok: true, value: signatures };
  };
}

/** Reader of the one timestamp in a request; null where the scheme has none. */
export function materialiseTimestamp(
  plan: SignaturePlan,
): ((headers: RequestHeaders, json: JsonSource) => Found<string>) | null {
  const { timestamp } = plan;
  if (timestamp === undefined) return null;
  const { header, body, parsePrefix } = timestamp;
  if (body !== undefined) {
    const read = materialiseBodyText(body);
    return (_, json) => read(json);
  }
  if (header === undefined) return () => MISSING;
  const mayRepeat = isList(plan) && plan.signature.headers?.includes(header) === true;
  return (headers) => {
    const lines = headers.all(header);
    if (lines.length > 1 && !mayRepeat) return UNUSABLE;
    // Two are one too many, whichever the template and the tolerance would take.
    const values =
      parsePrefix === undefined ? lines : lines.flatMap((line) => valuesAfter(parsePrefix, line, 2));
    const [value] = values;
    if (value === undefined) return MISSING;
    return values.length > 1 ? UNUSABLE : { ok: true, value };
  };
}

/** A header in which each signature is marked by a prefix may come in several lines: HTTP takes them for one list. */
function isList(plan: SignaturePlan): boolean {
  return plan.signature.parsePrefix !== undefined && plan.type !== 'token';
}

function materialiseBodyText(path: string): (json: JsonSource) => Found<string> {
  const read = materialiseBodyValue(path);
  return (json) => {
    const body = json();
    if (body === undefined) return UNUSABLE;
    const value = read(body);
    if (value === null) return UNUSABLE;
    return value === '' ? MISSING : { ok: true, value };
  };
}
