/**
 * Mapping expressions, the compiler's half: what the connector file says in, a plan and the paths that it reads out.
 * Reports everything that is wrong with it. Knows no samples: whether a path leads anywhere is checked elsewhere.
 */
import { parsePath } from '../json/json-path.ts';
import { stringifyJson } from '../json/json-text.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { Conversion, ExpressionPlan, PathRead } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import { checkLiteral, checkOutputKey } from './literal.ts';
import { parseTemplate } from './text-template.ts';

export interface ExpressionRead extends PathRead {
  /** Where the connector file names the paths: a text, or a list of texts. */
  readonly pointer: string;
  /** Inside a template: the paths' place in its text, in UTF-16 units. Without `optional` a template needs it to resolve. */
  readonly within?: { readonly offset: number; readonly length: number };
}

export interface PreparedExpression {
  readonly plan: ExpressionPlan;
  readonly reads: readonly ExpressionRead[];
}

/** Most alternatives of one path: each is tried for every request. */
const MAX_ALTERNATIVES = 16;
const SOURCES = ['path', 'template', 'header', 'value'] as const;
const OPTIONS = ['as', 'default'];
const CONVERSIONS: readonly unknown[] = [
  'string',
  'number',
  'integer',
  'boolean',
  'json',
  'date-time',
] satisfies Conversion[];
/** Field name of RFC 9110, as in the connector schema. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;

/** Compiles one expression; null when something was reported. */
export function prepareExpression(spec: unknown, pointer: string, report: Report): PreparedExpression | null {
  if (typeof spec === 'string') return prepareText(spec, pointer, report);
  if (Array.isArray(spec)) {
    const items = prepareEach(
      spec.map((item, index) => [index, item]),
      pointer,
      report,
    );
    return (
      items && { plan: { kind: 'list', items: items.plans.map(([, plan]) => plan) }, reads: items.reads }
    );
  }
  if (!isJsonObject(spec)) return { plan: { kind: 'literal', value: spec ?? null }, reads: [] };
  const sources = SOURCES.filter((source) => Object.hasOwn(spec, source));
  const [source] = sources;
  if (source === undefined) {
    const members = prepareMembers(spec, pointer, report);
    return members && { plan: { kind: 'object', members: members.plans }, reads: members.reads };
  }
  if (sources.length > 1) {
    return invalid(
      report,
      pointer,
      `the expression has ${sources.map(quote).join(' and ')}; keep one of them`,
    );
  }
  const others = Object.keys(spec).filter((key) => key !== source);
  const unknown = others.find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined) {
    return invalid(
      report,
      pointerTo(pointer, unknown),
      `${quote(unknown)} has no meaning beside ${quote(source)}, which makes this an expression; remove it, or wrap the object: { value: {...} }`,
    );
  }
  if (source === 'value') return prepareValue(spec, others, pointer, report);
  const options = prepareOptions(spec, pointer, report);
  if (source === 'path') return preparePath(spec.path, options, pointerTo(pointer, 'path'), report);
  if (source === 'header') return prepareHeader(spec.header, options, pointerTo(pointer, 'header'), report);
  return prepareTemplate(spec.template, options, pointerTo(pointer, 'template'), report);
}

export interface PreparedMembers {
  readonly plans: Readonly<Record<string, ExpressionPlan>>;
  readonly reads: readonly ExpressionRead[];
}

/** Compiles an object whose values are expressions; null when something was reported. */
export function prepareMembers(spec: JsonObject, pointer: string, report: Report): PreparedMembers | null {
  const entries = Object.entries(spec);
  const areNamesAllowed = entries
    .map(([key]) => checkOutputKey(key, pointerTo(pointer, key), report))
    .every(Boolean);
  const members = prepareEach(entries, pointer, report);
  return areNamesAllowed && members
    ? { plans: Object.fromEntries(members.plans), reads: members.reads }
    : null;
}

function prepareEach(
  entries: readonly (readonly [key: string | number, spec: unknown])[],
  pointer: string,
  report: Report,
): {
  plans: readonly (readonly [string | number, ExpressionPlan])[];
  reads: readonly ExpressionRead[];
} | null {
  const plans: (readonly [string | number, ExpressionPlan])[] = [];
  const reads: ExpressionRead[] = [];
  for (const [key, spec] of entries) {
    const prepared = prepareExpression(spec, pointerTo(pointer, key), report);
    if (prepared === null) continue;
    plans.push([key, prepared.plan]);
    reads.push(...prepared.reads);
  }
  return plans.length === entries.length ? { plans, reads } : null;
}

/** null when one of them was reported. */
type Options = { readonly as?: Conversion; readonly default?: unknown } | null;

function prepareOptions(spec: JsonObject, pointer: string, report: Report): Options {
  const hasDefault = Object.hasOwn(spec, 'default');
  if (hasDefault && !checkLiteral(spec.default, pointerTo(pointer, 'default'), report)) return null;
  const options = hasDefault ? { default: spec.default } : {};
  if (!Object.hasOwn(spec, 'as')) return options;
  if (CONVERSIONS.includes(spec.as)) return { ...options, as: spec.as as Conversion };
  const message = `${quote(spec.as)} is not a conversion; use one of ${CONVERSIONS.join(', ')}`;
  return invalid(report, pointerTo(pointer, 'as'), message);
}

function prepareText(text: string, pointer: string, report: Report): PreparedExpression | null {
  if (text.startsWith('$')) return preparePath(text, {}, pointer, report);
  if (/\{\{\s*\$/.test(text)) {
    const message = `${quote(text)} is a plain text; write { template: ... } to fill it in, or { value: ... } to keep it as it is`;
    return invalid(report, pointer, message);
  }
  return { plan: { kind: 'literal', value: text }, reads: [] };
}

function preparePath(
  spec: unknown,
  options: Options,
  pointer: string,
  report: Report,
): PreparedExpression | null {
  const isList = Array.isArray(spec);
  const specs: readonly unknown[] = isList ? spec : [spec];
  if (specs.length === 0 || specs.length > MAX_ALTERNATIVES) {
    return invalid(
      report,
      pointer,
      `a list of paths has 1 to ${MAX_ALTERNATIVES} entries, the first that resolves wins`,
    );
  }
  const paths: string[] = [];
  for (const [index, text] of specs.entries()) {
    const place = isList ? pointerTo(pointer, index) : pointer;
    if (typeof text !== 'string') {
      invalid(report, place, `${quote(text)} is not a path; a path is a text such as "$.id"`);
      continue;
    }
    const parsed = parsePath(text);
    if (parsed.ok) paths.push(text);
    else {
      const { code, message, offset, length } = parsed;
      report({ code, pointer: place, message: message + adviseLiteral(text), within: { offset, length } });
    }
  }
  if (paths.length < specs.length || options === null) return null;
  return {
    plan: { kind: 'path', paths, ...options },
    reads: [{ paths, required: false, optional: 'default' in options, pointer }],
  };
}

function prepareTemplate(
  spec: unknown,
  options: Options,
  pointer: string,
  report: Report,
): PreparedExpression | null {
  if (typeof spec !== 'string') {
    return invalid(
      report,
      pointer,
      `${quote(spec)} is not a template; a template is a text such as "Hello {{ $.name }}"`,
    );
  }
  const { parts, reads, problems } = parseTemplate(spec);
  for (const { code, message, offset, length } of problems) {
    report({ code, pointer, message, within: { offset, length } });
  }
  if (problems.length > 0 || options === null) return null;
  return {
    plan: { kind: 'template', parts, ...options },
    reads: reads.map(({ paths, offset, length, ...fill }) => ({
      paths,
      required: false,
      optional: 'default' in fill || 'default' in options,
      pointer,
      within: { offset, length },
    })),
  };
}

function prepareHeader(
  spec: unknown,
  options: Options,
  pointer: string,
  report: Report,
): PreparedExpression | null {
  if (typeof spec !== 'string' || !HEADER_NAME.test(spec)) {
    return invalid(report, pointer, `${quote(spec)} is not the name of a header`);
  }
  return options && { plan: { kind: 'header', name: spec.toLowerCase(), ...options }, reads: [] };
}

function prepareValue(
  spec: JsonObject,
  others: readonly string[],
  pointer: string,
  report: Report,
): PreparedExpression | null {
  const [other] = others;
  if (other !== undefined) {
    const message = `${quote(other)} has no use beside "value", which stands as it is; remove it`;
    return invalid(report, pointerTo(pointer, other), message);
  }
  if (!checkLiteral(spec.value, pointerTo(pointer, 'value'), report)) return null;
  return { plan: { kind: 'literal', value: spec.value }, reads: [] };
}

function invalid(report: Report, pointer: string, message: string): null {
  report({ code: 'expression-invalid', pointer, message });
  return null;
}

/** "$5" is an amount rather than a path. */
function adviseLiteral(text: string): string {
  return /^\$[\d ]/.test(text) ? '; if it is meant as a text, write { value: ... }' : '';
}

function quote(value: unknown): string {
  return value === undefined ? 'nothing' : stringifyJson(value);
}
