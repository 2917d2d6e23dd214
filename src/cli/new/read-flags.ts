/** What flags of `new` say: texts in, parts of a connector out, or a sentence about what is wrong with them. */
import { quote } from '../../diagnostics/printable.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import type { JsonScalar } from '../../stages/json/json-value.ts';
import { CHOSEN } from '../../workbench/new/choices.ts';
import type { Proposals } from '../../workbench/new/propose.ts';
import type { ConditionProposal } from '../../workbench/new/propose-event.ts';

const VARIABLE = /^[A-Za-z_][\w-]{0,63}$/;

/** What is wrong with a path to be mapped; null: nothing. */
export function checkPath(path: string, { paths }: Proposals, hasSamples: boolean): string | null {
  if (!path.startsWith('$')) return `${quote(path)} is no path; it starts with $, such as $.customer.id`;
  const parsed = parsePath(path);
  if (!parsed.ok) return `${quote(path)}: ${parsed.message}`;
  // What selects several places is left to the compiler.
  const isPlain = !/\*|\.\.|[[\]]/.test(path);
  if (
    !hasSamples ||
    !isPlain ||
    paths.some((one) => one === path || (/^[.[]/.test(one.slice(path.length)) && one.startsWith(path)))
  )
    return null;
  return `${quote(path)} is in no sample${didYouMean(path, paths)}`;
}

/** `$.type=order.paid`, `x-github-event=push`; a value that reads as a number, true, false or null is one. */
export function conditionOf(text: string): ConditionProposal | string {
  const [place, value] = splitAt(text);
  if (value === undefined) return `${quote(text)} is not <path>=<value> or <header>=<value>`;
  const condition = { values: [scalarOf(value)], reason: CHOSEN };
  if (!place.startsWith('$')) return { header: place.toLowerCase(), ...condition };
  const parsed = parsePath(place);
  return parsed.ok ? { path: place, ...condition } : `${quote(place)}: ${parsed.message}`;
}

/** `name=path` */
export function variableFlag(text: string): { readonly name: string; readonly path: string } | string {
  const [name, path] = splitAt(text);
  if (path === undefined) return `${quote(text)} is not <name>=<path>`;
  return VARIABLE.test(name) ? { name, path } : `${quote(name)} is no name: letters, digits and "_" only`;
}

function splitAt(text: string): readonly [string, string | undefined] {
  // A path may have "=" in a quoted name; a value may too. The first that leaves a path behind it divides them.
  const index = text.indexOf('=');
  return index < 0 ? [text, undefined] : [text.slice(0, index).trim(), text.slice(index + 1).trim()];
}

function scalarOf(text: string): JsonScalar {
  if (/^(true|false|null|-?\d{1,15}(\.\d{1,15})?)$/.test(text)) return JSON.parse(text);
  const quoted = /^"[^"]*"$/.exec(text);
  return quoted === null ? text : text.slice(1, -1);
}
