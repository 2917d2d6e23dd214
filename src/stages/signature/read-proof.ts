/**
 * Finds in a request what a scheme needs to be checked: the signatures and the timestamp, in headers, in the query or in
 * the body. In: a plan. Out: readers that tell "not there" from "not as it must be". They never throw, and never guess
 * between two.
 */
import type { JsonValue } from '../json/json-value.ts';
import type { SignaturePlan } from '../plans.ts';
import type { RequestHeaders } from '../request.ts';
import { materialiseBodyValue } from './body-values.ts';
import {
  canonicalCredentials,
  schemeOf,
  valueOfScheme,
  valuesAfter,
  valuesByPlace,
} from './header-values.ts';
import { parametersOf } from './query.ts';

/** Most signatures of one request that are tried; senders that roll a secret send two or three. */
export const MAX_SIGNATURES = 8;

/** A parsed body, or undefined where it cannot be read or is too large. */
export type JsonSource = () => JsonValue | undefined;

/** Where proofs stand, as far as that is not the body. */
export interface ProofParts {
  readonly url: string;
  readonly headers: RequestHeaders;
}

/** missing: not there. unusable: there twice, or not as it must be. */
export type Found<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: 'missing' | 'unusable' };

const MISSING = { ok: false, reason: 'missing' } as const;
const UNUSABLE = { ok: false, reason: 'unusable' } as const;

/** Reader of all signatures in a request, at most MAX_SIGNATURES. */
export function materialiseSignatures(
  plan: SignaturePlan,
): (parts: ProofParts, json: JsonSource) => Found<readonly string[]> {
  const { headers: names = [], body, query, parsePrefix, position } = plan.signature;
  const isBase64 = plan.digest === 'base64' && plan.type !== 'token' && plan.type !== 'jwt';
  const single =
    body !== undefined ? materialiseBodyText(body) : query !== undefined ? readQuery(query) : null;
  if (single !== null) {
    return (parts, json) => {
      const found = single(parts, json);
      if (!found.ok) return found;
      // A plus sign that was not escaped arrives as a space, which base64 does not have.
      const value = isBase64 && query !== undefined ? found.value.replaceAll(' ', '+') : found.value;
      if (position === undefined) return { ok: true, value: [value] };
      const values = valuesByPlace(value, position - 1 + MAX_SIGNATURES).slice(position - 1);
      return values.length === 0 ? MISSING : { ok: true, value: values };
    };
  }
  const valuesOf = materialiseValues(plan, names);
  return ({ headers }) => {
    const values: string[] = [];
    for (const name of names) {
      const lines = headers.all(name);
      if (lines.length > 1 && !isList(plan)) return UNUSABLE;
      for (const line of lines) values.push(...valuesOf(line, MAX_SIGNATURES - values.length));
    }
    const signatures = values.filter((value) => value !== '');
    return signatures.length === 0 ? MISSING : { ok: true, value: signatures };
  };

  function materialiseValues(
    { type }: SignaturePlan,
    headers: readonly string[],
  ): (line: string, limit: number) => readonly string[] {
    // From there on: while a secret is rolled, the next signature follows.
    if (position !== undefined)
      return (line, limit) => valuesByPlace(line, position - 1 + limit).slice(position - 1);
    if (parsePrefix === undefined) {
      const isCredentials = type === 'token' && headers.includes('authorization');
      return isCredentials ? (line) => [canonicalCredentials(line)] : (line) => [line];
    }
    const scheme = schemeOf(parsePrefix);
    if (scheme === null) return (line, limit) => valuesAfter(parsePrefix, line, limit);
    return (line) => {
      const value = valueOfScheme(scheme, line);
      return value === null ? [] : [value];
    };
  }
}

/** Reader of the one timestamp in a request; null where the scheme has none. */
export function materialiseTimestamp(
  plan: SignaturePlan,
): ((parts: ProofParts, json: JsonSource) => Found<string>) | null {
  const { timestamp } = plan;
  if (timestamp === undefined) return null;
  const { header, body, query, parsePrefix, position } = timestamp;
  if (body !== undefined) return materialiseBodyText(body);
  if (query !== undefined) return readQuery(query);
  if (header === undefined) return () => MISSING;
  const mayRepeat = isList(plan) && plan.signature.headers?.includes(header) === true;
  return ({ headers }) => {
    const lines = headers.all(header);
    if (lines.length > 1 && !mayRepeat) return UNUSABLE;
    if (position !== undefined) {
      const value =
        lines.length === 0 ? undefined : valuesByPlace(lines[0] as string, position)[position - 1];
      return value === undefined ? MISSING : { ok: true, value };
    }
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
  return plan.signature.parsePrefix !== undefined && !['token', 'basic', 'jwt'].includes(plan.type);
}

function materialiseBodyText(path: string): (parts: ProofParts, json: JsonSource) => Found<string> {
  const read = materialiseBodyValue(path);
  return (_, json) => {
    const body = json();
    if (body === undefined) return UNUSABLE;
    const value = read(body);
    if (value === null) return UNUSABLE;
    return value === '' ? MISSING : { ok: true, value };
  };
}

/** Decoded once; a parameter that is given twice is refused. */
function readQuery(name: string): (parts: ProofParts) => Found<string> {
  return ({ url }) => {
    const [value, ...more] = parametersOf(url).getAll(name);
    if (value === undefined || value === '') return MISSING;
    return more.length > 0 ? UNUSABLE : { ok: true, value };
  };
}
