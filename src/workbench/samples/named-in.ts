/**
 * The names that texts of a connector name: its file's paths and templates, a script. Texts in, every identifier and
 * everything between quotes out, whole: `jane` is not named by `jane.doe@corp.example`. Too many names are no harm where
 * the texts are in git already.
 */
import type { JsonValue } from '../../stages/json/json-value.ts';

/** In paths and scripts: `.name`, `['na me']`, `[7]`, `{ name }`. */
const NAME =
  /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`([^`\\$]*)`|\[(\d+)\]|[\p{L}_$][\p{L}\p{M}\p{N}_$-]*/gu;

export function namedIn(texts: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const text of texts) {
    for (const [whole, single, double, template, index] of text.matchAll(NAME)) {
      const name = single ?? double ?? template ?? index ?? whole;
      names.add(name);
      if (name.includes('\\')) names.add(name.replace(/\\u([0-9a-f]{4})|\\(.)/gi, unescapeOne));
    }
  }
  return names;
}

function unescapeOne(_: string, code: string | undefined, character: string | undefined): string {
  return code === undefined ? (character ?? '') : String.fromCharCode(Number.parseInt(code, 16));
}

/** The texts of a connector file that say where something is: paths, and templates with paths in them. */
export function pathTextsOf(value: unknown, into: string[] = []): readonly string[] {
  if (typeof value === 'string') {
    if (value.startsWith('$')) into.push(value);
    else for (const [, inside = ''] of value.matchAll(/\{\{(.*?)\}\}/gs)) into.push(inside);
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) pathTextsOf(member, into);
  }
  return into;
}

/** Every key of every object in a value. */
export function collectKeys(value: JsonValue, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) for (const key of Object.keys(value)) into.add(key);
  for (const member of Object.values(value)) collectKeys(member as JsonValue, into);
}
