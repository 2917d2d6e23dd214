/**
 * One path of the mapping through a payload and, beside it, through the shape: which values it reaches, whether they and
 * everything on the way have the types of the samples, and what is missing. Says where; never what the value is.
 */
import type { Segment } from '../json/json-path-grammar.ts';
import { isBlank, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { ownMember } from '../json/own-member.ts';
import type { Shape } from '../plans.ts';
import { compareShape, type Mismatch } from './compare.ts';
import { describeShape, describeType, hasTypeOf, isEmptyObject } from './json-type.ts';
import { keysOf, selectKeys } from './path-steps.ts';
import {
  childShape,
  isMandatory,
  leadsTo,
  memberShape,
  newMembers,
  takesNull,
  unionOfMembers,
} from './shape-steps.ts';
import { mayStandFor } from './stand-in.ts';
import type { TrailStep } from './trail.ts';

/** How a difference calls what may have been renamed. */
export const RENAMED = 'missing (beside a member that no sample has)';

export interface ReadWalk {
  /** How many values other than null the path reached, of the right type or not. */
  readonly reached: number;
  /** A wrong type, at a value reached or on the way to one. */
  readonly wrong: Mismatch | undefined;
  /** A value of the right type that looks like none of the samples'. */
  readonly reformed: Mismatch | undefined;
  /** Missing or null although the samples always have it there. */
  readonly lost: Mismatch | undefined;
  /** Missing or null where that is nothing new. */
  readonly absent: Mismatch | undefined;
  /** Missing, and beside it a member that no sample has there holds something like it. */
  readonly renamed: Mismatch | undefined;
  /** Some object lacks a member of the path. */
  readonly isGone: boolean;
  /** Something on the path is null, blank or an empty list: it is there, and says "nobody". */
  readonly isEmpty: boolean;
}

/**
 * Follows the path; `shape` belongs to the whole payload. Of recipients, null and blank ones are nobody. Shallow: what is
 * inside of what it reaches is not judged.
 */
export function walkRead(
  segments: readonly Segment[],
  shape: Shape,
  payload: JsonValue,
  options: { readonly isRecipient?: boolean; readonly isShallow?: boolean } = {},
): ReadWalk {
  const walk = new Walk(segments, options.isRecipient === true, options.isShallow === true);
  walk.visit(0, payload, shape);
  return walk;
}

class Walk implements ReadWalk {
  reached = 0;
  wrong: Mismatch | undefined;
  reformed: Mismatch | undefined;
  lost: Mismatch | undefined;
  absent: Mismatch | undefined;
  renamed: Mismatch | undefined;
  isGone = false;
  isEmpty = false;
  readonly #segments: readonly Segment[];
  readonly #isRecipient: boolean;
  readonly #isShallow: boolean;
  readonly #trail: TrailStep[] = [];

  constructor(segments: readonly Segment[], isRecipient: boolean, isShallow: boolean) {
    this.#segments = segments;
    this.#isRecipient = isRecipient;
    this.#isShallow = isShallow;
  }

  /** `index` is of the segment to apply to the value. No shape: no sample has anything there, so nothing is judged. */
  visit(index: number, value: JsonValue, shape: Shape | undefined): void {
    const segment = this.#segments[index];
    if (value === null) {
      this.isEmpty = true;
      this.#miss(shape, 'null', !this.#isRecipient && shape !== undefined && !takesNull(shape));
      return;
    }
    if (segment === undefined && this.#isRecipient && isBlank(value)) {
      this.isEmpty = true;
      this.#miss(shape, 'blank', false);
      return;
    }
    if (segment === undefined) this.reached++;
    else if (shape !== undefined && !hasTypeOf(shape, value) && isEmptyObject(shape, value)) {
      this.visit(index, {}, shape);
      return;
    }
    if (shape !== undefined && !hasTypeOf(shape, value)) this.#mistype(shape, value);
    else if (segment === undefined) this.#judgeInside(value, shape);
    else if (typeof value !== 'object' || (segment.kind === 'slice' && !Array.isArray(value))) {
      this.#miss(undefined, 'missing', false);
    } else if (segment.kind === 'descent') this.#descend(index + 1, value, shape);
    else this.#select(index, segment, value, shape);
  }

  #select(index: number, segment: Segment, value: JsonValue, shape: Shape | undefined): void {
    const keys = selectKeys(segment, value);
    if (keys.length === 0 || Array.isArray(value)) this.isEmpty ||= Object.keys(value as object).length === 0;
    for (const key of keys) {
      const inside = childShape(shape, value, key);
      const child = ownMember(value, key);
      this.#at(value, key, shape, segment, () => {
        if (child === undefined) this.#lack(inside, value, key, shape, index);
        else if (segment.kind !== 'wildcard') this.visit(index + 1, child, inside);
        else this.visit(index + 1, child, inside ?? unionOfMembers(shape));
      });
    }
  }

  /** Applies the segment at `index` to the value and to everything inside it. */
  #descend(index: number, value: JsonValue, shape: Shape | undefined): void {
    if (typeof value !== 'object' || value === null) return;
    const segment = this.#segments[index] as Segment;
    const selected = new Set(selectKeys(segment, value));
    for (const key of Object.keys(value)) {
      const child = ownMember(value, key);
      if (child === undefined) continue;
      const inside = childShape(shape, value, key);
      this.#at(value, key, shape, segment, () => {
        if (selected.has(key)) this.visit(index + 1, child, inside);
        this.#descendInto(index, child, inside);
      });
    }
    for (const [key, member] of Object.entries(shape?.members ?? {})) {
      if (Object.hasOwn(value, key) || !isMandatory(shape, value, key)) continue;
      if (!keysOf(segment).includes(key) && !leadsTo(member, segment)) continue;
      this.#at(value, key, shape, segment, () => this.#miss(member, 'missing', true));
    }
  }

  /** What has become something else hides whatever the path would have found inside it. */
  #descendInto(index: number, child: JsonValue, shape: Shape | undefined): void {
    if (shape === undefined || hasTypeOf(shape, child)) this.#descend(index, child, shape);
    else if (isEmptyObject(shape, child)) this.#descend(index, {}, shape);
    else if (!leadsTo(shape, this.#segments[index] as Segment)) return;
    else if (child === null) this.#miss(shape, 'null', true);
    else this.#mistype(shape, child);
  }

  /** A list or an object that is mapped as a whole: what is inside goes into the card too. */
  #judgeInside(value: JsonValue, shape: Shape | undefined): void {
    if (shape === undefined || (typeof value === 'object' && this.#isShallow)) return;
    const visit = (mismatch: Mismatch): boolean => {
      const isWrong = mismatch.kind === 'type' || mismatch.kind === 'empty';
      if (isWrong) this.wrong ??= mismatch;
      if (mismatch.kind === 'form') this.reformed ??= mismatch;
      return isWrong;
    };
    compareShape(shape, value, visit, { trail: this.#trail });
  }

  #at(parent: JsonValue, key: string, shape: Shape | undefined, segment: Segment, run: () => void): void {
    const isElement = Array.isArray(parent) && /^-?\d+$/.test(key);
    this.#trail.push(isElement ? Number(key) : isKnown(key, shape, segment) ? key : null);
    run();
    this.#trail.pop();
  }

  #lack(
    inside: Shape | undefined,
    parent: JsonValue,
    key: string,
    shape: Shape | undefined,
    index: number,
  ): void {
    this.#miss(inside, 'missing', isMandatory(shape, parent, key));
    if (Array.isArray(parent)) return;
    this.isGone = true;
    const rest = this.#segments.slice(index + 1);
    const mayBeRenamed = (member: JsonValue) => mayStandFor(member, inside, rest);
    if (!newMembers(shape, parent as JsonObject).some(mayBeRenamed)) return;
    const expected = inside === undefined ? 'a value' : describeShape(inside);
    this.renamed ??= { kind: 'missing', trail: [...this.#trail], expected, found: RENAMED };
  }

  #miss(shape: Shape | undefined, found: 'missing' | 'null' | 'blank', isLost: boolean): void {
    if ((isLost ? this.lost : this.absent) !== undefined) return;
    const expected = shape === undefined ? 'a value' : describeShape(shape);
    const mismatch: Mismatch = { kind: 'missing', trail: [...this.#trail], expected, found };
    if (isLost) this.lost = mismatch;
    else this.absent = mismatch;
  }

  #mistype(shape: Shape, value: JsonValue): void {
    const [expected, found] = [describeShape(shape), describeType(value)];
    this.wrong ??= { kind: 'type', trail: [...this.#trail], expected, found };
  }
}

/** Keys are shown when the samples have them as members or the path names them; those of maps are data. */
function isKnown(key: string, parent: Shape | undefined, segment: Segment): boolean {
  return keysOf(segment).includes(key) || (parent !== undefined && memberShape(parent, key) !== undefined);
}
