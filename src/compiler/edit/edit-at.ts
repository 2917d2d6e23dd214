/**
 * Makes a YAML file say something else at one place. In: the text, a JSON pointer, and the value wanted there. Out: the
 * text in which only what differs is written anew, every other byte as it was, or why it has to be done by hand. Nothing
 * is trusted: what comes out is parsed again and must say what was meant.
 */
import { isDeepStrictEqual } from 'node:util';
import { SourceFile } from '../../diagnostics/source.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { pointerTo, stepsOfPointer } from '../../stages/problem.ts';
import { parseYaml } from '../parse.ts';
import { insertElement, insertMember, isEmpty, type Place, removeEntry, replaceValue } from './places.ts';

export type YamlEdit =
  | { readonly ok: true; readonly text: string }
  /** The fact in lower case, then what to do. */
  | { readonly ok: false; readonly message: string };

/** Most places that are written anew for one value. */
const MAX_EDITS = 200;

/** The value at `pointer` becomes `value`; maps on the way that are missing come with it. Comments are never lost. */
export function setAt(text: string, pointer: string, value: JsonValue): YamlEdit {
  return work(text, (before) => withValue(before, stepsOfPointer(pointer), value), false);
}

/** Takes the key or entry out, with the comment on its line. A map or list that is left empty goes too, but never the whole file. */
export function removeAt(text: string, pointer: string): YamlEdit {
  return work(text, (before) => without(before, stepsOfPointer(pointer)), true);
}

/** The list at `pointer` gets an entry before the one at `index`; a list that is missing is made. */
export function insertAt(text: string, pointer: string, index: number, value: JsonValue): YamlEdit {
  return work(
    text,
    (before) => {
      const list = valueAt(before, stepsOfPointer(pointer)) ?? [];
      if (!Array.isArray(list)) return undefined;
      return withValue(before, stepsOfPointer(pointer), list.toSpliced(index, 0, value));
    },
    false,
  );
}

/** `wanted`: what the file is to say; undefined where that makes no sense. */
function work(
  text: string,
  wanted: (before: JsonValue) => JsonValue | undefined,
  withComments: boolean,
): YamlEdit {
  let place = parse(text);
  const expected = place === null ? undefined : wanted(place.document.value);
  for (let edits = 0; edits < MAX_EDITS && place !== null && expected !== undefined; edits += 1) {
    const change = firstDifference(place.document.value, expected, '');
    if (change === null) return { ok: true, text: place.text };
    const edited = apply(place, change, withComments);
    place = edited === null || edited === place.text ? null : parse(edited);
  }
  return { ok: false, message: 'it is written in a way that is not edited here; change it by hand' };
}

function parse(text: string): Place | null {
  const { document, diagnostics } = parseYaml(new SourceFile('', text));
  return document === null || diagnostics.length > 0 ? null : { text, document };
}

type Change =
  | { readonly kind: 'replace'; readonly pointer: string; readonly value: JsonValue }
  | { readonly kind: 'remove'; readonly pointer: string }
  | {
      readonly kind: 'add-key';
      readonly pointer: string;
      readonly siblings: readonly string[];
      readonly key: string;
      readonly value: JsonValue;
    }
  | {
      readonly kind: 'add-entry';
      readonly pointer: string;
      readonly length: number;
      readonly index: number;
      readonly value: JsonValue;
    };

function apply(place: Place, change: Change, withComments: boolean): string | null {
  switch (change.kind) {
    case 'replace':
      return replaceValue(place, change.pointer, change.value);
    case 'remove':
      return removeEntry(place, change.pointer, withComments);
    case 'add-key':
      return insertMember(place, change.pointer, change.siblings, change.key, change.value);
    case 'add-entry':
      return insertElement(place, change.pointer, change.length, change.index, change.value);
  }
}

/** The smallest place to begin with: keys that go, then values that differ, then keys that are new. */
function firstDifference(current: JsonValue, wanted: JsonValue, pointer: string): Change | null {
  if (isDeepStrictEqual(current, wanted)) return null;
  if (isJsonObject(current) && isJsonObject(wanted)) return differentMember(current, wanted, pointer);
  if (Array.isArray(current) && Array.isArray(wanted)) return differentEntry(current, wanted, pointer);
  return { kind: 'replace', pointer, value: wanted };
}

function differentMember(current: JsonObject, wanted: JsonObject, pointer: string): Change {
  const keys = Object.keys(current);
  const kept = keys.filter((key) => Object.hasOwn(wanted, key));
  if (kept.length === 0) return { kind: 'replace', pointer, value: wanted };
  const gone = keys.find((key) => !Object.hasOwn(wanted, key));
  if (gone !== undefined) return { kind: 'remove', pointer: pointerTo(pointer, gone) };
  for (const key of kept) {
    const inner = firstDifference(
      current[key] as JsonValue,
      wanted[key] as JsonValue,
      pointerTo(pointer, key),
    );
    if (inner !== null) return inner;
  }
  const key = Object.keys(wanted).find((one) => !Object.hasOwn(current, one)) as string;
  return { kind: 'add-key', pointer, siblings: keys, key, value: wanted[key] as JsonValue };
}

function differentEntry(
  current: readonly JsonValue[],
  wanted: readonly JsonValue[],
  pointer: string,
): Change {
  const found = wanted.findIndex((one, at) => !isDeepStrictEqual(one, current[at]));
  const index = found === -1 ? wanted.length : found;
  const isOneMore = isDeepStrictEqual(current.slice(index), wanted.slice(index + 1));
  if (isOneMore && current.length > 0)
    return { kind: 'add-entry', pointer, length: current.length, index, value: wanted[index] as JsonValue };
  const isOneLess = isDeepStrictEqual(current.slice(index + 1), wanted.slice(index));
  if (isOneLess && wanted.length > 0) return { kind: 'remove', pointer: pointerTo(pointer, index) };
  if (current.length !== wanted.length) return { kind: 'replace', pointer, value: wanted };
  return firstDifference(
    current[index] as JsonValue,
    wanted[index] as JsonValue,
    pointerTo(pointer, index),
  ) as Change;
}

function valueAt(value: JsonValue, steps: readonly string[]): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const step of steps) {
    if (Array.isArray(current)) current = current[Number(step)];
    else current = isJsonObject(current) && Object.hasOwn(current, step) ? current[step] : undefined;
  }
  return current;
}

function withValue(
  value: JsonValue | undefined,
  [step, ...rest]: readonly string[],
  wanted: JsonValue,
): JsonValue | undefined {
  if (step === undefined) return wanted;
  if (Array.isArray(value)) {
    const index = Number(step);
    if (!(Number.isInteger(index) && index >= 0 && index <= value.length)) return undefined;
    const inner = withValue(value[index], rest, wanted);
    return inner === undefined ? undefined : value.toSpliced(index, 1, inner);
  }
  if (value !== undefined && value !== null && !isJsonObject(value)) return undefined;
  const map = value ?? {};
  const inner = withValue(Object.hasOwn(map, step) ? map[step] : undefined, rest, wanted);
  return inner === undefined ? undefined : { ...map, [step]: inner };
}

/** undefined: nothing is left of it. */
function without(value: JsonValue, [step, ...rest]: readonly string[], isRoot = true): JsonValue | undefined {
  const inner = step === undefined ? undefined : valueAt(value, [step]);
  if (step === undefined || inner === undefined) return undefined;
  const less = rest.length === 0 ? undefined : without(inner, rest, false);
  if (less === undefined && rest.length > 0 && valueAt(inner, rest) === undefined) return undefined;
  const left = Array.isArray(value)
    ? value.toSpliced(Number(step), 1, ...(less === undefined ? [] : [less]))
    : Object.fromEntries(
        Object.entries(value as JsonObject).flatMap(([key, one]) =>
          key !== step ? [[key, one]] : less === undefined ? [] : [[key, less]],
        ),
      );
  return isEmpty(left) && !isRoot ? undefined : left;
}
