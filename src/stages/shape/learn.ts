/**
 * Samples in, their shape out: what they have in common. Neither the order of the samples nor that of their keys or list
 * elements changes the result, and no value gets into it. Bounded in depth and size: what lies beyond takes anything.
 */

import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Shape } from '../plans.ts';
import { jsonTypeOf, type ShapeType } from './json-type.ts';
import { limitShape } from './limit-shape.ts';
import { advance, type PathRest, segmentsOf } from './path-steps.ts';
import { areNamesData } from './recognise-map.ts';

/** Deepest value that is looked into; request bodies nest no deeper. */
export const MAX_SHAPE_DEPTH = 64;

/** What has been seen at one path, over all samples and list elements. */
class Gathered {
  readonly types: ShapeType[] = [];
  nullable = false;
  /** How often the path was there. */
  seen = 0;
  /** How many of those were objects. */
  objects = 0;
  /** Made when the first object comes: most paths lead to scalars. */
  members: Map<string, Gathered> | undefined;
  items: Gathered | undefined;
  /** Something here was too deep to be looked at. */
  tooDeep = false;

  addType(type: ShapeType): void {
    if (!this.types.includes(type)) this.types.push(type);
  }

  member(name: string): Gathered {
    this.members ??= new Map();
    let member = this.members.get(name);
    if (member === undefined) {
      member = new Gathered();
      this.members.set(name, member);
    }
    return member;
  }
}

/** Says where keys are data, as learning goes down. */
interface MapFinder {
  isMap(members: ReadonlyMap<string, Gathered>): boolean;
  /** Objects here are not looked into. */
  readonly isOpen: boolean;
  at(step: Parameters<typeof advance>[1]): MapFinder;
}

/**
 * Merges values into one shape. `maps` are the paths (that parsePath takes) of objects whose keys are data; others are
 * recognised where the keys leave no doubt. Throws for a path that parsePath refuses: that is a bug of the caller.
 */
export function learnShape(values: readonly JsonValue[], maps: readonly string[]): Shape {
  return limitShape(finish(gatherAll(values), declaredOrRecognised(maps.map(segmentsOf))));
}

/** The shape of one value alone, with maps exactly where `guide` has them: comparable with others learned so. */
export function learnAlong(guide: Shape, value: JsonValue): Shape {
  return finish(gatherAll([value]), guidedBy(guide));
}

function gatherAll(values: readonly JsonValue[]): Gathered {
  const gathered = new Gathered();
  for (const value of values) gather(gathered, value, 0);
  return gathered;
}

function gather(into: Gathered, value: JsonValue, depth: number): void {
  into.seen++;
  if (depth > MAX_SHAPE_DEPTH) {
    into.tooDeep = true;
    return;
  }
  const type = jsonTypeOf(value);
  if (type === 'null') {
    into.nullable = true;
    return;
  }
  into.addType(type);
  if (type === 'array') {
    for (const element of value as readonly JsonValue[]) {
      into.items ??= new Gathered();
      gather(into.items, element, depth + 1);
    }
  }
  if (type !== 'object') return;
  into.objects++;
  for (const key of Object.keys(value as JsonObject)) {
    gather(into.member(key), (value as JsonObject)[key] as JsonValue, depth + 1);
  }
}

/** Adds what `from` has seen, as if both had been seen at one path. */
function merge(into: Gathered, from: Gathered): void {
  for (const type of from.types) into.addType(type);
  into.nullable ||= from.nullable;
  into.tooDeep ||= from.tooDeep;
  into.seen += from.seen;
  into.objects += from.objects;
  if (from.items !== undefined) {
    into.items ??= new Gathered();
    merge(into.items, from.items);
  }
  for (const [key, member] of from.members ?? []) merge(into.member(key), member);
}

function finish(gathered: Gathered, finder: MapFinder): Shape {
  if (gathered.tooDeep) return { types: [] };
  const { types, nullable, items } = gathered;
  return {
    types: types.length > 1 ? types.toSorted() : types,
    ...(nullable ? { nullable: true } : undefined),
    ...(gathered.objects > 0 && !finder.isOpen ? finishObject(gathered, finder) : undefined),
    ...(items === undefined ? undefined : { items: finish(items, finder.at('items')) }),
  };
}

function finishObject(gathered: Gathered, finder: MapFinder): Pick<Shape, 'members' | 'optional' | 'values'> {
  const found: ReadonlyMap<string, Gathered> = gathered.members ?? new Map();
  if (finder.isMap(found)) {
    const values = new Gathered();
    for (const member of found.values()) merge(values, member);
    return { values: finish(values, finder.at('values')) };
  }
  const names = [...found.keys()].sort();
  const optional: string[] = [];
  const members: Record<string, Shape> = {};
  for (const name of names) {
    const member = found.get(name) as Gathered;
    if (member.seen < gathered.objects) optional.push(name);
    // Most members are scalars, of which nothing has to be found out.
    const isScalar = member.objects === 0 && member.items === undefined;
    setOwn(members, name, finish(member, isScalar ? finder : finder.at({ member: name })));
  }
  return { members, ...(optional.length === 0 ? undefined : { optional }) };
}

/** Also a member that is called __proto__ is one of its own. */
function setOwn(members: Record<string, Shape>, name: string, value: Shape): void {
  if (name !== '__proto__') members[name] = value;
  else Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
}

function declaredOrRecognised(rests: readonly PathRest[]): MapFinder {
  return {
    isMap: (members) => rests.some((rest) => rest.length === 0) || isRecognised(members),
    isOpen: false,
    at: (step) => declaredOrRecognised(advance(rests, step)),
  };
}

function guidedBy(guide: Shape | undefined): MapFinder {
  return {
    isMap: () => guide?.values !== undefined,
    isOpen: guide?.types.includes('object') === true && !guide.members && !guide.values,
    at: (step) => {
      if (step === 'items') return guidedBy(guide?.items);
      if (step === 'values') return guidedBy(guide?.values);
      const { members } = guide ?? {};
      return guidedBy(members && Object.hasOwn(members, step.member) ? members[step.member] : undefined);
    },
  };
}

/** Keys that can only be data, and values that are all alike: of one type, and objects with members in common. */
function isRecognised(members: ReadonlyMap<string, Gathered>): boolean {
  if (!areNamesData([...members.keys()])) return false;
  const values = [...members.values()];
  const types = new Set(values.flatMap((value) => [...value.types]));
  if (types.size > 1) return false;
  const inner = values.flatMap((value) => (value.members === undefined ? [] : [value.members]));
  const [first] = inner;
  return first === undefined || [...first.keys()].some((key) => inner.every((object) => object.has(key)));
}
