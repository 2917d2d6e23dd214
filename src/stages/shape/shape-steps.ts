/**
 * Going down in a shape beside a payload: from the shape of a value to the shapes of what is inside it. Members are looked
 * up as own members, as `constructor` and `__proto__` can be keys like any other.
 */
import type { Segment } from '../json/json-path-grammar.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Shape } from '../plans.ts';
import { isAnything } from './json-type.ts';
import { keysOf } from './path-steps.ts';

/** The shape of a member; undefined when no sample has it. */
export function memberShape({ members }: Shape, name: string): Shape | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}

/** The shape of what stands under the key of a value (a list's keys are its indexes); undefined when no sample has it. */
export function childShape(shape: Shape | undefined, value: JsonValue, key: string): Shape | undefined {
  if (shape === undefined) return undefined;
  return Array.isArray(value) ? shape.items : (shape.values ?? memberShape(shape, key));
}

/** True when every object that the samples have here has the member. */
export function isMandatory(shape: Shape | undefined, value: JsonValue, key: string): boolean {
  if (shape === undefined || Array.isArray(value)) return false;
  return memberShape(shape, key) !== undefined && !(shape.optional ?? []).includes(key);
}

/** What no sample has in the object; a map, or what is not known, has nothing that is new. */
export function newMembers(shape: Shape | undefined, object: JsonObject): readonly JsonValue[] {
  const members = shape?.members;
  if (members === undefined) return [];
  return Object.keys(object).flatMap((key) =>
    Object.hasOwn(members, key) ? [] : [object[key] as JsonValue],
  );
}

export function takesNull(shape: Shape): boolean {
  return shape.nullable === true || isAnything(shape);
}

/** What a wildcard over an object may meet under a new key: any type that the known members have. */
export function unionOfMembers(shape: Shape | undefined): Shape | undefined {
  const members = Object.values(shape?.members ?? {});
  if (members.length === 0 || members.some(isAnything)) return undefined;
  const types = [...new Set(members.flatMap((member) => [...member.types]))].sort();
  return { types, ...(members.some(takesNull) ? { nullable: true } : {}) };
}

/** True when the segment selects something at some depth inside the shape. */
export function leadsTo(shape: Shape, segment: Segment): boolean {
  const { members = {}, values, items } = shape;
  const keys = keysOf(segment);
  const selects = segment.kind === 'name' || segment.kind === 'union' ? false : items !== undefined;
  if (selects || keys.some((key) => Object.hasOwn(members, key))) return true;
  if (segment.kind === 'wildcard' && (values !== undefined || Object.keys(members).length > 0)) return true;
  return [...Object.values(members), values, items].some(
    (inner) => inner !== undefined && leadsTo(inner, segment),
  );
}
