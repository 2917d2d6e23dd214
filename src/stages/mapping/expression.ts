/**
 * Mapping expressions, the run half: a plan becomes a function once; a payload and headers in, a value out. A failure
 * names the output field and the path, never a value of the payload. See prepare-expression.ts for the compiler's half.
 */

import { type CompiledPath, compilePath, MAX_PATH_RESULTS } from '../json/json-path.ts';
import type { JsonValue } from '../json/json-value.ts';
import { isForbiddenKey } from '../json/own-member.ts';
import type { Conversion, ExpressionPlan } from '../plans.ts';
import type { RequestHeaders } from '../request.ts';
import { CONVERSION_WANTS, convertValue, toText, withoutBigints } from './convert-value.ts';

export type ExpressionResult =
  /** JSON without bigints: their digits are texts. */
  | { readonly kind: 'value'; readonly value: unknown }
  /** Missing or null, and no default. */
  | { readonly kind: 'absent' }
  /** The path runs over lists that are there, but empty; no default. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'failed'; readonly message: string };

export type MembersResult =
  | { readonly kind: 'value'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'failed'; readonly message: string };

export type CompiledExpression = (payload: JsonValue, headers: RequestHeaders) => ExpressionResult;

type Plan<Kind extends ExpressionPlan['kind']> = Extract<ExpressionPlan, { kind: Kind }>;
type Fill = Exclude<Plan<'template'>['parts'][number], string>;

const ABSENT: ExpressionResult = Object.freeze({ kind: 'absent' });
const EMPTY: ExpressionResult = Object.freeze({ kind: 'empty' });

/** Makes the function of an expression. `field` is the output field's name for messages, such as variables.amount. */
export function compileExpression(plan: ExpressionPlan, field: string): CompiledExpression {
  switch (plan.kind) {
    case 'literal':
      return always(found(withoutBigints(plan.value)));
    case 'path':
      return compilePaths(plan, field);
    case 'header':
      return compileHeader(plan, field);
    case 'template':
      return compileTemplate(plan, field);
    case 'object':
      return compileMembers(plan.members, field);
    case 'list':
      return compileList(plan, field);
  }
}

/** An object of expressions: absent members are left out. */
export function compileMembers(
  members: Readonly<Record<string, ExpressionPlan>>,
  field: string,
): (payload: JsonValue, headers: RequestHeaders) => MembersResult {
  const compiled = Object.entries(members).map(([key, plan]) => {
    if (isForbiddenKey(key)) throw new Error(`a plan was used unchecked: it writes "${key}"`);
    return [key, compileExpression(plan, `${field}.${key}`)] as const;
  });
  return (payload, headers) => {
    const value: Record<string, unknown> = {};
    for (const [key, evaluate] of compiled) {
      const result = evaluate(payload, headers);
      if (result.kind === 'value') value[key] = result.value;
      else if (result.kind === 'failed') return result;
    }
    return { kind: 'value', value };
  };
}

/** What an expression reads, for messages: `"$.a" or "$.b"`. */
export function describeSource(plan: ExpressionPlan): string {
  if (plan.kind === 'path') return describePaths(plan.paths);
  return plan.kind === 'header' ? `header ${JSON.stringify(plan.name)}` : `the ${plan.kind}`;
}

function compileList(plan: Plan<'list'>, field: string): CompiledExpression {
  const compiled = plan.items.map((item, index) => compileExpression(item, `${field}[${index}]`));
  return (payload, headers) => {
    const value: unknown[] = [];
    for (const evaluate of compiled) {
      const result = evaluate(payload, headers);
      if (result.kind === 'value') value.push(result.value);
      else if (result.kind === 'failed') return result;
    }
    return { kind: 'value', value };
  };
}

function compilePaths(plan: Plan<'path'>, field: string): CompiledExpression {
  const paths = plan.paths.map(compilePath);
  const finish = compileConversion(plan.as, field, describePaths(plan.paths));
  const fallback = defaultOf(plan);
  const tooMany = failed(field, `${describePaths(plan.paths)} names more than ${MAX_PATH_RESULTS} values`);
  return (payload) => {
    for (const path of paths) {
      if (path.plain) {
        const value = path.first(payload);
        if (value !== undefined && value !== null) return finish(value);
        continue;
      }
      const all = path.all(payload);
      if (all.length > MAX_PATH_RESULTS) return tooMany;
      const values = all.filter((value) => value !== null);
      if (values.length > 0) return finishAll(values, plan.as, finish);
    }
    return fallback ?? (paths.some((path) => path.isEmpty(payload)) ? EMPTY : ABSENT);
  };
}

/** A path that can name several values gives a list; `as: json` writes the list, other conversions its elements. */
function finishAll(
  values: readonly JsonValue[],
  conversion: Conversion | undefined,
  finish: (value: JsonValue) => ExpressionResult,
): ExpressionResult {
  if (conversion === undefined || conversion === 'json') return finish(values);
  const converted: unknown[] = [];
  for (const value of values) {
    const result = finish(value);
    if (result.kind !== 'value') return result;
    converted.push(result.value);
  }
  return found(converted);
}

function compileHeader(plan: Plan<'header'>, field: string): CompiledExpression {
  const finish = compileConversion(plan.as, field, describeSource(plan));
  const missing = defaultOf(plan) ?? ABSENT;
  return (_, headers) => {
    const values = headers.all(plan.name);
    return values.length === 0 ? missing : finish(values.join(', '));
  };
}

function compileTemplate(plan: Plan<'template'>, field: string): CompiledExpression {
  const fallback = defaultOf(plan);
  const parts = plan.parts.map((part) =>
    typeof part === 'string' ? part : compileFill(part, fallback, field),
  );
  const finish = compileConversion(plan.as, field, 'the template');
  return (payload) => {
    let text = '';
    for (const part of parts) {
      const filled = typeof part === 'string' ? part : part(payload);
      if (typeof filled !== 'string') return filled;
      text += filled;
    }
    return finish(text);
  };
}

/** Gives the text to fill in, or what the whole template then results in: half a sentence is worse than none. */
function compileFill(
  fill: Fill,
  fallback: ExpressionResult | undefined,
  field: string,
): (payload: JsonValue) => string | ExpressionResult {
  const paths: readonly CompiledPath[] = fill.paths.map(compilePath);
  const source = describePaths(fill.paths);
  const noText = failed(field, `${source} is a list or an object, which a template cannot write`);
  const missing =
    fill.default ?? fallback ?? failed(field, `${source} is missing, and the template has no default`);
  return (payload) => {
    for (const path of paths) {
      const value = path.first(payload);
      if (value !== undefined && value !== null) return toText(value) ?? noText;
    }
    return missing;
  };
}

function compileConversion(
  conversion: Conversion | undefined,
  field: string,
  source: string,
): (value: JsonValue) => ExpressionResult {
  if (conversion === undefined) return (value) => found(withoutBigints(value));
  const failure = failed(field, `${source} is ${CONVERSION_WANTS[conversion]}`);
  return (value) => {
    const converted = convertValue(value, conversion);
    return converted === undefined ? failure : found(converted);
  };
}

/** A default of null says that the value may be missing. */
function defaultOf(plan: { readonly default?: unknown }): ExpressionResult | undefined {
  if (!('default' in plan)) return undefined;
  return plan.default === null ? ABSENT : found(withoutBigints(plan.default));
}

function always(result: ExpressionResult): CompiledExpression {
  return () => result;
}

function found(value: unknown): ExpressionResult {
  return { kind: 'value', value };
}

function failed(field: string, fact: string): ExpressionResult & { kind: 'failed' } {
  return { kind: 'failed', message: `${field}: ${fact}` };
}

function describePaths(paths: readonly string[]): string {
  return paths.map((path) => JSON.stringify(path)).join(' or ');
}
