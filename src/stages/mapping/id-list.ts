/**
 * Lists of ids (users, streams): one expression or a list of them becomes plans, and the plans a function that gives
 * distinct texts. Tells "the lists are empty" from "the ids are missing": only the first is a reason to tell nobody.
 */

import { stringifyJson } from '../json/json-text.ts';
import { isBlank, isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { RecipientPlan } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import { describeSource } from './describe-source.ts';
import { type CompiledExpression, compileExpression } from './expression.ts';
import { prepareExpression } from './prepare-expression.ts';
import { ALONE, type ExpressionRead, type Surroundings } from './prepared.ts';
import type { Scope } from './scope.ts';

export interface PreparedIds {
  readonly plans: readonly RecipientPlan[];
  readonly reads: readonly ExpressionRead[];
}

export type IdsResult =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** There is nobody: the lists are empty, or what may be missing is. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Most expressions of one list; each may give many ids. */
const MAX_EXPRESSIONS = 1_000;

/** Compiles one expression or a list of them; null when something was reported. Reads of required ids are required. */
export function prepareIds(
  spec: unknown,
  pointer: string,
  required: boolean,
  report: Report,
  around: Surroundings = ALONE,
): PreparedIds | null {
  const specs: readonly unknown[] = Array.isArray(spec) ? spec : [spec];
  if (specs.length === 0 || specs.length > MAX_EXPRESSIONS) {
    const message = `a list of ids has 1 to ${MAX_EXPRESSIONS} entries: paths such as "$.user.id", templates or ids`;
    report({ code: 'expression-invalid', pointer, message });
    return null;
  }
  const plans: RecipientPlan[] = [];
  const reads: ExpressionRead[] = [];
  for (const [index, one] of specs.entries()) {
    const place = Array.isArray(spec) ? pointerTo(pointer, index) : pointer;
    const { expression, whenMissing } = takeWhenMissing(one, place, required, report);
    const prepared = prepareExpression(expression, place, report, around);
    if (prepared === null) continue;
    if (!canGiveIds(prepared.plan)) {
      const message = `${one === undefined ? 'nothing' : stringifyJson(one)} gives no ids; write a path such as "$.user.id", or an id`;
      report({ code: 'expression-invalid', pointer: place, message });
      continue;
    }
    if (required && whenMissing.whenMissing === undefined && givesNobody(prepared.plan)) {
      const message =
        'a default that names nobody would hide that the recipient was renamed; write `whenMissing: ignore` instead, which ignores such events and holds what looks renamed';
      report({ code: 'expression-invalid', pointer: pointerTo(place, 'default'), message });
      continue;
    }
    plans.push({ ...prepared.plan, ...whenMissing });
    const role = required ? { recipient: true as const, ...whenMissing } : {};
    reads.push(...prepared.reads.map((read) => ({ ...read, required: required && !read.optional, ...role })));
  }
  return plans.length === specs.length ? { plans, reads } : null;
}

/** `whenMissing` belongs to recipients alone: elsewhere a default says what to do. */
function takeWhenMissing(
  spec: unknown,
  pointer: string,
  isRecipient: boolean,
  report: Report,
): { readonly expression: unknown; readonly whenMissing: { readonly whenMissing?: 'ignore' } } {
  if (!isJsonObject(spec) || !isRecipient || !Object.hasOwn(spec, 'whenMissing'))
    return { expression: spec, whenMissing: {} };
  const { whenMissing, ...expression } = spec;
  const message = problemOf(whenMissing, expression);
  if (message !== null)
    report({ code: 'expression-invalid', pointer: pointerTo(pointer, 'whenMissing'), message });
  // A template of which something is missing fails, unless it may be left out.
  const mayMiss = Object.hasOwn(expression, 'template') ? { ...expression, default: null } : expression;
  return { expression: mayMiss, whenMissing: { whenMissing: 'ignore' } };
}

function problemOf(whenMissing: JsonValue | undefined, expression: JsonObject): string | null {
  if (whenMissing !== 'ignore')
    return `${stringifyJson(whenMissing ?? null)} is not allowed for "whenMissing"; the only value is ignore`;
  if (Object.hasOwn(expression, 'default'))
    return '"whenMissing" and "default" both say what becomes of a missing recipient; keep one of them';
  // Nobody could tell that a header was renamed: what else is new among headers says nothing.
  if (Object.hasOwn(expression, 'header') || Object.hasOwn(expression, 'value'))
    return '"whenMissing" is for recipients that the body names; give a path or a template';
  return null;
}

/** A default of nothing, null or blank ids. */
function givesNobody(plan: RecipientPlan): boolean {
  if (!('default' in plan)) return false;
  const ids: readonly unknown[] = Array.isArray(plan.default) ? plan.default : [plan.default];
  return ids.every((id) => id === null || isBlank(id));
}

/** Makes the function that collects the ids, in order and without repeats. */
export function compileIds(plans: readonly RecipientPlan[], field: string): (scope: Scope) => IdsResult {
  const sources = plans.map((plan) => compileSource(plan, field));
  const names = plans.map(describeSource).join(', ');
  const missing: IdsResult = { kind: 'missing', message: `${field}: ${names} gives no id` };
  return (scope) => {
    const ids = new Set<string>();
    let isMissing = false;
    for (const { evaluate, noId, mayMiss } of sources) {
      const result = evaluate(scope);
      if (result.kind === 'failed') return result;
      if (result.kind === 'absent') isMissing ||= !mayMiss;
      if (result.kind !== 'value') continue;
      const items: readonly unknown[] = Array.isArray(result.value) ? result.value : [result.value];
      let found = 0;
      for (const item of items) {
        // Null and blank are nobody: they count as missing where nothing else is there.
        if (item === null || isBlank(item)) continue;
        if (typeof item !== 'string' && typeof item !== 'number') return noId;
        ids.add(String(item));
        found += 1;
      }
      if (found === 0 && items.length > 0) isMissing ||= !mayMiss;
    }
    if (ids.size > 0) return { kind: 'ids', ids: [...ids] };
    return isMissing ? missing : { kind: 'empty' };
  };
}

function compileSource(
  plan: RecipientPlan,
  field: string,
): { evaluate: CompiledExpression; noId: IdsResult; mayMiss: boolean } {
  const message = `${field}: ${describeSource(plan)} gives something other than a text or a number`;
  const mayMiss = plan.whenMissing === 'ignore';
  return {
    evaluate: compileExpression(withoutBlank(plan), field),
    noId: { kind: 'failed', message },
    mayMiss,
  };
}

/** A blank id names nobody: the next path, or the default, has its turn, as where it is missing. */
function withoutBlank(plan: RecipientPlan): RecipientPlan {
  if (plan.kind === 'literal' || plan.kind === 'object' || plan.kind === 'list') return plan;
  const hasOther = 'default' in plan || ('paths' in plan && plan.paths.length > 1);
  return hasOther ? { ...plan, missing: [...(plan.missing ?? []), ''] } : plan;
}

/** Objects, lists inside the list, and literals that are no id never give one. */
function canGiveIds(plan: RecipientPlan): boolean {
  if (plan.kind === 'object' || plan.kind === 'list') return false;
  if (plan.kind !== 'literal') return true;
  const items: readonly unknown[] = Array.isArray(plan.value) ? plan.value : [plan.value];
  return items.every((item) => ['string', 'number', 'bigint'].includes(typeof item));
}
