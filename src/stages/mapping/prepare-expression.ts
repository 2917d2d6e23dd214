/**
 * Mapping expressions, the compiler's half: what the connector file says in, a plan and the paths that it reads out.
 * Reports everything that is wrong with it. Knows no samples: whether a path leads anywhere is checked elsewhere.
 */
import { parseScopedPath, splitRoot } from '../json/json-path.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { ExpressionPlan } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import { checkOutputKey } from './literal.ts';
import { type PreparedSteps, prepareSteps, STEP_NAMES } from './prepare-steps.ts';
import { prepareTemplate } from './prepare-template.ts';
import { prepareValue } from './prepare-value.ts';
import {
  ALONE,
  type ExpressionRead,
  invalid,
  lookUp,
  type PreparedExpression,
  quote,
  type Surroundings,
} from './prepared.ts';

/** Most alternatives of one path: each is tried for every request. */
const MAX_ALTERNATIVES = 16;
const MAX_ITEMS = 100;
export const SOURCES = ['path', 'list', 'template', 'header', 'value', 'use'] as const;
/** Field name of RFC 9110 that begins with a letter or digit, as all in use do: `$.total` is a slip for a path. */
const HEADER_NAME = /^[A-Za-z0-9][A-Za-z0-9!#%&'*+.^_`|~-]{0,127}$/;

/** Compiles one expression; null when something was reported. */
export function prepareExpression(
  spec: unknown,
  pointer: string,
  report: Report,
  around: Surroundings = ALONE,
): PreparedExpression | null {
  if (typeof spec === 'string') return prepareText(spec, pointer, report, around);
  if (Array.isArray(spec)) {
    const entries = spec.map((item, index) => [index, item] as const);
    const items = prepareEach(entries, pointer, report, around);
    if (items === null) return null;
    const plans = items.plans.map(([, plan]) => plan);
    return { plan: { kind: 'list', items: plans }, reads: items.reads, gives: 'many' };
  }
  if (!isJsonObject(spec)) return { plan: { kind: 'literal', value: spec ?? null }, reads: [], gives: 'one' };
  const sources = SOURCES.filter((source) => Object.hasOwn(spec, source));
  const [source] = sources;
  if (source === undefined) {
    const members = prepareMembers(spec, pointer, report, around);
    return (
      members && { plan: { kind: 'object', members: members.plans }, reads: members.reads, gives: 'any' }
    );
  }
  if (sources.length > 1) {
    const message = `the expression has ${sources.map(quote).join(' and ')}; keep one of them`;
    return invalid(report, pointer, message);
  }
  const others = Object.keys(spec).filter((key) => key !== source);
  const unknown = others.find((key) => !STEP_NAMES.includes(key));
  if (unknown !== undefined) {
    // { default: Hello, you } has two keys to YAML, the second without a value.
    const advice =
      spec[unknown] === null
        ? 'inside { } a comma ends a value: put a text with a comma in quotes'
        : 'remove it, or wrap the object: { value: {...} }';
    const message = `${quote(unknown)} has no meaning beside ${quote(source)}, which makes this an expression; ${advice}`;
    return invalid(report, pointerTo(pointer, unknown), message);
  }
  if (source === 'value') return prepareValue(spec, others, pointer, report);
  const steps = prepareSteps(spec, source, pointer, report, around, prepareExpression);
  const from = prepareSource(spec, source, steps, pointer, report, around);
  if (steps === null || from === null) return null;
  return {
    plan: { ...from.plan, ...steps.plan } as ExpressionPlan,
    reads: [...from.reads, ...steps.reads],
    gives: steps.gives ?? from.gives,
  };
}

function prepareSource(
  spec: JsonObject,
  source: Exclude<(typeof SOURCES)[number], 'value'>,
  steps: PreparedSteps | null,
  pointer: string,
  report: Report,
  around: Surroundings,
): PreparedExpression | null {
  const place = pointerTo(pointer, source);
  switch (source) {
    case 'path':
      return preparePath(spec.path, steps, place, report, around);
    case 'list':
      return prepareGather(spec.list, place, report, around);
    case 'header':
      return prepareHeader(spec.header, place, report);
    case 'template':
      return prepareTemplate(spec.template, steps?.hasDefault ?? true, place, report, around);
    case 'use':
      return prepareUse(spec.use, steps?.hasDefault ?? true, place, report, around);
  }
}

export interface PreparedMembers {
  readonly plans: Readonly<Record<string, ExpressionPlan>>;
  readonly reads: readonly ExpressionRead[];
  readonly gives: Readonly<Record<string, PreparedExpression['gives']>>;
}

/** Compiles an object whose values are expressions; null when something was reported. */
export function prepareMembers(
  spec: JsonObject,
  pointer: string,
  report: Report,
  around: Surroundings = ALONE,
): PreparedMembers | null {
  const entries = Object.entries(spec);
  const areNamesAllowed = entries
    .map(([key]) => checkOutputKey(key, pointerTo(pointer, key), report))
    .every(Boolean);
  const members = prepareEach(entries, pointer, report, around);
  if (!areNamesAllowed || members === null) return null;
  const gives = Object.fromEntries(members.plans.map(([key, , given]) => [key, given]));
  return {
    plans: Object.fromEntries(members.plans.map(([key, plan]) => [key, plan])),
    reads: members.reads,
    gives,
  };
}

type Placed = readonly [key: string | number, plan: ExpressionPlan, gives: PreparedExpression['gives']];

function prepareEach(
  entries: readonly (readonly [key: string | number, spec: unknown])[],
  pointer: string,
  report: Report,
  around: Surroundings,
): { plans: readonly Placed[]; reads: readonly ExpressionRead[] } | null {
  const plans: Placed[] = [];
  const reads: ExpressionRead[] = [];
  for (const [key, spec] of entries) {
    const prepared = prepareExpression(spec, pointerTo(pointer, key), report, around);
    if (prepared === null) continue;
    plans.push([key, prepared.plan, prepared.gives]);
    reads.push(...prepared.reads);
  }
  return plans.length === entries.length ? { plans, reads } : null;
}

function prepareText(
  text: string,
  pointer: string,
  report: Report,
  around: Surroundings,
): PreparedExpression | null {
  if (text.startsWith('$')) return preparePath(text, null, pointer, report, around);
  if (/\{\{\s*\$/.test(text)) {
    const message = `${quote(text)} is a plain text; write { template: ${quote(text)} } to fill it in`;
    return invalid(report, pointer, message);
  }
  return { plan: { kind: 'literal', value: text }, reads: [], gives: 'one' };
}

function preparePath(
  spec: unknown,
  steps: PreparedSteps | null,
  pointer: string,
  report: Report,
  around: Surroundings,
): PreparedExpression | null {
  const isList = Array.isArray(spec);
  const specs: readonly unknown[] = isList ? spec : [spec];
  if (specs.length === 0 || specs.length > MAX_ALTERNATIVES) {
    const message = `a list of paths has 1 to ${MAX_ALTERNATIVES} entries, the first that resolves wins`;
    return invalid(report, pointer, message);
  }
  const paths: string[] = [];
  let isPlain = true;
  for (const [index, text] of specs.entries()) {
    const place = isList ? pointerTo(pointer, index) : pointer;
    if (typeof text !== 'string') {
      invalid(report, place, `${quote(text)} is not a path; a path is a text such as "$.id"`);
      continue;
    }
    const parsed = parseScopedPath(text);
    if (parsed.ok) {
      paths.push(text);
      isPlain &&= parsed.plain;
    } else {
      const { code, message, offset, length } = parsed;
      report({ code, pointer: place, message: message + adviseLiteral(text), within: { offset, length } });
    }
  }
  if (paths.length < specs.length) return null;
  const reads = readsOfPaths(paths, steps, pointer, around);
  return { plan: { kind: 'path', paths }, reads, gives: isPlain ? 'any' : 'many' };
}

/** Alternatives of one scope are one read: any of them will do. Of two scopes each may be missing. */
function readsOfPaths(
  paths: readonly string[],
  steps: PreparedSteps | null,
  pointer: string,
  { isBatch }: Surroundings,
): readonly ExpressionRead[] {
  const scopes = [false, true].map((root) => paths.filter((text) => splitRoot(text).isRoot === root));
  const isMixed = isBatch && scopes.every((some) => some.length > 0);
  const groups = isBatch ? scopes.filter((some) => some.length > 0) : [paths];
  const optional = (steps?.hasDefault ?? false) || isMixed;
  return groups.flatMap((group): readonly ExpressionRead[] => {
    const root = isBatch && splitRoot(group[0] ?? '').isRoot ? { root: true as const } : {};
    const inside = group.map((text) => splitRoot(text).path);
    const common = { required: false, optional, pointer, ...root };
    if (steps === null || !steps.choosesElements)
      return [{ ...common, paths: inside, ...(steps?.isShallow ? { shallow: true as const } : {}) }];
    const ofElements = inside.flatMap((path) => steps.readsOf(path, group.length > 1 || optional));
    const placed = ofElements.map((read) => ({ ...read, ...(read.root ? {} : root) }));
    return [{ ...common, paths: inside, shallow: true as const }, ...placed];
  });
}

function prepareGather(
  spec: unknown,
  pointer: string,
  report: Report,
  around: Surroundings,
): PreparedExpression | null {
  if (!Array.isArray(spec) || spec.length === 0 || spec.length > MAX_ITEMS) {
    const message = `\`list\` takes 1 to ${MAX_ITEMS} paths or values, such as [$.author.id, "$.watchers[*].id"]`;
    return invalid(report, pointer, message);
  }
  const entries = spec.map((item, index) => [index, item] as const);
  const items = prepareEach(entries, pointer, report, around);
  if (items === null) return null;
  const wrong = items.plans.find(([, plan]) => plan.kind === 'object' || plan.kind === 'list');
  if (wrong !== undefined)
    return invalid(
      report,
      pointerTo(pointer, wrong[0]),
      'this is no value of a list; write a path or a value',
    );
  const plans = items.plans.map(([, plan]) => plan);
  return { plan: { kind: 'gather', items: plans }, reads: items.reads, gives: 'many' };
}

function prepareUse(
  spec: unknown,
  hasDefault: boolean,
  pointer: string,
  report: Report,
  around: Surroundings,
): PreparedExpression | null {
  if (typeof spec !== 'string') return invalid(report, pointer, `${quote(spec)} is not the name of a value`);
  const prepared = lookUp(spec, pointer, report, around);
  if (prepared === null) return null;
  const reads = prepared.reads.map((read) => ({ ...read, optional: read.optional || hasDefault }));
  return { plan: { kind: 'use', name: spec }, reads, gives: prepared.gives };
}

function prepareHeader(spec: unknown, pointer: string, report: Report): PreparedExpression | null {
  if (typeof spec === 'string' && HEADER_NAME.test(spec))
    return { plan: { kind: 'header', name: spec.toLowerCase() }, reads: [], gives: 'one' };
  const advice =
    typeof spec === 'string' && spec.startsWith('$')
      ? '; write { path: ... } for a value of the payload, or { value: { header: ... } } for an object with a member "header"'
      : '';
  return invalid(report, pointer, `${quote(spec)} is not the name of a header${advice}`);
}

/** "$5" is an amount rather than a path. */
function adviseLiteral(text: string): string {
  return /^\$[\d ]/.test(text) ? '; if it is meant as a text, write { value: ... }' : '';
}
