/**
 * Structured mapping: the connector file's `mapping` becomes a plan, and the plan a function from payload and headers to
 * a trigger (not yet checked against the trigger's schema). Nothing is compiled while a request waits.
 */

import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { ExpressionPlan, StructuredMappingPlan } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import type { RequestHeaders } from '../request.ts';
import type { Difference } from '../shape/difference.ts';
import { isDummyValue } from './date-time.ts';
import { compileExpression, compileMembers } from './expression.ts';
import { compileIds, prepareIds } from './id-list.ts';
import { compileNamed } from './named-values.ts';
import { prepareExpression, prepareMembers } from './prepare-expression.ts';
import { prepareNamed } from './prepare-named.ts';
import type { ExpressionRead } from './prepared.ts';
import type { Scope } from './scope.ts';

export interface PreparedMapping {
  readonly plan: StructuredMappingPlan;
  /** What the mapping reads of the payload; what feeds targetUserIds is required, unless it has a default. */
  readonly reads: readonly ExpressionRead[];
}

export type MapResult =
  | { readonly kind: 'mapped'; readonly value: unknown }
  | { readonly kind: 'ignored'; readonly code: 'no-targets' }
  | {
      readonly kind: 'held';
      readonly code: 'mapping-failed';
      /** Names the output field and the path; no payload values. */
      readonly message: string;
      readonly differences: readonly Difference[];
    };

/** `root` is the whole body where the payload is an element of it. */
export type StructuredMapper = (payload: JsonValue, headers: RequestHeaders, root?: JsonValue) => MapResult;

export interface MappingSurroundings {
  /** What the file says under `values`. */
  readonly values: unknown;
  /** The payload is an element of the body. */
  readonly isBatch: boolean;
  /** The body is a form. */
  readonly isForm?: boolean;
}

const SECTIONS = ['cardOptions', 'variables', 'notificationDetail', 'metadata'] as const;
type Section = (typeof SECTIONS)[number];

/**
 * Compiles the mapping of a connector; null when something was reported. Unknown keys are the connector schema's matter.
 */
export function prepareStructuredMapping(
  spec: unknown,
  pointer: string,
  report: Report,
  { values, isBatch, isForm = false }: MappingSurroundings = { values: undefined, isBatch: false },
): PreparedMapping | null {
  if (!isJsonObject(spec)) {
    report({
      code: 'expression-invalid',
      pointer,
      message: 'the mapping is not an object; write targetUserIds: ...',
    });
    return null;
  }
  const reads: ExpressionRead[] = [];
  let isComplete = true;
  const keep = <Prepared extends { readonly reads: readonly ExpressionRead[] }>(
    prepared: Prepared | null,
  ): Prepared | undefined => {
    if (prepared === null) isComplete = false;
    else reads.push(...prepared.reads);
    return prepared ?? undefined;
  };
  const at = (name: string) => pointerTo(pointer, name);

  const named = prepareNamed(values, '/values', report, isBatch);
  const around = named.around;
  const targets = keep(prepareIds(spec.targetUserIds, at('targetUserIds'), true, report, around));
  const { targetStreamIds, ...cardOptions } = isJsonObject(spec.cardOptions) ? spec.cardOptions : {};
  const streams =
    targetStreamIds !== undefined &&
    keep(prepareIds(targetStreamIds, pointerTo(at('cardOptions'), 'targetStreamIds'), false, report, around));
  const invocation =
    spec.flowInvocationId !== undefined &&
    keep(prepareExpression(spec.flowInvocationId, at('flowInvocationId'), report, around));
  if (invocation && !checkOne(invocation.gives, at('flowInvocationId'), report)) isComplete = false;
  const sections: { [Name in Section]?: Readonly<Record<string, ExpressionPlan>> } = {};
  for (const name of SECTIONS) {
    const members = name === 'cardOptions' ? cardOptions : spec[name];
    if (!isJsonObject(members) || Object.keys(members).length === 0) continue;
    if (ONE_VALUE_SECTIONS.includes(name) && !checkValues(members, at(name), report)) isComplete = false;
    const prepared = keep(prepareMembers(members, at(name), report, around));
    if (!prepared) continue;
    const isOneEach = ONE_VALUE_SECTIONS.includes(name);
    sections[name] = isOneEach && isForm ? joinRepeated(name, prepared.plans) : prepared.plans;
    if (!isOneEach) continue;
    for (const [key, gives] of Object.entries(prepared.gives))
      if (!isList(name, key) && !checkOne(gives, pointerTo(at(name), key), report)) isComplete = false;
  }
  if (!isComplete || !targets || named.plans === null) return null;
  const plan: StructuredMappingPlan = {
    kind: 'structured',
    targetUserIds: targets.plans,
    ...(streams ? { targetStreamIds: streams.plans } : {}),
    ...(invocation ? { flowInvocationId: invocation.plan } : {}),
    ...sections,
    ...(Object.keys(named.plans).length === 0 ? {} : { values: named.plans }),
  };
  return { plan, reads };
}

/** Sections whose members are one text, number or flag each. */
const ONE_VALUE_SECTIONS: readonly Section[] = ['cardOptions', 'variables'];

/** { hello: Hello, you } has two keys to YAML, the second without a value. */
function checkValues(members: JsonObject, pointer: string, report: Report): boolean {
  const empty = Object.keys(members).filter((key) => members[key] === null);
  for (const key of empty) {
    const message = `"${key}" has no value; remove it, or, as a comma ends a value inside { }, put the text that it belongs to in quotes`;
    report({ code: 'expression-invalid', pointer: pointerTo(pointer, key), message });
  }
  return empty.length === 0;
}

/** Such as $['topics[]']: how often such a field comes is data of a form, where one value goes too. */
const REPEATED_FIELD = /\[\]['"]\]$/;
const LIST_STEPS = ['pick', 'join', 'count', 'sum'] as const;

function joinRepeated(
  section: Section,
  plans: Readonly<Record<string, ExpressionPlan>>,
): Readonly<Record<string, ExpressionPlan>> {
  const joined = ([key, plan]: readonly [string, ExpressionPlan]): readonly [string, ExpressionPlan] => {
    const isRepeated =
      plan.kind === 'path' &&
      plan.paths.every((path) => REPEATED_FIELD.test(path)) &&
      LIST_STEPS.every((step) => plan[step] === undefined) &&
      !isList(section, key);
    return [key, isRepeated ? { ...plan, join: ', ' } : plan];
  };
  return Object.fromEntries(Object.entries(plans).map(joined));
}

/** The one option of a card that is a list as it stands. */
function isList(section: Section, key: string): boolean {
  return section === 'cardOptions' && key === 'targetPlatforms';
}

function checkOne(gives: 'one' | 'many' | 'any', pointer: string, report: Report): boolean {
  if (gives !== 'many') return true;
  const message =
    'this gives a list, but one value goes here; add pick: first (or last), join: ", ", count: true or sum: true';
  report({ code: 'expression-invalid', pointer, message });
  return false;
}

/** Makes the function of a mapping. */
export function materialiseMapping(plan: StructuredMappingPlan): StructuredMapper {
  const targets = compileIds(plan.targetUserIds, 'targetUserIds');
  const fields = compileFields(plan);
  const open = compileNamed(plan.values);
  return (payload, headers, root) => {
    const scope = open(payload, headers, root);
    const found = targets(scope);
    if (found.kind === 'empty') return { kind: 'ignored', code: 'no-targets' };
    if (found.kind !== 'ids') return held(found.message);
    const trigger: Record<string, unknown> = { targetUserIds: found.ids };
    for (const field of fields) {
      const failure = field(trigger, scope);
      if (failure !== undefined) return held(failure);
    }
    return { kind: 'mapped', value: trigger };
  };
}

/** Writes one field of the trigger, or leaves it out; returns the message of a failure. */
type WriteField = (trigger: Record<string, unknown>, scope: Scope) => string | undefined;

function compileFields(plan: StructuredMappingPlan): readonly WriteField[] {
  const fields = SECTIONS.flatMap((name) => {
    const members = plan[name];
    return members === undefined ? [] : [compileSection(name, members)];
  });
  if (plan.targetStreamIds !== undefined) fields.push(compileStreams(plan.targetStreamIds));
  if (plan.flowInvocationId !== undefined) fields.push(compileInvocationId(plan.flowInvocationId));
  return fields;
}

function compileSection(name: Section, members: Readonly<Record<string, ExpressionPlan>>): WriteField {
  const evaluate = compileMembers(members, name);
  const isTimed = name === 'cardOptions' && TIMES.some((time) => time in members);
  return (trigger, scope) => {
    const result = evaluate(scope);
    if (result.kind === 'failed') return result.message;
    if (isTimed) return writeTimed(trigger, result.value);
    // A section of which nothing is there is left out, as a single value is.
    if (Object.keys(result.value).length > 0) trigger[name] = result.value;
    return undefined;
  };
}

const TIMES = ['expires', 'embargo'] as const;

/** A dummy time means "never" or "not yet": the option is missing, as a card that expired in the year one is nobody's. */
function writeTimed(trigger: Record<string, unknown>, options: Readonly<Record<string, unknown>>): undefined {
  const entries = Object.entries(options).filter(
    ([key, value]) => !(TIMES as readonly string[]).includes(key) || !isDummyValue(value as JsonValue),
  );
  if (entries.length > 0) trigger.cardOptions = Object.fromEntries(entries);
}

/** Runs after the section cardOptions, which it completes. */
function compileStreams(plans: readonly ExpressionPlan[]): WriteField {
  const streams = compileIds(plans, 'cardOptions.targetStreamIds');
  return (trigger, scope) => {
    const found = streams(scope);
    if (found.kind === 'failed') return found.message;
    if (found.kind !== 'ids') return undefined;
    trigger.cardOptions = { ...(trigger.cardOptions as object | undefined), targetStreamIds: found.ids };
    return undefined;
  };
}

function compileInvocationId(plan: ExpressionPlan): WriteField {
  const evaluate = compileExpression(plan, 'flowInvocationId');
  return (trigger, scope) => {
    const result = evaluate(scope);
    if (result.kind === 'failed') return result.message;
    if (result.kind !== 'value') return undefined;
    trigger.flowInvocationId = typeof result.value === 'number' ? String(result.value) : result.value;
    return undefined;
  };
}

function held(message: string): MapResult {
  return { kind: 'held', code: 'mapping-failed', message, differences: [] };
}
