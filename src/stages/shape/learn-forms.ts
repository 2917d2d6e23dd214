/**
 * Adds to a shape what the texts that the mapping reads look like: samples, paths and the merged shape in, the shape with
 * forms at these places out. Elements of a list count together. Where keys are data, or a path descends, nothing is learned.
 */
import type { Segment } from '../json/json-path-grammar.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { Form, Shape } from '../plans.ts';
import { formOf } from './forms.ts';
import { segmentsOf } from './path-steps.ts';
import { memberShape } from './shape-steps.ts';

/** The shape with the forms of what each path leads to; the same for the same samples, whatever their order. */
export function learnForms(shape: Shape, paths: readonly string[], payloads: readonly JsonValue[]): Shape {
  return [...new Set(paths)].reduce((learned, path) => addForms(learned, segmentsOf(path), payloads), shape);
}

/** The same shape without any forms. */
export function withoutForms({ forms: _forms, members, values, items, ...own }: Shape): Shape {
  return {
    ...own,
    ...(members && {
      members: Object.fromEntries(
        Object.entries(members).map(([name, member]) => [name, withoutForms(member)]),
      ),
    }),
    ...(values && { values: withoutForms(values) }),
    ...(items && { items: withoutForms(items) }),
  };
}

function addForms(shape: Shape, segments: readonly Segment[], values: readonly JsonValue[]): Shape {
  const [segment, ...rest] = segments;
  if (segment === undefined) return withForms(shape, values);
  if (segment.kind === 'name') {
    const member = memberShape(shape, segment.name);
    if (member === undefined) return shape;
    const inside = values.flatMap((value) =>
      isJsonObject(value) && Object.hasOwn(value, segment.name) ? [value[segment.name] as JsonValue] : [],
    );
    return { ...shape, members: { ...shape.members, [segment.name]: addForms(member, rest, inside) } };
  }
  const isElement = segment.kind === 'index' || segment.kind === 'slice' || segment.kind === 'wildcard';
  // A wildcard may mean members as well: they differ from each other.
  if (!isElement || shape.items === undefined || shape.types.includes('object')) return shape;
  return { ...shape, items: addForms(shape.items, rest, elementsOf(values)) };
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
