/**
 * Mapping expressions, the run half: a plan becomes a function once; a request in, a value out. A failure names the output
 * field and the path, never a value of the payload. See prepare-expression.ts for the compiler's half.
 */
import type { JsonValue } from '../json/json-value.ts';
import { isForbiddenKey } from '../json/own-member.ts';
import type { ExpressionPlan } from '../plans.ts';
import { withoutBigints } from './convert-value.ts';
import { describeSource } from './describe-source.ts';
import { EMPTY, Failed, type Found, Many, MISSING, type Scope } from './scope.ts';
import { compileGather, compileHeader, compilePaths, compileUse, type Read } from './source.ts';
import { compileSteps } from './steps.ts';
import { compileTemplate } from './template.ts';

export type ExpressionResult =
  /** JSON without bigints: their digits are texts. */
  | { readonly kind: 'value'; readonly value: unknown }
  /** Missing or null, and no default. */
  | { readonly kind: 'absent' }
  /** The lists are there, but empty, or nothing was left of them; no default. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'failed'; readonly message: string };

export type MembersResult =
  | { readonly kind: 'value'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'failed'; readonly message: string };

export type CompiledExpression = (scope: Scope) => ExpressionResult;

const ABSENT: ExpressionResult = Object.freeze({ kind: 'absent' });
const EMPTY_RESULT: ExpressionResult = Object.freeze({ kind: 'empty' });

/** Makes the function of an expression. `field` is the output field's name for messages, such as variables.amount. */
export function compileExpression(plan: ExpressionPlan, field: string): CompiledExpression {
  if (plan.kind === 'literal') {
    const result: ExpressionResult = { kind: 'value', value: withoutBigints(plan.value) };
    return () => result;
  }
  if (plan.kind === 'object') return compileMembers(plan.members, field);
  if (plan.kind === 'list') return compileList(plan.items, field);
  const read = compileFound(plan);
  return (scope) => {
    const found = read(scope);
    if (found === MISSING) return ABSENT;
    if (found === EMPTY) return EMPTY_RESULT;
    if (found instanceof Failed) return { kind: 'failed', message: `${field}: ${found.fact}` };
    return { kind: 'value', value: withoutBigints(found instanceof Many ? found.values : found) };
  };
}

/** The value as other expressions see it. A failure says what failed, without the field. */
export function compileFound(plan: ExpressionPlan): Read {
  if (plan.kind === 'literal' || plan.kind === 'object' || plan.kind === 'list') return compilePlain(plan);
  const read = compileSource(plan);
  const steps = compileSteps(plan, compileInner);
  const source = describeSource(plan);
  // A template says itself which of its paths it is about.
  const name = (found: Failed): Failed =>
    plan.kind === 'template' && found.fact.startsWith('"') ? found : new Failed(`${source} ${found.fact}`);
  const isDefaulted = 'default' in plan;
  const fallback: Found = plan.default == null ? MISSING : (plan.default as JsonValue);
  return (scope) => {
    const found = read(scope);
    const left = steps === null ? found : steps(found, scope);
    if (left instanceof Failed) return name(left);
    return isDefaulted && (left === MISSING || left === EMPTY) ? fallback : left;
  };
}

function compileInner(plan: ExpressionPlan): Read {
  return compileFound(plan);
}

function compilePlain(plan: ExpressionPlan): Read {
  const evaluate = compileExpression(plan, plan.kind);
  return (scope) => {
    const result = evaluate(scope);
    if (result.kind === 'failed') return new Failed(result.message);
    return result.kind === 'value' ? ((result.value ?? MISSING) as Found) : MISSING;
  };
}

type Sourced = Exclude<ExpressionPlan, { kind: 'literal' | 'object' | 'list' }>;

function compileSource(plan: Sourced): Read {
  switch (plan.kind) {
    case 'path':
      return compilePaths(plan, compileInner);
    case 'header':
      return compileHeader(plan, compileInner);
    case 'template':
      return compileTemplate(plan);
    case 'gather':
      return compileGather(plan, compileInner);
    case 'use':
      return compileUse(plan, compileInner);
  }
}

/** An object of expressions: absent members are left out. */
export function compileMembers(
  members: Readonly<Record<string, ExpressionPlan>>,
  field: string,
): (scope: Scope) => MembersResult {
  const compiled = Object.entries(members).map(([key, plan]) => {
    if (isForbiddenKey(key)) throw new Error(`a plan was used unchecked: it writes "${key}"`);
    return [key, compileExpression(plan, `${field}.${key}`)] as const;
  });
  return (scope) => {
    const value: Record<string, unknown> = {};
    for (const [key, evaluate] of compiled) {
      const result = evaluate(scope);
      if (result.kind === 'value') value[key] = result.value;
      else if (result.kind === 'failed') return result;
    }
    return { kind: 'value', value };
  };
}

function compileList(items: readonly ExpressionPlan[], field: string): CompiledExpression {
  const compiled = items.map((item, index) => compileExpression(item, `${field}[${index}]`));
  return (scope) => {
    const value: unknown[] = [];
    for (const evaluate of compiled) {
      const result = evaluate(scope);
      if (result.kind === 'value') value.push(result.value);
      else if (result.kind === 'failed') return result;
    }
    return { kind: 'value', value };
  };
}
