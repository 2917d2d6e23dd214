/**
 * Stage 9, and what else compares: conditions of the connector file become plans, and plans a function that judges a body
 * and headers. Tells "another event" from "our event, but it has changed": only the first may be ignored in silence.
 */
import type { Condition } from '../generated/connector.ts';
import { compilePath, parsePath } from './json/json-path.ts';
import type { JsonScalar, JsonValue } from './json/json-value.ts';
import type { ConditionPlan } from './plans.ts';
import { pointerTo, type Report } from './problem.ts';
import type { RequestHeaders } from './request.ts';
import type { EvaluationSample } from './sample.ts';
import { type Difference, MAX_DIFFERENCES } from './shape/difference.ts';

export type ConditionResult =
  | { readonly kind: 'match' }
  /** Another event. */
  | { readonly kind: 'differs' }
  /** What every sample has is not there, or a header stands there twice: it cannot be said which event this is. */
  | { readonly kind: 'missing'; readonly differences: readonly Difference[] };

export type ConditionMatcher = (body: JsonValue, headers: RequestHeaders) => ConditionResult;

/** Compiles a condition that is valid by its schema; null when something was reported. */
export function prepareCondition(
  spec: Condition,
  pointer: string,
  samples: readonly EvaluationSample[],
  report: Report,
): ConditionPlan | null {
  const { path, header, ...comparison } = spec;
  const areComparable = checkComparison(spec, pointer, report);
  if (header !== undefined) {
    const name = header.toLowerCase();
    const inEverySample = samples.length > 0 && samples.every(({ headers }) => headers.all(name).length > 0);
    return areComparable ? { header: name, ...comparison, inEverySample } : null;
  }
  const text = path ?? '';
  const parsed = parsePath(text);
  if (!parsed.ok) {
    const { code, message, offset, length } = parsed;
    report({ code, pointer: pointerTo(pointer, 'path'), message, within: { offset, length } });
    return null;
  }
  const compiled = compilePath(text);
  const inEverySample =
    samples.length > 0 && samples.every(({ body }) => compiled.all(body).some((value) => value !== null));
  return areComparable ? { path: text, ...comparison, inEverySample } : null;
}

/**
 * Makes the function that judges all conditions together. One that resolves and differs decides; otherwise one that is
 * missing though every sample has it; a value that samples lack too is one more way to differ. null counts as missing,
 * unless it is what the condition asks for. A path that names several values matches when one of them does.
 */
export function materialiseConditions(plans: readonly ConditionPlan[]): ConditionMatcher {
  const judges = plans.map(materialiseCondition);
  return (body, headers) => {
    let differences: Difference[] | undefined;
    for (const judge of judges) {
      const judgement = judge(body, headers);
      if (judgement === 'match') continue;
      if (judgement === 'differs') return DIFFERS;
      differences ??= [];
      if (differences.length < MAX_DIFFERENCES) differences.push(judgement);
    }
    return differences === undefined ? MATCH : { kind: 'missing', differences };
  };
}

const MATCH: ConditionResult = Object.freeze({ kind: 'match' });
const DIFFERS: ConditionResult = Object.freeze({ kind: 'differs' });

type Judge = (body: JsonValue, headers: RequestHeaders) => 'match' | 'differs' | Difference;

function materialiseCondition(plan: ConditionPlan): Judge {
  return plan.header === undefined ? judgePath(plan, plan.path ?? '') : judgeHeader(plan, plan.header);
}

function judgePath(plan: ConditionPlan, text: string): Judge {
  const path = compilePath(text);
  const matches = compileComparison(plan);
  const ifMissing = plan.inEverySample ? missing(text, 'missing') : 'differs';
  const ifNull = plan.inEverySample ? missing(text, 'null') : 'differs';
  const judgeOne = (value: JsonValue | undefined) => {
    if (plan.exists === false) return value === undefined || value === null ? 'match' : 'differs';
    if (value === undefined) return ifMissing;
    if (matches(value)) return 'match';
    return value === null ? ifNull : 'differs';
  };
  if (path.plain) return (body) => judgeOne(path.first(body));
  return (body) => {
    const present = path.all(body).filter((value) => value !== null);
    if (plan.exists !== undefined || present.length === 0) return judgeOne(present[0]);
    return present.some(matches) ? 'match' : 'differs';
  };
}

function judgeHeader(plan: ConditionPlan, name: string): Judge {
  const place = `header ${name}`;
  const matches = compileComparison(plan);
  const ifMissing = plan.inEverySample ? missing(place, 'missing') : 'differs';
  return (_, headers) => {
    const values = headers.all(name);
    const [value] = values;
    if (plan.exists === false) return value === undefined ? 'match' : 'differs';
    if (value === undefined) return ifMissing;
    if (plan.exists === true) return 'match';
    // Which copy the sender meant is unknown. Taking it for another event would lose ours without a trace, or let the
    // provider's test traffic go live; so it is neither this nor that, even where the samples lack the header.
    if (values.length > 1) return { path: place, expected: 'one value', found: `${values.length} values` };
    return matches(value) ? 'match' : 'differs';
  };
}

/** `exists: false` is judged before anything is compared. */
function compileComparison(plan: ConditionPlan): (value: JsonValue) => boolean {
  const { equals, prefix } = plan;
  if (equals !== undefined) return (value) => isSame(value, equals);
  if (prefix !== undefined) return (value) => typeof value === 'string' && value.startsWith(prefix);
  if (plan.exists !== undefined) return (value) => value !== null;
  const candidates = plan.in ?? [];
  const known = new Set<JsonValue>(candidates);
  return (value) =>
    known.has(value) || (typeof value === 'bigint' && candidates.some((one) => isSame(value, one)));
}

/** Without conversion: 1 and "1" differ. A bigint is the same as the number of its value. */
function isSame(value: JsonValue, expected: JsonScalar): boolean {
  if (typeof value !== 'bigint' || typeof expected !== 'number') return value === expected;
  return Number.isInteger(expected) && BigInt(expected) === value;
}

function missing(path: string, found: string): Difference {
  return { path, expected: 'a value', found };
}

/** Comparisons that could never hold, whatever arrives. */
function checkComparison(spec: Condition, pointer: string, report: Report): boolean {
  const candidates: readonly (readonly [pointer: string, value: unknown])[] = [
    ...(spec.equals === undefined ? [] : [[pointerTo(pointer, 'equals'), spec.equals] as const]),
    ...(spec.in ?? []).map((value, index) => [pointerTo(pointerTo(pointer, 'in'), index), value] as const),
  ];
  const problems = candidates.flatMap(([place, value]) => {
    if (spec.header !== undefined && typeof value !== 'string') {
      return [{ place, message: `${String(value)} is not a text, but a header always is; put it in quotes` }];
    }
    const isLarge = Number.isInteger(value) && !Number.isSafeInteger(value);
    return isLarge ? [{ place, message: `${String(value)} is too large to be compared exactly` }] : [];
  });
  for (const { place, message } of problems) report({ code: 'value-invalid', pointer: place, message });
  return problems.length === 0;
}
