/**
 * A body in, the same body with every leaf value replaced by one of the same type and form out. Keys stay, as they are
 * the shape, except where they are data. What a connector compares, and what its author chose, stays too.
 */
import type { JsonScalar, JsonValue } from '../../../stages/json/json-value.ts';
import { ownMember } from '../../../stages/json/own-member.ts';
import type { Shape } from '../../../stages/plans.ts';
import { pointerTo } from '../../../stages/problem.ts';
import { childShape } from '../../../stages/shape/shape-steps.ts';
import { isFlag, type Replacements } from './replacements.ts';

/** Everything is by JSON pointer into the body. */
export interface RedactPlan {
  /** Values that stay, with all that is inside them; a number: only so many of a text's first characters stay. */
  readonly keep: ReadonlyMap<string, true | number>;
  /** Values that are left out: elements of a batch that are none of the sample's. */
  readonly omit: ReadonlySet<string>;
  /** Where payloads begin: the body itself, or the elements of a batch. */
  readonly payloads: ReadonlySet<string>;
  /** Of the payloads: says which keys are data. null: all keys stay. */
  readonly shape: Shape | null;
  /** Keys that stay even where keys are data: the connector's own files name them. */
  readonly isKnownKey: (key: string) => boolean;
}

/** Redacts with replacements that were made for this body. Does not change the body. */
export function redactBody(body: JsonValue, plan: RedactPlan, replacements: Replacements): JsonValue {
  const onTheWay = withParents(plan.keep.keys());
  const walk = (value: JsonValue, pointer: string, above: Shape | undefined): JsonValue => {
    const kept = plan.keep.get(pointer);
    if (kept === true) return value;
    const shape = plan.payloads.has(pointer) ? (plan.shape ?? undefined) : above;
    if (Array.isArray(value)) return walkList(value, pointer, shape);
    if (typeof value === 'object' && value !== null) {
      const isMap = shape?.values !== undefined;
      const members = Object.keys(value).map((key) => {
        const member = ownMember(value, key) as JsonValue;
        const below = pointerTo(pointer, key);
        // A key of a map stays when something under it was chosen to stay: its path would lead nowhere.
        const stays = !isMap || plan.isKnownKey(key) || onTheWay.has(below);
        const inside = walk(member, below, childShape(shape, value, key));
        return [stays ? key : replacements.replaceKey(key), inside] as const;
      });
      return Object.fromEntries(members);
    }
    if (typeof value !== 'string') return replacements.replace(value as JsonScalar);
    return typeof kept === 'number' ? keepStart(value, kept, replacements) : replacements.replace(value);
  };
  const walkList = (list: readonly JsonValue[], pointer: string, shape: Shape | undefined): JsonValue =>
    [...list.entries()]
      .filter(([index]) => !plan.omit.has(pointerTo(pointer, index)))
      .map(([index, element]) => walk(element, pointerTo(pointer, index), shape?.items));
  return walk(body, '', undefined);
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
