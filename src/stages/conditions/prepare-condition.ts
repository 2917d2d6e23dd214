/**
 * Conditions of the connector file become plans. In: what stands under `when`, `where` and the like, valid by its schema or
 * checked here; samples, for what each of them has. Reports comparisons that could never hold, whatever arrives.
 */
import type { Comparison, Condition } from '../../generated/connector.ts';
import { compilePath } from '../json/compile-path.ts';
import { parseScopedPath, splitRoot } from '../json/json-path.ts';
import { stringifyJson } from '../json/json-text.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { readDecimal } from '../mapping/decimal.ts';
import type { ConditionPlan, Operand } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import type { RequestHeaders } from '../request.ts';
import { isReference } from './compare.ts';
import { knownAlong } from './new-member.ts';

/** What a condition is judged on: a sample's body, or an element of it. */
export interface ConditionSubject {
  readonly body: JsonValue;
  readonly headers: RequestHeaders;
  /** The whole body where `body` is a part of it. */
  readonly root?: JsonValue;
}

/** Compiles a condition that is valid by its schema; null when something was reported. */
export function prepareCondition(
  spec: Condition,
  pointer: string,
  samples: readonly ConditionSubject[],
  report: Report,
): ConditionPlan | null {
  if (spec.any !== undefined) {
    const plans = spec.any.map((one, index) =>
      prepareComparison(one, pointerTo(pointerTo(pointer, 'any'), index), samples, report),
    );
    const any = plans.filter((plan) => plan !== null);
    return any.length === plans.length ? { any, inEverySample: false } : null;
  }
  return prepareComparison(spec, pointer, samples, report);
}

function prepareComparison(
  spec: Comparison,
  pointer: string,
  samples: readonly ConditionSubject[],
  report: Report,
): ConditionPlan | null {
  const { path, header, ...comparison } = spec;
  const areComparable = checkComparison(spec, pointer, report);
  if (header !== undefined) {
    const name = header.toLowerCase();
    const inEverySample = samples.length > 0 && samples.every(({ headers }) => headers.all(name).length > 0);
    return areComparable ? { header: name, ...(comparison as object), inEverySample } : null;
  }
  const text = path ?? '';
  if (!checkPath(text, pointerTo(pointer, 'path'), report) || !areComparable) return null;
  const { isRoot, path: inside } = splitRoot(text);
  const { all } = compilePath(inside);
  const bodies = samples.map((sample) => (isRoot ? (sample.root ?? sample.body) : sample.body));
  const inEverySample =
    samples.length > 0 && bodies.every((body) => all(body).some((value) => value !== null));
  const known = spec.exists === true && samples.length > 0 ? knownAlong(inside, bodies) : undefined;
  return {
    path: text,
    ...(comparison as object),
    inEverySample,
    ...(known === undefined ? {} : { known }),
  };
}

function checkPath(text: string, pointer: string, report: Report): boolean {
  const parsed = parseScopedPath(text);
  if (parsed.ok) return true;
  const { code, message, offset, length } = parsed;
  report({ code, pointer, message, within: { offset, length } });
  return false;
}

/** Comparisons that could never hold, or that nobody could judge. */
function checkComparison(spec: Comparison, pointer: string, report: Report): boolean {
  const { equals, notEquals, above, below } = spec;
  const listed = (name: 'in' | 'notIn') =>
    (spec[name] ?? []).map((value, index) => [pointerTo(pointerTo(pointer, name), index), value] as const);
  const single = (name: string, value: unknown) =>
    value === undefined ? [] : [[pointerTo(pointer, name), value] as const];
  const candidates: readonly (readonly [pointer: string, value: unknown])[] = [
    ...single('equals', equals),
    ...single('notEquals', notEquals),
    ...listed('in'),
    ...listed('notIn'),
  ];
  let isRight = true;
  const refuse = (place: string, message: string): void => {
    isRight = false;
    report({ code: 'value-invalid', pointer: place, message });
  };
  for (const [place, value] of candidates) {
    if (isReference(value as Operand)) continue;
    if (value === null && /\/not(?:Equals|In)(?:\/\d+)?$/.test(place))
      refuse(place, 'null counts as missing; write exists: true');
    else if (spec.header !== undefined && typeof value !== 'string')
      refuse(place, `${String(value)} is not a text, but a header always is; put it in quotes`);
    else if (Number.isInteger(value) && !Number.isSafeInteger(value))
      refuse(place, `${String(value)} is too large to be compared exactly`);
  }
  for (const [name, value] of Object.entries({ above, below })) {
    if (value === undefined || isReference(value as Operand)) continue;
    if (readDecimal(value as JsonValue) === undefined)
      refuse(
        pointerTo(pointer, name),
        `${stringifyJson(value)} is not a number; write one, such as 100 or "0.50"`,
      );
    else if (Number.isInteger(value) && !Number.isSafeInteger(value))
      refuse(
        pointerTo(pointer, name),
        `${String(value)} is too large to be compared exactly as a number; write it in quotes`,
      );
  }
  for (const [name, value] of Object.entries({ equals, notEquals, above, below })) {
    if (!isJsonObject(value) || typeof value.path !== 'string') continue;
    if (!checkPath(value.path, pointerTo(pointerTo(pointer, name), 'path'), report)) isRight = false;
  }
  return isRight;
}
