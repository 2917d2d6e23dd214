/**
 * The list of mappable properties: sample payloads in, every path that a mapping can use out, with its type and an example.
 * Shows values of samples, so it is for authors, never for what a runtime receives.
 */

import { parsePath } from '../json/json-path.ts';
import { formatName } from '../json/json-path-grammar.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { Shape } from '../plans.ts';
import { describeShape } from './json-type.ts';
import { learnShape } from './learn.ts';
import { takesNull } from './shape-steps.ts';

export interface Property {
  /** JSONPath, ready to paste into a mapping. */
  readonly path: string;
  /** Such as "string", "number or null", "list". */
  readonly type: string;
  /** The first sample's value as JSON text, cut at MAX_EXAMPLE characters. */
  readonly example: string;
  /** Missing or null in a sample. */
  readonly optional: boolean;
}

/** Longest example, in UTF-16 units. */
export const MAX_EXAMPLE = 60;

/** Lists the properties in the order of the samples. `maps` as in learnShape: their values are shown once, as [*]. */
export function listProperties(payloads: readonly JsonValue[], maps: readonly string[] = []): Property[] {
  const properties: Property[] = [];
  if (payloads.length > 0) list(properties, '$', learnShape(payloads, maps), payloads, false);
  return properties;
}

/** Adds the properties inside the values that the samples have at one path. */
function list(
  into: Property[],
  path: string,
  shape: Shape,
  found: readonly JsonValue[],
  isOptional: boolean,
): void {
  for (const { step, inner, values, mayMiss } of stepsInto(shape, found)) {
    const optional = isOptional || mayMiss || takesNull(inner);
    const below = `${path}${step}`;
    // Names such as __proto__ can be data, but never be mapped.
    if (parsePath(below).ok) {
      into.push({ path: below, type: describeProperty(inner), example: exampleOf(values), optional });
    }
    list(into, below, inner, values, optional);
  }
}

interface StepInto {
  readonly step: string;
  readonly inner: Shape;
  readonly values: readonly JsonValue[];
  readonly mayMiss: boolean;
}

function stepsInto(shape: Shape, found: readonly JsonValue[]): readonly StepInto[] {
  const steps: StepInto[] = [];
  const objects = found.filter(isJsonObject);
  if (shape.values !== undefined) {
    const values = objects.flatMap((object) => Object.values(object));
    steps.push({ step: '[*]', inner: shape.values, values, mayMiss: false });
  }
  const names = new Set(objects.flatMap((object) => Object.keys(object)));
  for (const name of shape.members === undefined ? [] : names) {
    steps.push({
      step: formatName(name),
      inner: shape.members?.[name] as Shape,
      values: objects.flatMap((object) => (Object.hasOwn(object, name) ? [object[name] as JsonValue] : [])),
      mayMiss: shape.optional?.includes(name) === true,
    });
  }
  if (shape.items !== undefined) {
    const values = found.flatMap((value) => (Array.isArray(value) ? (value as readonly JsonValue[]) : []));
    steps.push({ step: '[*]', inner: shape.items, values, mayMiss: false });
  }
  return steps;
}

function describeProperty(shape: Shape): string {
  const isOnlyNull = shape.types.length === 0 && shape.nullable === true;
  return isOnlyNull ? 'only null in the samples' : describeShape(shape);
}

/** The first value other than null, if there is one. */
function exampleOf(values: readonly JsonValue[]): string {
  const text = writeShort(values.find((value) => value !== null) ?? null, MAX_EXAMPLE + 1);
  return text.length <= MAX_EXAMPLE ? text : `${text.slice(0, MAX_EXAMPLE - 3).toWellFormed()}...`;
}

/** JSON text of a value, or at least the first `limit` characters of it. */
function writeShort(value: JsonValue, limit: number): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(typeof value === 'string' ? value.slice(0, limit) : value);
  }
  const isList = Array.isArray(value);
  let text = isList ? '[' : '{';
  for (const [key, member] of Object.entries(value)) {
    if (text.length > limit) break;
    if (text.length > 1) text += ',';
    if (!isList) text += `${JSON.stringify(key)}:`;
    text += writeShort(member as JsonValue, limit);
  }
  return text + (isList ? ']' : '}');
}
