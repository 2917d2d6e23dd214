/**
 * In: groups of genuine payloads. Out: how many fields that could be mapped are missing or null in another payload of the
 * event, where they are, and how many of them the first payload could have told, had its objects taught each other.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/stages/json/json-value.ts';
import type { Group } from './corpus.ts';
import { listLeaves, type Place, valueAt } from './draw.ts';

export interface Missing {
  /** Fields of one payload, looked for in another. */
  readonly fields: number;
  readonly missing: number;
}

export interface MissingResults {
  readonly atTheTop: Missing;
  readonly inside: Missing;
  /** Of those that are missing: an object on the way is. */
  readonly objectMissing: number;
  /** The field, or an object on the way, is null. */
  readonly isNull: number;
  /** An object of the first payload that resembles the one which holds the field, or the missing object, lacks it. */
  readonly toldByAnother: number;
}

/** Share of members in common from which two objects count as alike. */
const ALIKE = 0.7;

export function measureMissing(groups: readonly Group[]): MissingResults {
  const depths = { top: { fields: 0, missing: 0 }, inside: { fields: 0, missing: 0 } };
  let objectMissing = 0;
  let isNull = 0;
  let toldByAnother = 0;
  for (const { payloads } of groups) {
    for (const sample of payloads) {
      const leaves = listLeaves(sample);
      const objects = listObjects(sample);
      for (const other of payloads) {
        if (other === sample) continue;
        for (const leaf of leaves) {
          const depth = leaf.length === 1 ? depths.top : depths.inside;
          depth.fields++;
          const lost = findLost(other, leaf);
          if (lost === null) continue;
          depth.missing++;
          if (valueAt(other, lost) === null) isNull++;
          else if (lost.length < leaf.length) objectMissing++;
          const parent = valueAt(sample, lost.slice(0, -1)) as JsonObject;
          const name = lost.at(-1) as string;
          if (objects.some((one) => one !== parent && (one[name] ?? null) === null && areAlike(one, parent)))
            toldByAnother++;
        }
      }
    }
  }
  return { atTheTop: depths.top, inside: depths.inside, objectMissing, isNull, toldByAnother };
}

/** The first place on the way that is missing or null. */
function findLost(payload: JsonObject, leaf: Place): Place | null {
  const length = leaf.findIndex((_, index) => (valueAt(payload, leaf.slice(0, index + 1)) ?? null) === null);
  return length < 0 ? null : leaf.slice(0, length + 1);
}

function listObjects(value: JsonValue): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(listObjects);
  return isJsonObject(value) ? [value, ...Object.values(value).flatMap(listObjects)] : [];
}

function areAlike(one: JsonObject, other: JsonObject): boolean {
  const names = Object.keys(one);
  const common = names.filter((name) => Object.hasOwn(other, name)).length;
  return common / (names.length + Object.keys(other).length - common) >= ALIKE;
}
