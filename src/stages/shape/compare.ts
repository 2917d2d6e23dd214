/**
 * The slow walk: a payload beside a shape, every place where they differ out. Runs when a request is held or drifts and
 * someone wants to know why; agrees with the generated checker on whether there is any.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { Shape } from '../plans.ts';
import { describeForms, formOf, isFormKnown } from './forms.ts';
import { describeShape, describeType, hasTypeOf, isAnything, isEmptyObject } from './json-type.ts';
import type { Trail, TrailStep } from './trail.ts';

/**
 * `missing` is also null where no sample has null; `empty`: an empty list for an object; `unknown` is a member that no sample
 * has; `form`: a text looks different.
 */
export type MismatchKind = 'type' | 'missing' | 'empty' | 'unknown' | 'form';

export interface Mismatch {
  readonly kind: MismatchKind;
  readonly trail: Trail;
  readonly expected: string;
  readonly found: string;
}

export interface CompareOptions {
  /** Also report what the samples say nothing about: a value where they have only null, elements where all lists are empty. */
  readonly literal?: boolean;
  /** Members that no sample has are passed over. */
  readonly known?: boolean;
  /** Where the value stands, when it is not the whole payload. */
  readonly trail?: Trail;
}

/** Calls `visit` for each mismatch, in the order of the payload, until it returns true (enough). Returns whether it did. */
export function compareShape(
  shape: Shape,
  payload: JsonValue,
  visit: (mismatch: Mismatch) => boolean,
  options: CompareOptions = {},
): boolean {
  return new Comparison(visit, options).compare(shape, payload);
}

class Comparison {
  readonly #visit: (mismatch: Mismatch) => boolean;
  readonly #literal: boolean;
  readonly #knownOnly: boolean;
  readonly #trail: TrailStep[];

  constructor(visit: (mismatch: Mismatch) => boolean, { literal, known, trail }: CompareOptions) {
    this.#visit = visit;
    this.#knownOnly = known === true;
    this.#literal = literal === true;
    this.#trail = [...(trail ?? [])];
  }

  compare(shape: Shape, value: JsonValue): boolean {
    if (!hasTypeOf(shape, value)) {
      if (isEmptyObject(shape, value)) return this.#report('empty', describeShape(shape), 'empty list');
      return this.#report(value === null ? 'missing' : 'type', describeShape(shape), describeType(value));
    }
    if (shape.forms !== undefined && !isFormKnown(shape.forms, value))
      return this.#report('form', describeForms(shape.forms), formOf(value) ?? 'another number');
    if (isAnything(shape)) {
      const isSurprise = this.#literal && shape.nullable === true && value !== null;
      return isSurprise && this.#report('type', 'null', describeType(value));
    }
    if (Array.isArray(value)) return this.#compareItems(shape, value);
    return isJsonObject(value) && this.#compareMembers(shape, value);
  }

  #compareItems({ items }: Shape, list: readonly JsonValue[]): boolean {
    if (items === undefined) {
      return this.#literal && list.length > 0 && this.#report('type', 'empty list', 'list with elements');
    }
    return list.some((element, index) => this.#at(index, () => this.compare(items, element)));
  }

  #compareMembers({ members, optional, values }: Shape, object: JsonObject): boolean {
    if (values !== undefined) {
      // The keys of a map are data, and never shown.
      return Object.values(object).some((value) => this.#at(null, () => this.compare(values, value)));
    }
    if (members === undefined) return false;
    // Those of one object are alike but for their types: a hundred thousand of them are a few differences.
    const told = new Set<string>();
    const isDone = Object.keys(object).some((key) => {
      const value = object[key] as JsonValue;
      if (Object.hasOwn(members, key)) return this.#at(key, () => this.compare(members[key] as Shape, value));
      if (this.#knownOnly) return false;
      const type = describeType(value);
      if (told.has(type)) return false;
      told.add(type);
      const found = `${type} (not in the samples)`;
      return this.#at(null, () => this.#report('unknown', 'nothing', found));
    });
    if (isDone) return true;
    return Object.entries(members).some(([key, member]) => {
      if (Object.hasOwn(object, key) || optional?.includes(key)) return false;
      return this.#at(key, () => this.#report('missing', describeShape(member), 'missing'));
    });
  }

  #at(step: TrailStep, compare: () => boolean): boolean {
    this.#trail.push(step);
    const isDone = compare();
    this.#trail.pop();
    return isDone;
  }

  #report(kind: MismatchKind, expected: string, found: string): boolean {
    return this.#visit({ kind, trail: [...this.#trail], expected, found });
  }
}
