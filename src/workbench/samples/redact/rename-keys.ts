/**
 * The keys of one object in, under which names its members stand in the sample out: keys that are data get others of their
 * form, whatever their number; what the author or a file of the connector names stays. No two keys become one.
 */
import type { JsonObject, JsonValue } from '../../../stages/json/json-value.ts';
import { classifyKey, isUncased, type KeyJudgement } from './classify-key.ts';
import type { Replacements } from './replacements.ts';

export interface KeyRules {
  /** The shape says that all keys here are data. */
  readonly isMap: boolean;
  /** The author chose that this one stays. */
  readonly isKept: (key: string) => boolean;
  /** The connector's own files name it. */
  readonly isKnown: (key: string) => boolean;
}

/** A key that stays and looks like data, and why it stays. */
export interface StayingKey {
  readonly key: string;
  readonly why: 'file' | 'unsure';
}

export interface RenamedKeys {
  /** Only keys that change. */
  readonly names: ReadonlyMap<string, string>;
  readonly staying: readonly StayingKey[];
}

export function renameKeys(object: JsonObject, rules: KeyRules, replacements: Replacements): RenamedKeys {
  const judged = new Map(Object.keys(object).map((key) => [key, classifyKey(key)]));
  const staying: StayingKey[] = [];
  const taken = new Set<string>();
  const changing: string[] = [];
  const isNames = areNames(object, judged);
  for (const [key, judgement] of judged) {
    const isKept = rules.isKept(key);
    const isKnown = rules.isKnown(key);
    if (!isKept && !isKnown && (rules.isMap || judgement === 'data' || isNames)) changing.push(key);
    else {
      taken.add(key);
      if (isKept) continue;
      if (isKnown && judgement === 'data') staying.push({ key, why: 'file' });
      if (!isKnown && judgement === 'unsure') staying.push({ key, why: 'unsure' });
    }
  }
  const names = new Map<string, string>();
  for (const key of changing) {
    const made = replacements.replaceKey(key);
    let name = made;
    // Forms end: there are eight one-digit numbers, and 254 addresses.
    for (let number = 2; taken.has(name) || (name !== key && judged.has(name)); number += 1)
      name = `${made}${number}`;
    taken.add(name);
    names.set(key, name);
  }
  return { names, staying };
}

/** Several keys that all may be names of people, with values of one kind: labels have values of several. */
function areNames(object: JsonObject, judged: ReadonlyMap<string, KeyJudgement>): boolean {
  if (judged.size < 2) return false;
  for (const [key, judgement] of judged) if (judgement === null || isUncased(key)) return false;
  return new Set(Object.values(object).map(kindOf)).size === 1;
}

function kindOf(value: JsonValue): string {
  return Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;
}
