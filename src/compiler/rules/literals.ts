/**
 * Rule: no text of the mapping is used as it is where a value of the payload was meant. A path without its `$.`, or a
 * template without its braces, would send the same words to everybody, and as a user's id a card to nobody.
 */
import { quote } from '../../diagnostics/printable.ts';
import { compilePath } from '../../stages/json/compile-path.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { looksUnfilled } from '../../stages/mapping/literal.ts';
import { parseTemplate } from '../../stages/mapping/text-template.ts';
import { pointerTo, replaceBy } from '../../stages/problem.ts';
import type { ConnectorDraft } from '../draft.ts';
import { namesUsers } from '../recipients.ts';

/** Payloads that are looked at, of each sample and of all: what the first of them lack is not what was meant. */
const MAX_OF_SAMPLE = 20;
const MAX_PAYLOADS = 100;
/** Nobody writes a longer path, and files can be hostile. */
const MAX_PATH = 200;
/** What makes an object an expression; of these only a template holds text that could be a path. */
const SOURCES = ['path', 'template', 'header', 'value', 'list', 'use'];
/** Objects of named values: a variable may be called `path`. */
const SECTION = /^\/mapping(?:\/(?:cardOptions|variables|notificationDetail|metadata))?$/;
/** What a template that can be read fills in, up to its end: a text in quotes may hold braces. */
const FILL = /\{\{(?:[^"'}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\}(?!\}))*\}\}/g;
/** A path with `$`, or a name in braces as other languages write it. */
const UNFILLED = /\$?\{\s*(?<braced>\$?[\p{L}_$][^\s{}]*)\s*\}|(?<bare>\$(?:\.[\p{L}_]|\[['"\d])[^\s{}]*)/gu;

interface Text {
  readonly text: string;
  readonly pointer: string;
  readonly isTemplate: boolean;
  /** A default, or what a code becomes: nothing is filled in there, and a single word is one. */
  readonly isBranch?: true;
}

export function checkLiterals(draft: ConnectorDraft): void {
  const spec = draft.section('mapping') as JsonValue | undefined;
  if (!isJsonObject(spec) || 'script' in spec) return;
  const all = draft.parts.samples.flatMap((sample) => sample.payloads.slice(0, MAX_OF_SAMPLE));
  const payloads = all.slice(0, MAX_PAYLOADS);
  for (const text of listTexts(spec, '/mapping')) {
    if (!text.isTemplate && text.text.includes('{{')) {
      reportBraces(draft, text, payloads);
      continue;
    }
    if (text.isTemplate || !reportPath(draft, text, payloads)) reportUnfilled(draft, text, payloads);
  }
}

/** The texts that stand for themselves, and templates; not what follows `value`, nor what only starts with a `$`. */
function listTexts(spec: JsonValue, pointer: string): readonly Text[] {
  if (typeof spec === 'string')
    return spec.startsWith('$') ? [] : [{ text: spec, pointer, isTemplate: false }];
  if (Array.isArray(spec)) return spec.flatMap((one, index) => listTexts(one, pointerTo(pointer, index)));
  if (!isJsonObject(spec)) return [];
  const isExpression = !SECTION.test(pointer) && SOURCES.some((source) => Object.hasOwn(spec, source));
  if (!isExpression)
    return Object.entries(spec).flatMap(([key, one]) => listTexts(one, pointerTo(pointer, key)));
  if (typeof spec.value === 'string') return [];
  const { template: text } = spec;
  const template: readonly Text[] =
    typeof text === 'string' ? [{ text, pointer: pointerTo(pointer, 'template'), isTemplate: true }] : [];
  const items = Array.isArray(spec.list) ? listTexts(spec.list, pointerTo(pointer, 'list')) : [];
  return [...template, ...items, ...listBranches(spec, pointer)];
}

/** Whatever stands for itself behind a step; texts that begin like a path were reported where they were read. */
function listBranches(spec: JsonObject, pointer: string): readonly Text[] {
  const bands = Array.isArray(spec.bands) ? spec.bands : [];
  const places = [
    [spec.default, pointerTo(pointer, 'default')],
    ...Object.entries(isJsonObject(spec.map) ? spec.map : {}).map(
      ([code, value]) => [value, pointerTo(pointerTo(pointer, 'map'), code)] as const,
    ),
    ...bands.map(
      (band, index) =>
        [
          isJsonObject(band) ? band.is : null,
          pointerTo(pointerTo(pointerTo(pointer, 'bands'), index), 'is'),
        ] as const,
    ),
  ] as const;
  return places.flatMap(([value, place]) =>
    [value].flat().flatMap((text) => {
      const isRead = typeof text !== 'string' || looksUnfilled(text);
      return isRead ? [] : [{ text, pointer: place, isTemplate: false, isBranch: true as const }];
    }),
  );
}

/** Braces of another language, or of a template that nobody said is one: never meant. */
function reportBraces(draft: ConnectorDraft, { text, pointer }: Text, payloads: readonly JsonValue[]): void {
  // A text with `{{ $` was reported where it was read.
  if (/\{\{\s*\$/.test(text)) return;
  const filled = text.replace(/\{\{\s*([\w.$-]{1,200})\s*\}\}/g, (fill, name: string) => {
    const path = name.replace(/^\.+/, '');
    return resolve(path, payloads) === undefined ? fill : `{{ $.${path} }}`;
  });
  const instead =
    filled === text || parseTemplate(filled).problems.length > 0
      ? 'write { template: ... } with paths such as {{ $.name }}, or { value: ... } for braces that are meant'
      : `write { template: ${quote(filled)} }, or { value: ... } for braces that are meant`;
  draft.report({
    code: namesUsers(pointer) ? 'target-looks-like-path' : 'braces-unfilled',
    pointer,
    message: `${quote(text)} is used as it is, braces and all; ${instead}`,
  });
}

/** True when the text is a path without its `$.`, which was reported. */
function reportPath(
  draft: ConnectorDraft,
  { text, pointer, isBranch }: Text,
  payloads: readonly JsonValue[],
): boolean {
  const isName = /^[\w-]+$/.test(text);
  if (isBranch && isName) return false;
  const value = resolve(text, payloads);
  if (value === undefined) return false;
  // `source: stripe` is no slip because something in the payload is called "stripe".
  if (isName && typeof value === 'object') return false;
  const path = `$.${text}`;
  const instead = isBranch
    ? `nothing is read here; name the value as an alternative, as in path: [$.first, ${path}], or write { value: ${quote(text)} } where a default stands for the text`
    : `write ${quote(path)} for the value of the payload, or { value: ... } for the text`;
  const message = `${quote(text)} is used as it is; ${instead}`;
  const remedy = replaceBy(isName || isBranch ? undefined : path);
  draft.report({ code: codeAt(pointer), pointer, message, ...remedy });
  return true;
}

/** Paths in a text that nothing fills in. */
function reportUnfilled(draft: ConnectorDraft, one: Text, payloads: readonly JsonValue[]): void {
  const { text, pointer, isTemplate, isBranch } = one;
  // What cannot be read as a template, and a text that is meant as one, was reported.
  if (isTemplate ? parseTemplate(text).problems.length > 0 : /\{\{\s*\$/.test(text)) return;
  // What is filled in is blanked, so that the places of the rest stay.
  const rest = isTemplate ? text.replace(FILL, (fill) => ' '.repeat(fill.length)) : text;
  for (const match of rest.matchAll(UNFILLED)) {
    const { braced, bare = braced ?? '' } = match.groups ?? {};
    const path = bare.startsWith('$') ? bare.replace(/[.,;:!?]+$/, '') : `$.${bare}`;
    // Without `$` braces may be meant: only what the payload has is a path.
    if (!bare.startsWith('$') && resolve(bare, payloads) === undefined) continue;
    if (path.length > MAX_PATH || !parsePath(path).ok) continue;
    const written = braced === undefined ? path : match[0];
    const wanted = `{{ ${path} }}`;
    const ways = isBranch
      ? `nothing is filled in here; write { template: ${quote(text.replace(written, wanted))} } with ?? for what may be missing, or { value: ${quote(text)} } where a default stands for the text`
      : null;
    const plain = isTemplate
      ? `write ${wanted} for the value of the payload, or {{ ${quote(written)} }} for the text`
      : `write { template: ${quote(text.replace(written, wanted))} } for the value of the payload, or { value: ... } for the text`;
    draft.report({
      code: codeAt(pointer),
      pointer,
      message: `${quote(written)} is used as it is; ${ways ?? plain}`,
      within: { offset: match.index, length: written.length },
      ...replaceBy(isTemplate ? wanted : undefined),
    });
    // The first shows what is meant.
    return;
  }
}

/** The value that a path without `$.` names in one of the payloads. */
function resolve(text: string, payloads: readonly JsonValue[]): JsonValue | undefined {
  if (text === '' || text.length > MAX_PATH) return undefined;
  const path = `$.${text}`;
  const parsed = parsePath(path);
  if (!parsed.ok || !parsed.plain) return undefined;
  const compiled = compilePath(path);
  const values = payloads.map((payload) => compiled.first(payload));
  return (
    values.find((value) => value !== undefined && value !== null) ?? values.find((value) => value === null)
  );
}

function codeAt(pointer: string): 'target-looks-like-path' | 'literal-looks-like-path' {
  return namesUsers(pointer) ? 'target-looks-like-path' : 'literal-looks-like-path';
}
