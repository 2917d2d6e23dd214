/**
 * Where a value comes from, and finding in it: paths in turn, headers, lists, named values. A plan in, a function from a
 * request to what is there out. Of alternatives the first with something left wins.
 */

import { MAX_PATH_RESULTS } from '../json/compile-path.ts';
import { exactMember } from '../json/exact-number.ts';
import type { JsonValue } from '../json/json-value.ts';
import { compileConditions } from '../match-when.ts';
import type { ExpressionPlan, StepsPlan } from '../plans.ts';
import type { CompileInner } from './each.ts';
import {
  compileScoped,
  EMPTY,
  Failed,
  type Found,
  isPresent,
  Many,
  MISSING,
  type Scope,
  type ScopedPath,
} from './scope.ts';
import { compileMissing } from './steps.ts';

type Plan<Kind extends ExpressionPlan['kind']> = Extract<ExpressionPlan, { kind: Kind }>;
export type Read = (scope: Scope) => Found;
/** What `where`, `get` and `missing` leave. */
type Find = (found: JsonValue | Many, scope: Scope) => Found;

/** Steps that look into lists, so that a list which a plain path leads to is laid flat too. */
const LIST_STEPS = [
  'where',
  'get',
  'separator',
  'case',
  'except',
  'pick',
  'map',
  'bands',
  'point',
  'decimals',
  'shift',
  'join',
  'count',
  'sum',
] as const satisfies readonly (keyof StepsPlan)[];

function looksIntoLists(plan: StepsPlan): boolean {
  return LIST_STEPS.some((step) => plan[step] !== undefined) || plan.as === 'date' || plan.as === 'url';
}

export function compilePaths(plan: Plan<'path'>, inner: CompileInner): Read {
  const find = compileFind(plan, inner);
  const isFlat = looksIntoLists(plan);
  const alternatives = plan.paths.map(compileScoped);
  const [only] = alternatives;
  // Nearly all expressions are this one.
  if (only !== undefined && alternatives.length === 1 && only.plain && find === null && !isFlat)
    return (scope) => only.firstExact(only.of(scope)) ?? MISSING;
  const tooMany = new Failed(`names more than ${MAX_PATH_RESULTS} values`);
  return (scope) => {
    let isEmpty = false;
    for (const path of alternatives) {
      const read = readPath(path, isFlat, scope);
      if (read instanceof Many && read.values.length > MAX_PATH_RESULTS) return tooMany;
      const found = find === null || !isPresent(read) ? read : find(read, scope);
      if (isPresent(found) || found instanceof Failed) return found;
      isEmpty ||= found === EMPTY;
    }
    return isEmpty ? EMPTY : MISSING;
  };
}

function readPath(
  path: ScopedPath,
  isFlat: boolean,
  scope: Scope,
): JsonValue | Many | typeof MISSING | typeof EMPTY {
  const from = path.of(scope);
  if (path.plain) {
    const value = path.firstExact(from);
    if (value === undefined || value === null) return MISSING;
    if (!isFlat || !Array.isArray(value)) return value;
    return value.length === 0 ? EMPTY : withoutNulls(exactElements(value));
  }
  const all = path.allExact(from);
  if (all.length > 0) return withoutNulls(all);
  return path.isEmpty(from) ? EMPTY : MISSING;
}

function exactElements(list: readonly JsonValue[]): readonly JsonValue[] {
  return list.map((value, index) => exactMember(list, String(index), value));
}

function withoutNulls(all: readonly JsonValue[]): Many | typeof MISSING {
  const values = all.includes(null) ? all.filter((value) => value !== null) : all;
  return values.length === 0 ? MISSING : new Many(values);
}

function compileFind(plan: StepsPlan, inner: CompileInner): Find | null {
  const { where, get } = plan;
  const isAbsent = compileMissing(plan);
  const matches = where === undefined ? null : compileConditions(where);
  const read = get === undefined ? null : inner(get, 'get');
  if (matches === null && read === null && isAbsent === null) return null;
  return (found, scope) => {
    const elements = found instanceof Many ? found.values : [found];
    const kept: JsonValue[] = [];
    let chosen = 0;
    for (const element of elements) {
      const inside = matches === null && read === null ? scope : scope.at(element);
      if (matches !== null) {
        const result = matches(inside);
        if (result.kind === 'missing') return new Failed(describeUnclear(result.differences[0]?.path));
        if (result.kind === 'differs') continue;
      }
      chosen += 1;
      const value = read === null ? element : read(inside);
      if (value instanceof Failed) return value;
      if (!isPresent(value)) continue;
      for (const one of value instanceof Many ? value.values : [value])
        if (isAbsent?.(one) !== true) kept.push(one);
    }
    if (kept.length === 0) return chosen === 0 ? EMPTY : MISSING;
    return found instanceof Many || kept.length > 1 ? new Many(kept) : (kept[0] as JsonValue);
  };
}

function describeUnclear(path = 'a value'): string {
  return `has an element whose "${path}" cannot be compared`;
}

export function compileHeader(plan: Plan<'header'>, inner: CompileInner): Read {
  const find = compileFind(plan, inner);
  return (scope) => {
    const values = scope.headers.all(plan.name);
    if (values.length === 0) return MISSING;
    const text = values.join(', ');
    return find === null ? text : find(text, scope);
  };
}

export function compileGather(plan: Plan<'gather'>, inner: CompileInner): Read {
  const find = compileFind(plan, inner);
  const items = plan.items.map((item, index) => inner(item, `list[${index}]`));
  return (scope) => {
    const values: JsonValue[] = [];
    let isMissing = false;
    for (const read of items) {
      const found = read(scope);
      if (found instanceof Failed) return found;
      if (found === MISSING) isMissing = true;
      else if (found instanceof Many) values.push(...found.values);
      else if (Array.isArray(found)) values.push(...(found as JsonValue[]).filter((value) => value !== null));
      else if (isPresent(found)) values.push(found);
    }
    if (values.length === 0) return isMissing ? MISSING : EMPTY;
    const all = new Many(values);
    return find === null ? all : find(all, scope);
  };
}

export function compileUse(plan: Plan<'use'>, inner: CompileInner): Read {
  const find = compileFind(plan, inner);
  return (scope) => {
    const found = scope.named?.get(plan.name) ?? MISSING;
    return find === null || !isPresent(found) ? found : find(found, scope);
  };
}
