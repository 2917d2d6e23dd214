/**
 * A read of those elements of a list for which conditions hold: the others may have whatever they like there. A plan and
 * the shape of the payload in, a judge as of any other read out; the elements are judged by their own part of the shape.
 */
import { compilePath } from '../json/compile-path.ts';
import { parsePath } from '../json/json-path.ts';
import type { JsonValue } from '../json/json-value.ts';
import { Scope } from '../mapping/scope.ts';
import { compileConditions } from '../match-when.ts';
import type { ChosenPlan, ConditionPlan, Shape } from '../plans.ts';
import { headersFromRaw } from '../request.ts';
import { keysOf } from './path-steps.ts';
import type { ReadFault, ReadGrade, ReadJudge, ReadPlan } from './read.ts';
import { memberShape } from './shape-steps.ts';
import type { Trail } from './trail.ts';

const ANYTHING: Shape = { types: [] };
const NO_HEADERS = headersFromRaw([]);

export function compileChosen(
  { chosen = [], ...inner }: ReadPlan,
  shape: Shape,
  compileRead: (plan: ReadPlan, shape: Shape) => ReadJudge,
): ReadJudge {
  const [first, ...deeper] = chosen;
  if (first === undefined) return compileRead(inner, shape);
  const plan = deeper.length === 0 ? inner : { ...inner, chosen: deeper };
  const select = compileSelection(first);
  const onElement = compileRead(plan, elementShape(shape, first.path));
  // One of several elements without it leaves the others.
  const lenient = compileRead({ ...plan, required: false }, elementShape(shape, first.path));
  // Where nobody is chosen, the list itself may be missing, or renamed.
  const list = compileRead({ ...inner, paths: [first.path], shallow: true }, shape);
  const gradeAll = (elements: readonly JsonValue[], root: JsonValue): ReadGrade | null => {
    const judge = elements.length > 1 ? lenient : onElement;
    const grades = elements.map((element) => judge.grade(element, root));
    return grades.includes('pause') ? 'pause' : grades.includes('hold') ? 'hold' : null;
  };
  return {
    plan: { ...inner, chosen },
    grade: (payload, root = payload) => {
      const elements = select(payload, root);
      const isLooked = elements.length === 0 && inner.whenMissing === 'ignore';
      return isLooked ? list.grade(payload) : gradeAll(elements, root);
    },
    fault: (payload, root = payload) => {
      const elements = select(payload, root);
      if (elements.length === 0 && inner.whenMissing === 'ignore') return list.fault(payload);
      const faulty =
        elements.find((element) => onElement.grade(element, root) !== null) ?? elements[0] ?? null;
      return placeFault(onElement.fault(faulty, root), first.path);
    },
    isGone: (payload, root = payload) => {
      const elements = select(payload, root);
      return elements.length === 0
        ? list.isGone(payload)
        : elements.every((element) => onElement.isGone(element, root));
    },
    // Where none is chosen there is nothing to lack.
    resolves: (payload, root = payload) =>
      select(payload, root).every((element) => onElement.resolves(element, root)),
  };
}

type Select = (payload: JsonValue, root: JsonValue) => readonly JsonValue[];

function compileSelection({ path: text, where }: ChosenPlan): Select {
  const path = compilePath(text);
  const matches = compileConditions(where);
  // What depends on headers or named values is not known here: then the elements are not judged.
  const isKnown = where.every(isOfBody);
  return (payload, root) => {
    if (!isKnown) return [];
    const found = path
      .all(payload)
      .flatMap((value) => (path.plain && Array.isArray(value) ? value : [value]));
    const elements = (found as readonly JsonValue[]).filter((value) => value !== null);
    if (where.length === 0) return elements;
    return elements.filter((element) => matches(new Scope(element, NO_HEADERS, root)).kind === 'match');
  };
}

function isOfBody({ header, any = [], ...comparison }: ConditionPlan): boolean {
  const uses = Object.values(comparison).some(
    (value: unknown) => typeof value === 'object' && value !== null && 'use' in value,
  );
  return header === undefined && !uses && any.every(isOfBody);
}

/** The shape of what the path leads to: of the elements, where it leads to a list as a whole. */
function elementShape(root: Shape, text: string): Shape {
  const parsed = parsePath(text);
  if (!parsed.ok) return ANYTHING;
  let shape: Shape | undefined = root;
  for (const segment of parsed.segments) {
    if (shape === undefined) return ANYTHING;
    const [key, ...others]: readonly string[] = keysOf(segment);
    if (segment.kind === 'descent' || others.length > 0) return ANYTHING;
    if (shape.types.includes('array') && shape.types.length === 1) shape = shape.items;
    else shape = shape.values ?? (key === undefined ? undefined : memberShape(shape, key));
  }
  if (shape === undefined) return ANYTHING;
  return parsed.plain && shape.types.length === 1 && shape.types[0] === 'array'
    ? (shape.items ?? ANYTHING)
    : shape;
}

function placeFault({ mismatch, path, alternatives }: ReadFault, list: string): ReadFault {
  const place = (inside: string) => `${list}${inside.slice(1)}`;
  if (mismatch === undefined) return { mismatch, path: place(path), alternatives: alternatives.map(place) };
  const trail = [...trailOf(list), ...mismatch.trail];
  return { mismatch: { ...mismatch, trail }, path: place(path), alternatives: alternatives.map(place) };
}

/** The way to an element, without saying which of them. */
function trailOf(list: string): Trail {
  const parsed = parsePath(list);
  if (!parsed.ok) return [];
  const steps = parsed.segments.map((segment) => {
    if (segment.kind === 'name') return segment.name;
    return segment.kind === 'index' ? segment.index : null;
  });
  return parsed.plain ? [...steps, null] : steps;
}
