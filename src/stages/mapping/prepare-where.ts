/**
 * `where`, the compiler's half: one condition on an element or a list of them in, plans and what they read out. Checked here,
 * as an expression may stand wherever a mapping has a value, where no schema tells it from an object.
 */

import type { Condition } from '../../generated/connector.ts';
import { prepareCondition } from '../conditions/prepare-condition.ts';
import { splitRoot } from '../json/json-path.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { ConditionPlan, Operand } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import { type ExpressionRead, invalid, lookUp, quote, type Surroundings } from './prepared.ts';

export interface PreparedWhere {
  readonly plans: readonly ConditionPlan[];
  /** Paths on the element. */
  readonly inside: readonly ExpressionRead[];
  /** Paths from the whole body, and those of named values. */
  readonly outside: readonly ExpressionRead[];
}

const COMPARISONS = ['equals', 'in', 'prefix', 'exists', 'notEquals', 'notIn', 'above', 'below', 'contains'];
const REFERRING = ['equals', 'notEquals', 'above', 'below'];

/** Compiles what stands under `where`; null when something was reported. */
export function prepareWhere(
  spec: unknown,
  pointer: string,
  report: Report,
  around: Surroundings,
): PreparedWhere | null {
  const specs: readonly unknown[] = Array.isArray(spec) ? spec : [spec];
  if (specs.length === 0 || specs.length > 32)
    return invalid(
      report,
      pointer,
      '`where` takes one condition or a list of up to 32, such as { path: $.primary, equals: true }',
    );
  const inside: ExpressionRead[] = [];
  const outside: ExpressionRead[] = [];
  const plans = specs.map((one, index) => {
    const place = Array.isArray(spec) ? pointerTo(pointer, index) : pointer;
    if (!checkCondition(one, place, report, true)) return null;
    const plan = prepareCondition(one as Condition, place, [], report);
    if (plan === null) return null;
    return collectReads(one as Condition, place, { inside, outside }, report, around) ? plan : null;
  });
  const found = plans.filter((plan) => plan !== null);
  return found.length === plans.length ? { plans: found, inside, outside } : null;
}

/** What a schema would say of it. */
function checkCondition(
  spec: unknown,
  pointer: string,
  report: Report,
  mayBeAny: boolean,
): spec is Condition {
  if (!isJsonObject(spec)) {
    invalid(report, pointer, `${quote(spec)} is not a condition; write { path: $.primary, equals: true }`);
    return false;
  }
  if (mayBeAny && Object.hasOwn(spec, 'any')) {
    const { any } = spec;
    if (Object.keys(spec).length === 1 && Array.isArray(any) && any.length > 0 && any.length <= 32)
      return any
        .map((one, index) => checkCondition(one, pointerTo(pointerTo(pointer, 'any'), index), report, false))
        .every(Boolean);
    invalid(report, pointer, '`any` stands alone, with a list of conditions of which one must hold');
    return false;
  }
  const keys = Object.keys(spec);
  const unknown = keys.find((key) => key !== 'path' && key !== 'header' && !COMPARISONS.includes(key));
  if (unknown !== undefined) {
    invalid(
      report,
      pointerTo(pointer, unknown),
      `${quote(unknown)} is no part of a condition; use ${COMPARISONS.join(', ')}`,
    );
    return false;
  }
  const places = keys.filter((key) => key === 'path' || key === 'header');
  const comparisons = keys.filter((key) => COMPARISONS.includes(key));
  if (places.length !== 1 || comparisons.length !== 1 || typeof spec[places[0] as string] !== 'string') {
    const message = `a condition names one path (or header) of the element and has one of ${COMPARISONS.join(', ')}`;
    invalid(report, pointer, message);
    return false;
  }
  return checkOperand(spec, comparisons[0] as string, pointer, report);
}

function checkOperand(spec: JsonObject, word: string, pointer: string, report: Report): boolean {
  const value = spec[word];
  const isScalar = (one: unknown) => one === null || typeof one !== 'object';
  const isReference =
    REFERRING.includes(word) &&
    isJsonObject(value) &&
    Object.keys(value).length === 1 &&
    (typeof value.path === 'string' || typeof value.use === 'string');
  const isFit =
    word === 'in' || word === 'notIn'
      ? Array.isArray(value) && value.length > 0 && value.length <= 200 && value.every(isScalar)
      : word === 'exists'
        ? typeof value === 'boolean'
        : word === 'prefix'
          ? typeof value === 'string' && value !== ''
          : isReference || isScalar(value);
  if (isFit) return true;
  const wanted = {
    in: 'a list of values',
    notIn: 'a list of values',
    exists: 'true or false',
    prefix: 'a text',
  }[word];
  invalid(
    report,
    pointerTo(pointer, word),
    `${quote(value)} is not what \`${word}\` compares with; write ${wanted ?? 'a value, or { path: $$.id } for one that is read elsewhere'}`,
  );
  return false;
}

function collectReads(
  spec: Condition,
  pointer: string,
  into: { readonly inside: ExpressionRead[]; readonly outside: ExpressionRead[] },
  report: Report,
  around: Surroundings,
): boolean {
  if (spec.any !== undefined)
    return spec.any
      .map((one, index) =>
        collectReads(one, pointerTo(pointerTo(pointer, 'any'), index), into, report, around),
      )
      .every(Boolean);
  const add = (text: string, place: string): void => {
    const { isRoot, path } = splitRoot(text);
    const read = { paths: [path], required: false, optional: !isRoot, pointer: place };
    if (!isRoot) into.inside.push(read);
    else into.outside.push(around.isBatch ? { ...read, root: true } : read);
  };
  if (spec.path !== undefined) add(spec.path, pointerTo(pointer, 'path'));
  let isRight = true;
  for (const word of REFERRING) {
    const operand = (spec as Readonly<Record<string, Operand | undefined>>)[word];
    if (typeof operand !== 'object' || operand === null) continue;
    const place = pointerTo(pointerTo(pointer, word), 'path' in operand ? 'path' : 'use');
    if ('path' in operand) add(operand.path, place);
    else {
      const prepared = lookUp(operand.use, place, report, around);
      if (prepared === null) isRight = false;
      else into.outside.push(...prepared.reads);
    }
  }
  return isRight;
}
