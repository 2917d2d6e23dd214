/**
 * The steps of an expression, the compiler's half: the words beside a source in, their plan and what they read out. Reports
 * words that are not understood, and steps that could only fail or do nothing.
 */
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { ExpressionPlan, StepsPlan } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import { readDuration } from './duration.ts';
import { type PreparedWhere, prepareWhere } from './prepare-where.ts';
import { CONVERSIONS, prepareDefault, prepareLookups } from './prepare-words.ts';
import {
  type ExpressionRead,
  invalid,
  type PreparedExpression,
  type PrepareExpression,
  quote,
  type Surroundings,
} from './prepared.ts';

/** In the order in which they run. */
export const STEP_NAMES: readonly string[] = [
  'where',
  'get',
  'missing',
  'separator',
  'case',
  'except',
  'pick',
  'map',
  'bands',
  'point',
  'decimals',
  'as',
  'plus',
  'minus',
  'join',
  'count',
  'sum',
  'limit',
  'default',
];

export interface PreparedSteps {
  readonly plan: StepsPlan;
  /** Of what the steps bring in: exceptions, currencies, `$$` in conditions. */
  readonly reads: readonly ExpressionRead[];
  readonly hasDefault: boolean;
  /** where or get: the source's own read is of the list alone. */
  readonly choosesElements: boolean;
  /** Elements are counted, not looked at. */
  readonly isShallow: boolean;
  /** What is read of the elements of a list. */
  readonly readsOf: (path: string, optional: boolean) => readonly ExpressionRead[];
  /** What the steps make of whatever came before; undefined: what it was. */
  readonly gives: PreparedExpression['gives'] | undefined;
}

type Source = 'path' | 'list' | 'template' | 'header' | 'use';

/** Compiles the words beside a source; null when something was reported. */
export function prepareSteps(
  spec: JsonObject,
  source: Source,
  pointer: string,
  report: Report,
  around: Surroundings,
  prepareExpression: PrepareExpression,
): PreparedSteps | null {
  let isRight = true;
  const refuse = (word: string, message: string): void => {
    isRight = false;
    invalid(report, pointerTo(pointer, word), message);
  };
  const watched: Report = (problem) => {
    isRight = false;
    report(problem);
  };
  const has = (word: string) => Object.hasOwn(spec, word);
  const plan: { -readonly [Name in keyof StepsPlan]: StepsPlan[Name] } = {};
  const reads: ExpressionRead[] = [];
  const take = (value: unknown, place: string): ExpressionPlan | undefined => {
    const prepared = prepareExpression(value, place, watched, around);
    if (prepared !== null) reads.push(...prepared.reads);
    return prepared?.plan;
  };

  let where: PreparedWhere | null = null;
  let get: PreparedExpression | null = null;
  if (has('where') || has('get')) {
    if (source === 'template' || source === 'header') {
      const word = has('where') ? 'where' : 'get';
      refuse(
        word,
        `\`${word}\` looks into a list, but ${source === 'header' ? 'a header' : 'a template'} is a text`,
      );
    }
    where = has('where') ? prepareWhere(spec.where, pointerTo(pointer, 'where'), watched, around) : null;
    if (where !== null) plan.where = where.plans;
    if (has('get')) {
      const inside: Surroundings = { ...around, isBatch: true };
      get = prepareExpression(spec.get, pointerTo(pointer, 'get'), watched, inside);
      if (
        get !== null &&
        (get.plan.kind === 'literal' || get.plan.kind === 'object' || get.plan.kind === 'list')
      )
        refuse('get', '`get` takes something of each element: a path such as $.email, or { template: ... }');
      if (get !== null) plan.get = get.plan;
    }
  }
  const texts = (word: string, isFit: (text: string) => boolean, wanted: string): string | undefined => {
    const value = spec[word];
    if (typeof value === 'string' && isFit(value)) return value;
    refuse(word, `${quote(value)} is not what \`${word}\` takes; write ${wanted}`);
    return undefined;
  };
  const count = (word: string, from: number, to: number): number | undefined => {
    const value = spec[word];
    if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
    refuse(word, `${quote(value)} is not what \`${word}\` takes; write a whole number from ${from} to ${to}`);
    return undefined;
  };
  const set = <Name extends keyof StepsPlan>(name: Name, value: StepsPlan[Name] | undefined): void => {
    if (value !== undefined) plan[name] = value;
  };

  if (has('missing')) {
    const list: readonly unknown[] = Array.isArray(spec.missing) ? spec.missing : [spec.missing];
    if (
      list.length > 0 &&
      list.length <= 100 &&
      list.every((one) => !isJsonObject(one) && !Array.isArray(one) && one !== null)
    )
      plan.missing = list.map(String);
    else refuse('missing', '`missing` takes the texts that count as absent, such as ["", "n/a"]');
  }
  if (has('separator'))
    set(
      'separator',
      texts('separator', (text) => text !== '', 'a text, such as ","'),
    );
  if (has('case')) {
    if (spec.case === 'lower' || spec.case === 'upper') plan.case = spec.case;
    else refuse('case', `${quote(spec.case)} is not a case; write lower or upper`);
  }
  if (has('except')) {
    const list: readonly unknown[] = Array.isArray(spec.except) ? spec.except : [spec.except];
    const plans = list.map((one, index) =>
      take(
        one,
        Array.isArray(spec.except)
          ? pointerTo(pointerTo(pointer, 'except'), index)
          : pointerTo(pointer, 'except'),
      ),
    );
    if (list.length === 0 || list.length > 100)
      refuse('except', '`except` takes paths or values, such as [$.actor.id]');
    plan.except = plans.filter((one) => one !== undefined);
  }
  if (has('pick')) {
    if (spec.pick === 'first' || spec.pick === 'last') plan.pick = spec.pick;
    else refuse('pick', `${quote(spec.pick)} is not what \`pick\` takes; write first or last`);
  }
  prepareLookups(spec, pointer, plan, watched);
  if (has('point')) {
    if (isJsonObject(spec.point) && Object.keys(spec.point).join() === 'currency') {
      const currency = take(spec.point.currency, pointerTo(pointerTo(pointer, 'point'), 'currency'));
      if (currency !== undefined) plan.point = currency;
    } else if (isJsonObject(spec.point)) {
      refuse('point', '`point` takes a number of digits, or { currency: $.currency }');
    } else set('point', count('point', 0, 20));
  }
  if (has('decimals')) set('decimals', count('decimals', 0, 20));
  if (has('as')) {
    if ((CONVERSIONS as readonly unknown[]).includes(spec.as))
      plan.as = spec.as as (typeof CONVERSIONS)[number];
    else refuse('as', `${quote(spec.as)} is not a conversion; use one of ${CONVERSIONS.join(', ')}`);
  }
  for (const word of ['plus', 'minus'] as const) {
    if (!has(word)) continue;
    const milliseconds = typeof spec[word] === 'string' ? readDuration(spec[word]) : undefined;
    if (milliseconds === undefined)
      refuse(
        word,
        `${quote(spec[word])} is not a duration of an exact length; write one such as PT2H or P1D (months and years differ in length)`,
      );
    else plan.shift = (plan.shift ?? 0) + (word === 'plus' ? milliseconds : -milliseconds);
    if (plan.as !== undefined && plan.as !== 'date-time' && plan.as !== 'date')
      refuse(word, `\`${word}\` gives a time: with it \`as\` is date-time or date`);
  }
  if (has('join'))
    set(
      'join',
      texts('join', () => true, 'the text between two elements, such as ", "'),
    );
  for (const word of ['count', 'sum'] as const) {
    if (!has(word)) continue;
    if (spec[word] === true) plan[word] = true;
    else refuse(word, `\`${word}\` takes true; leave it out otherwise`);
  }
  const wholes = ['join', 'count', 'sum'].filter(has);
  if (wholes.length > 1)
    refuse(wholes[1] as string, `the expression has ${wholes.map(quote).join(' and ')}; keep one of them`);
  if (has('limit')) set('limit', count('limit', 1, 10_000));
  if (has('default')) {
    const value = prepareDefault(spec, pointerTo(pointer, 'default'), watched);
    if (value !== undefined) plan.default = value.value;
  }
  if (!isRight) return null;
  const choosesElements = plan.where !== undefined || plan.get !== undefined;
  reads.push(
    ...(where?.outside ?? []),
    ...(get?.reads ?? []).filter((read) => read.root).map((read) => ofScope(read, around)),
  );
  const isOne = ['pick', 'join', 'count', 'sum'].some(has) || plan.as === 'json';
  const mayBeMany = Object.values(plan.map ?? {}).some(Array.isArray);
  return {
    plan,
    reads,
    hasDefault: 'default' in plan,
    choosesElements,
    isShallow: plan.count === true && !choosesElements && plan.map === undefined,
    readsOf: (path, optional) => readsOfElements(path, optional || 'default' in plan, where, get, pointer),
    gives: isOne
      ? mayBeMany && !wholes.length
        ? 'any'
        : 'one'
      : has('separator')
        ? 'many'
        : mayBeMany
          ? 'any'
          : undefined,
  };
}

/** A read of the whole body, as seen from here. */
function ofScope({ root: _, ...read }: ExpressionRead, { isBatch }: Surroundings): ExpressionRead {
  return isBatch ? { ...read, root: true } : read;
}

function readsOfElements(
  path: string,
  optional: boolean,
  where: PreparedWhere | null,
  get: PreparedExpression | null,
  pointer: string,
): readonly ExpressionRead[] {
  const all = { path, where: [] };
  const chosen = { path, where: where?.plans ?? [] };
  const compared = (where?.inside ?? []).map((read) => ({ ...read, optional: true, chosen: [all] }));
  if (get === null)
    return [
      ...compared,
      { paths: ['$'], required: false, optional, pointer: pointerTo(pointer, 'where'), chosen: [chosen] },
    ];
  const got = get.reads
    .filter((read) => !read.root)
    .map((read) => ({
      ...read,
      optional: read.optional || optional,
      chosen: [chosen, ...(read.chosen ?? [])],
    }));
  return [...compared, ...got];
}
