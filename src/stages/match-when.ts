/**
 * Stage 9, and what else compares: plans of conditions become a function that judges a body and headers. Tells "another
 * event" from "our event, but it has changed": only the first may be ignored in silence.
 */
import { compileComparison, isNegative } from './conditions/compare.ts';
import { compileNewMember } from './conditions/new-member.ts';
import type { JsonValue } from './json/json-value.ts';
import { compileScoped, Scope } from './mapping/scope.ts';
import type { ConditionPlan } from './plans.ts';
import type { RequestHeaders } from './request.ts';
import { type Difference, MAX_DIFFERENCES } from './shape/difference.ts';
import { describeType } from './shape/json-type.ts';

export type ConditionResult =
  | { readonly kind: 'match' }
  /** Another event. */
  | { readonly kind: 'differs' }
  /** What every sample has is not there, or cannot be compared: it cannot be said which event this is. */
  | { readonly kind: 'missing'; readonly differences: readonly Difference[] };

export type ConditionMatcher = (
  body: JsonValue,
  headers: RequestHeaders,
  root?: JsonValue,
) => ConditionResult;

/**
 * Makes the function that matches all conditions together. One that resolves and differs decides; otherwise one that is
 * missing though every sample has it; a value that samples lack too is one more way to differ. null counts as missing,
 * unless it is what the condition asks for. A path that names several values matches when one of them does.
 */
export function materialiseConditions(plans: readonly ConditionPlan[]): ConditionMatcher {
  const match = compileConditions(plans);
  return (body, headers, root = body) => match(new Scope(body, headers, root));
}

/** The same, where what is compared with may stand elsewhere in the request. */
export function compileConditions(plans: readonly ConditionPlan[]): (scope: Scope) => ConditionResult {
  const matchers = plans.map(materialiseCondition);
  return (scope) => {
    let differences: Difference[] | undefined;
    for (const match of matchers) {
      const result = match(scope);
      if (result === 'match') continue;
      if (result === 'differs') return DIFFERS;
      differences ??= [];
      if (differences.length < MAX_DIFFERENCES) differences.push(result);
    }
    return differences === undefined ? MATCH : { kind: 'missing', differences };
  };
}

const MATCH: ConditionResult = Object.freeze({ kind: 'match' });
const DIFFERS: ConditionResult = Object.freeze({ kind: 'differs' });

type Matcher = (scope: Scope) => 'match' | 'differs' | Difference;

function materialiseCondition(plan: ConditionPlan): Matcher {
  if (plan.any !== undefined) return matchAny(plan.any.map(materialiseCondition));
  return plan.header === undefined ? matchPath(plan, plan.path ?? '') : matchHeader(plan, plan.header);
}

/** Where none holds, one that cannot be judged might have. */
function matchAny(matchers: readonly Matcher[]): Matcher {
  return (scope) => {
    let unclear: Difference | undefined;
    for (const match of matchers) {
      const result = match(scope);
      if (result === 'match') return 'match';
      if (result !== 'differs') unclear ??= result;
    }
    return unclear ?? 'differs';
  };
}

function matchPath(plan: ConditionPlan, text: string): Matcher {
  const path = compileScoped(text);
  const compare = compileComparison(plan);
  const isNot = isNegative(plan);
  const lacking = (found: string): 'match' | 'differs' | Difference => {
    if (plan.inEverySample) return missing(text, found);
    return isNot ? 'match' : 'differs';
  };
  const [ifMissing, ifNull] = [lacking('missing'), lacking('null')];
  const matchOne = (value: JsonValue | undefined, scope: Scope): 'match' | 'differs' | Difference => {
    if (value === undefined) return ifMissing;
    const compared = compare(value, scope);
    if (compared === true && !(isNot && value === null)) return 'match';
    if (value === null) return ifNull;
    if (compared !== 'no-number') return 'differs';
    return { path: text, expected: 'a number', found: describeType(value) };
  };
  if (plan.exists !== undefined) return matchExistence(plan, text);
  // Sizes are compared by the digits that were sent.
  const isSize = plan.above !== undefined || plan.below !== undefined;
  const [first, all] = isSize ? [path.firstExact, path.allExact] : [path.first, path.all];
  if (path.plain) return (scope) => matchOne(first(path.of(scope)), scope);
  return (scope) => {
    const present = all(path.of(scope)).filter((value) => value !== null);
    if (present.length === 0) return matchOne(undefined, scope);
    const judged = present.map((value) => matchOne(value, scope));
    if (isNot) return judged.find((one) => one !== 'match') ?? 'match';
    if (judged.includes('match')) return 'match';
    return judged.find((one) => one !== 'differs') ?? 'differs';
  };
}

/** What is missing means "not for us", unless it may only be called something else now. */
function matchExistence(plan: ConditionPlan, text: string): Matcher {
  const path = compileScoped(text);
  const isRenamed =
    plan.exists && plan.known !== undefined && path.plain ? compileNewMember(path.path, plan.known) : null;
  const replaced: Difference = {
    path: text,
    expected: 'a value',
    found: 'missing, beside a member that no sample has',
  };
  return (scope) => {
    const from = path.of(scope);
    const isThere = path.plain
      ? (path.first(from) ?? null) !== null
      : path.all(from).some((value) => value !== null);
    if (isThere === plan.exists) return 'match';
    return isRenamed?.(from) ? replaced : 'differs';
  };
}

function matchHeader(plan: ConditionPlan, name: string): Matcher {
  const place = `header ${name}`;
  const compare = compileComparison(plan);
  const ifMissing = plan.inEverySample ? missing(place, 'missing') : isNegative(plan) ? 'match' : 'differs';
  return (scope) => {
    const values = scope.headers.all(name);
    const [value] = values;
    if (plan.exists !== undefined) return (value !== undefined) === plan.exists ? 'match' : 'differs';
    if (value === undefined) return ifMissing;
    // Which copy the sender meant is unknown. Taking it for another event would lose ours without a trace, or let the
    // provider's test traffic go live; so it is neither this nor that, even where the samples lack the header.
    if (values.length > 1) return { path: place, expected: 'one value', found: `${values.length} values` };
    const compared = compare(value, scope);
    if (compared === 'no-number') return { path: place, expected: 'a number', found: 'string' };
    return compared ? 'match' : 'differs';
  };
}

function missing(path: string, found: string): Difference {
  return { path, expected: 'a value', found };
}
