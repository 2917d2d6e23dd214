/**
 * A body in, the same body with every leaf value replaced by one of the same type and form out. Keys stay, as they are
 * the shape, except where they are data. What a connector compares, and what its author chose, stays too.
 */
import { isJsonObject, type JsonScalar, type JsonValue } from '../../../stages/json/json-value.ts';
import { ownMember } from '../../../stages/json/own-member.ts';
import type { Shape } from '../../../stages/plans.ts';
import { pointerTo } from '../../../stages/problem.ts';
import { childShape } from '../../../stages/shape/shape-steps.ts';
import { formatTrail, type Trail } from '../../../stages/shape/trail.ts';
import { renameKeys, type StayingKey } from './rename-keys.ts';
import { isFlag, type Replacements } from './replacements.ts';

/** Everything is by JSON pointer into the body. */
export interface RedactPlan {
  /** Values that stay, with all that is inside them; a number: only so many of a text's first characters stay. */
  readonly keep: ReadonlyMap<string, true | number>;
  /** Values that are left out: elements of a batch that are none of the sample's. */
  readonly omit: ReadonlySet<string>;
  /** Where payloads begin: the body itself, or the elements of a batch. */
  readonly payloads: ReadonlySet<string>;
  /** Of the payloads: says where all keys are data. */
  readonly shape: Shape;
  /** Keys that stay wherever they are: the connector's own files name them. */
  readonly isKnownKey: (key: string) => boolean;
  /** Names in the paths that the author chose to keep: without their keys these would lead nowhere. */
  readonly keptNames: ReadonlySet<string>;
}

export interface RedactedBody {
  readonly body: JsonValue;
  /** By JSON pointer into the body that came in: the new name of each member that has one. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Keys that stay and look like data, by their path. */
  readonly staying: readonly (StayingKey & { readonly path: string })[];
}

/** Redacts with replacements that were made for this body. Does not change the body. */
export function redactBody(body: JsonValue, plan: RedactPlan, replacements: Replacements): RedactedBody {
  const onTheWay = withParents(plan.keep.keys());
  const renamed = new Map<string, string>();
  const staying: (StayingKey & { path: string })[] = [];
  const walk = (value: JsonValue, pointer: string, trail: Trail, above: Shape | undefined): JsonValue => {
    const kept = plan.keep.get(pointer);
    if (kept === true) return value;
    const shape = plan.payloads.has(pointer) ? plan.shape : above;
    if (Array.isArray(value)) {
      const list = value as readonly JsonValue[];
      return [...list.entries()]
        .filter(([index]) => !plan.omit.has(pointerTo(pointer, index)))
        .map(([index, one]) => walk(one, pointerTo(pointer, index), [...trail, index], shape?.items));
    }
    if (isJsonObject(value)) {
      const rules = {
        isMap: shape?.values !== undefined,
        isKept: (key: string) => plan.keptNames.has(key) && onTheWay.has(pointerTo(pointer, key)),
        isKnown: plan.isKnownKey,
      };
      const keys = renameKeys(value, rules, replacements);
      for (const one of keys.staying) staying.push({ ...one, path: formatTrail([...trail, one.key]) });
      const members = Object.keys(value).map((key) => {
        const below = pointerTo(pointer, key);
        const name = keys.names.get(key);
        if (name !== undefined) renamed.set(below, name);
        const member = ownMember(value, key) as JsonValue;
        return [name ?? key, walk(member, below, [...trail, key], childShape(shape, value, key))] as const;
      });
      return Object.fromEntries(members);
    }
    if (typeof value !== 'string') return replacements.replace(value as JsonScalar);
    return typeof kept === 'number'
      ? keepStart(value, kept, replacements)
      : replacements.replace(
          value,
          trail.findLast((step) => typeof step === 'string'),
        );
  };
  return { body: walk(body, '', [], undefined), renamed, staying };
}

/** The pointers and those of everything that they lead through. */
function withParents(pointers: Iterable<string>): ReadonlySet<string> {
  const all = new Set<string>();
  for (const pointer of pointers) {
    for (let end = pointer.length; end > 0 && !all.has(pointer.slice(0, end)); ) {
      all.add(pointer.slice(0, end));
      end = pointer.lastIndexOf('/', end - 1);
    }
  }
  return all;
}

export function keepStart(text: string, length: number, replacements: Replacements): string {
  return `${text.slice(0, length)}${replacements.replace(text.slice(length))}`;
}

/** Every scalar in a value, and every key: what no replacement should happen to be. */
export function collectTaken(value: JsonValue, into: Set<JsonScalar>): void {
  if (typeof value !== 'object' || value === null) {
    if (!isFlag(value as JsonScalar)) into.add(value as JsonScalar);
    return;
  }
  if (!Array.isArray(value)) for (const key of Object.keys(value)) into.add(key);
  for (const member of Object.values(value)) collectTaken(member as JsonValue, into);
}
