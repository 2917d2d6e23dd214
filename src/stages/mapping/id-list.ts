/**
 * Lists of ids (users, streams): one expression or a list of them becomes plans, and the plans a function that gives
 * distinct texts. Tells "the lists are empty" from "the ids are missing": only the first is a reason to tell nobody.
 */

import { stringifyJson } from '../json/json-text.ts';
import type { ExpressionPlan } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import { describeSource } from './describe-source.ts';
import { type CompiledExpression, compileExpression } from './expression.ts';
import { prepareExpression } from './prepare-expression.ts';
import { ALONE, type ExpressionRead, type Surroundings } from './prepared.ts';
import type { Scope } from './scope.ts';

export interface PreparedIds {
  readonly plans: readonly ExpressionPlan[];
  readonly reads: readonly ExpressionRead[];
}

export type IdsResult =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** There is nobody in the lists. */
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
  const plans: ExpressionPlan[] = [];
  const reads: ExpressionRead[] = [];
  for (const [index, one] of specs.entries()) {
    const place = Array.isArray(spec) ? pointerTo(pointer, index) : pointer;
    const prepared = prepareExpression(one, place, report, around);
    if (prepared === null) continue;
    if (!canGiveIds(prepared.plan)) {
      const message = `${one === undefined ? 'nothing' : stringifyJson(one)} gives no ids; write a path such as "$.user.id", or an id`;
      report({ code: 'expression-invalid', pointer: place, message });
      continue;
    }
    plans.push(prepared.plan);
    reads.push(...prepared.reads.map((read) => ({ ...read, required: required && !read.optional })));
  }
  return plans.length === specs.length ? { plans, reads } : null;
}

/** Makes the function that collects the ids, in order and without repeats. */
export function compileIds(plans: readonly ExpressionPlan[], field: string): (scope: Scope) => IdsResult {
  const sources = plans.map((plan) => compileSource(plan, field));
  const names = plans.map(describeSource).join(', ');
  const missing: IdsResult = { kind: 'missing', message: `${field}: ${names} gives no id` };
  return (scope) => {
    const ids = new Set<string>();
    let isMissing = false;
    for (const { evaluate, noId } of sources) {
      const result = evaluate(scope);
      if (result.kind === 'failed') return result;
      if (result.kind === 'absent') isMissing = true;
      if (result.kind !== 'value') continue;
      const items: readonly unknown[] = Array.isArray(result.value) ? result.value : [result.value];
      for (const item of items) {
        if (typeof item === 'string') {
          // A blank text names nobody, as null does.
          if (item.trim() === '') isMissing = true;
          else ids.add(item);
        } else if (typeof item === 'number') ids.add(String(item));
        else if (item !== null) return noId;
        else isMissing = true;
      }
    }
    if (ids.size > 0) return { kind: 'ids', ids: [...ids] };
    return isMissing ? missing : { kind: 'empty' };
  };
}

function compileSource(
  plan: ExpressionPlan,
  field: string,
): { evaluate: CompiledExpression; noId: IdsResult } {
  const message = `${field}: ${describeSource(plan)} gives something other than a text or a number`;
  return { evaluate: compileExpression(plan, field), noId: { kind: 'failed', message } };
}

/** Objects, lists inside the list, and literals that are no id never give one. */
function canGiveIds(plan: ExpressionPlan): boolean {
  if (plan.kind === 'object' || plan.kind === 'list') return false;
  if (plan.kind !== 'literal') return true;
  const items: readonly unknown[] = Array.isArray(plan.value) ? plan.value : [plan.value];
  return items.every((item) => ['string', 'number', 'bigint'].includes(typeof item));
}
