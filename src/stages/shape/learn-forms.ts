/**
 * Adds to a shape what the texts that the mapping reads look like: samples, paths and the merged shape in, the shape with
 * forms at these places out. Elements of a list count together. Where keys are data, or a path descends, nothing is learned.
 */
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { Form, Shape } from '../plans.ts';
import { formOf } from './forms.ts';
import { type PathRest, segmentsOf } from './path-steps.ts';
import { memberShape } from './shape-steps.ts';

/** The shape with the forms of what each path leads to; the same for the same samples, whatever their order. */
export function learnForms(shape: Shape, paths: readonly string[], payloads: readonly JsonValue[]): Shape {
  return addForms(shape, [...new Set(paths)].map(segmentsOf), payloads);
}

/** The same shape without any forms; what has none stays the same object. */
export function withoutForms(shape: Shape): Shape {
  const { forms, members, values, items, ...own } = shape;
  const membersWithout = members && membersWithoutForms(members);
  const valuesWithout = values && withoutForms(values);
  const itemsWithout = items && withoutForms(items);
  const isSame = membersWithout === members && valuesWithout === values && itemsWithout === items;
  if (forms === undefined && isSame) return shape;
  return {
    ...own,
    ...(membersWithout && { members: membersWithout }),
    ...(valuesWithout && { values: valuesWithout }),
    ...(itemsWithout && { items: itemsWithout }),
  };
}

type Members = Readonly<Record<string, Shape>>;

function membersWithoutForms(members: Members): Members {
  const changed: [string, Shape][] = [];
  for (const name of Object.keys(members)) {
    const member = members[name] as Shape;
    const without = withoutForms(member);
    if (without !== member) changed.push([name, without]);
  }
  return changed.length === 0 ? members : { ...members, ...Object.fromEntries(changed) };
}

/** All paths at once: an object with many members is copied once, not for each path through it. */
function addForms(shape: Shape, paths: readonly PathRest[], values: readonly JsonValue[]): Shape {
  const formed = paths.some((rest) => rest.length === 0) ? withForms(shape, values) : shape;
  const members = membersWithForms(formed, paths, values);
  // A wildcard may mean members as well: they differ from each other.
  const elements =
    formed.items === undefined || formed.types.includes('object') ? [] : paths.filter(isElement);
  return {
    ...formed,
    ...(members && { members }),
    ...(elements.length > 0 && {
      items: addForms(
        formed.items as Shape,
        elements.map((rest) => rest.slice(1)),
        elementsOf(values),
      ),
    }),
  };
}

function membersWithForms(
  shape: Shape,
  paths: readonly PathRest[],
  values: readonly JsonValue[],
): Members | undefined {
  const named = Map.groupBy(paths, ([segment]) => (segment?.kind === 'name' ? segment.name : null));
  const formed = [...named].flatMap(([name, rests]): readonly [string, Shape][] => {
    const member = name === null ? undefined : memberShape(shape, name);
    if (name === null || member === undefined) return [];
    const inside = values.flatMap((value) =>
      isJsonObject(value) && Object.hasOwn(value, name) ? [value[name] as JsonValue] : [],
    );
    return [
      [
        name,
        addForms(
          member,
          rests.map((rest) => rest.slice(1)),
          inside,
        ),
      ],
    ];
  });
  return formed.length === 0 ? shape.members : { ...shape.members, ...Object.fromEntries(formed) };
}

function isElement([segment]: PathRest): boolean {
  return segment?.kind === 'index' || segment?.kind === 'slice' || segment?.kind === 'wildcard';
}

function withForms(shape: Shape, values: readonly JsonValue[]): Shape {
  const forms = new Set<Form>(values.flatMap((value) => formOf(value) ?? []));
  const { items } = shape;
  const isList = items !== undefined && !items.types.includes('object');
  return {
    ...shape,
    ...(forms.size > 0 && { forms: [...forms].sort() }),
    ...(isList && { items: withForms(items, elementsOf(values)) }),
  };
}

function elementsOf(values: readonly JsonValue[]): readonly JsonValue[] {
  return values.flatMap((value) => (Array.isArray(value) ? value : []));
}
