/**
 * The steps of an expression that come after finding: elements, each, whole. A plan in, one function from what was found
 * to what is left of it out. Reads no clock and no locale; a step that cannot be done fails, and never guesses.
 */

import { stringifyJson } from '../json/json-text.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { StepsPlan } from '../plans.ts';
import { toText } from './convert-value.ts';
import { addDecimals, type Decimal, formatDecimal, readDecimal } from './decimal.ts';
import type { CompileInner } from './each.ts';
import { compileEach } from './each.ts';
import { EMPTY, Failed, type Found, isPresent, Many, MISSING, type Scope } from './scope.ts';

export type Step = (found: Found, scope: Scope) => Found;

/** null: the plan has no steps. */
export function compileSteps(plan: StepsPlan, inner: CompileInner): Step | null {
  const steps = [
    compileSeparator(plan),
    compileCase(plan),
    compileExcept(plan, inner),
    compilePick(plan),
    compileEachStep(plan, inner),
    compileWhole(plan),
    compileLimit(plan),
  ].filter((step) => step !== null);
  const [first, second] = steps;
  if (first === undefined || second === undefined) return first ?? null;
  if (steps.length === 2) return (found, scope) => second(first(found, scope), scope);
  return (found, scope) => {
    let left = found;
    for (const step of steps) left = step(left, scope);
    return left;
  };
}

/** Blank texts count as absent where the list has an empty one. */
export function compileMissing(plan: StepsPlan): ((value: JsonValue) => boolean) | null {
  if (plan.missing === undefined) return null;
  const absent = new Set(plan.missing);
  const isBlankAbsent = absent.has('');
  return (value) => {
    const text = toText(value);
    return text !== undefined && (absent.has(text) || (isBlankAbsent && text.trim() === ''));
  };
}

/** The elements of a list; a single value is one. */
function valuesOf(found: JsonValue | Many): readonly JsonValue[] {
  return found instanceof Many ? found.values : [found];
}

function listOf(values: readonly JsonValue[], ifNone: typeof MISSING | typeof EMPTY): Found {
  return values.length === 0 ? ifNone : new Many(values);
}

function compileSeparator(plan: StepsPlan): Step | null {
  const { separator } = plan;
  if (separator === undefined) return null;
  const isAbsent = compileMissing(plan);
  return (found) => {
    if (!isPresent(found)) return found;
    const parts: JsonValue[] = [];
    for (const value of valuesOf(found)) {
      const text = toText(value);
      if (text === undefined) return new Failed('is a list or an object, which `separator` cannot divide');
      for (const part of text.split(separator)) {
        const trimmed = part.trim();
        if (trimmed !== '' && isAbsent?.(trimmed) !== true) parts.push(trimmed);
      }
    }
    return listOf(parts, MISSING);
  };
}

function changeCase(value: JsonValue, to: 'lower' | 'upper'): JsonValue {
  if (typeof value !== 'string') return value;
  return to === 'lower' ? value.toLowerCase() : value.toUpperCase();
}

function compileCase({ case: to }: StepsPlan): Step | null {
  if (to === undefined) return null;
  return (found) => {
    if (typeof found === 'string') return changeCase(found, to);
    return found instanceof Many ? new Many(found.values.map((value) => changeCase(value, to))) : found;
  };
}

function compileExcept({ except, case: to }: StepsPlan, inner: CompileInner): Step | null {
  if (except === undefined) return null;
  const sources = except.map((plan, index) => inner(plan, `except[${index}]`));
  const textOf = (value: JsonValue) => toText(to === undefined ? value : changeCase(value, to));
  return (found, scope) => {
    if (!isPresent(found)) return found;
    const excluded = new Set<string | undefined>();
    for (const read of sources) {
      const other = read(scope);
      if (other instanceof Failed) return other;
      if (isPresent(other))
        for (const value of valuesOf(other))
          for (const one of [value].flat()) excluded.add(textOf(one as JsonValue));
    }
    const left = valuesOf(found).filter((value) => {
      const text = textOf(value);
      return text === undefined || !excluded.has(text);
    });
    if (found instanceof Many) return listOf(left, EMPTY);
    return left.length === 0 ? EMPTY : found;
  };
}

function compilePick({ pick }: StepsPlan): Step | null {
  if (pick === undefined) return null;
  return (found) => {
    if (found === EMPTY) return MISSING;
    return found instanceof Many ? (found.values.at(pick === 'first' ? 0 : -1) ?? MISSING) : found;
  };
}

/** In a list, what a lookup does not know takes the default of its own; the others stay. */
function compileEachStep(plan: StepsPlan, inner: CompileInner): Step | null {
  const each = compileEach(plan, inner);
  if (each === null) return plan.as === 'json' ? writeJson : null;
  const fallback = plan.default as JsonValue | undefined;
  const toJson = plan.as === 'json';
  return (found, scope) => {
    if (!isPresent(found)) return found;
    if (!(found instanceof Many)) {
      const value = each(found, scope);
      return toJson ? writeJson(value) : value;
    }
    const values: JsonValue[] = [];
    for (const element of found.values) {
      const value = each(element, scope);
      if (value instanceof Failed) return value;
      if (value === MISSING && fallback != null) values.push(fallback);
      else if (value instanceof Many) values.push(...value.values);
      else if (value !== MISSING) values.push(value as JsonValue);
    }
    const list = listOf(values, MISSING);
    return toJson ? writeJson(list) : list;
  };
}

function writeJson(found: Found): Found {
  if (!isPresent(found)) return found;
  return stringifyJson(found instanceof Many ? found.values : found);
}

function compileWhole({ join, count, sum, default: fallback }: StepsPlan): Step | null {
  if (count) {
    return (found) => {
      if (found instanceof Failed) return found;
      if (found === MISSING && fallback !== undefined) return MISSING;
      return isPresent(found) ? valuesOf(found).length : 0;
    };
  }
  if (join !== undefined) {
    const noText = new Failed('has a list or an object in it, which `join` cannot write');
    return (found) => {
      if (!isPresent(found)) return found instanceof Failed ? found : MISSING;
      let joined: string | undefined;
      for (const value of valuesOf(found)) {
        const text = toText(value);
        if (text === undefined) return noText;
        joined = joined === undefined ? text : joined + join + text;
      }
      return joined ?? MISSING;
    };
  }
  if (!sum) return null;
  return (found) => {
    if (found instanceof Failed) return found;
    if (found === MISSING && fallback !== undefined) return MISSING;
    return isPresent(found) ? sumOf(valuesOf(found)) : 0;
  };
}

/** Numbers give a number where it is exact; where there is a text among them, decimal text with all its digits. */
function sumOf(values: readonly JsonValue[]): Found {
  const whole = sumOfIntegers(values);
  if (whole !== undefined) return whole;
  let total: Decimal = { negative: false, digits: '0', scale: 0 };
  let isNumber = true;
  for (const value of values) {
    const number = readDecimal(value);
    if (number === undefined)
      return new Failed('has something other than numbers in it, which `sum` cannot add');
    isNumber &&= typeof value !== 'string';
    total = addDecimals(total, number);
  }
  const text = formatDecimal(total);
  const exact = Number(text);
  const isExact = isNumber && readDecimal(exact) !== undefined && Math.abs(exact) <= Number.MAX_SAFE_INTEGER;
  return isExact ? exact : text;
}

/** undefined: there are other values, or the sum is past 2^53. */
function sumOfIntegers(values: readonly JsonValue[]): number | undefined {
  let total = 0;
  for (const value of values) {
    if (!Number.isSafeInteger(value)) return undefined;
    total += value as number;
    if (!Number.isSafeInteger(total)) return undefined;
  }
  return total;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function compileLimit({ limit }: StepsPlan): Step | null {
  if (limit === undefined) return null;
  const cut = (value: JsonValue): JsonValue =>
    typeof value === 'string' && value.length > limit ? cutText(value, limit) : value;
  return (found) => {
    if (found instanceof Many) return new Many(found.values.map(cut));
    return isPresent(found) ? cut(found) : found;
  };
}

/** No longer than `limit` graphemes, the ellipsis among them. */
function cutText(text: string, limit: number): string {
  let kept = 0;
  let end = 0;
  for (const { index } of segmenter.segment(text)) {
    if (kept === limit - 1) end = index;
    kept += 1;
    if (kept > limit) return `${text.slice(0, end).trimEnd()}…`;
  }
  return text;
}
