/**
 * How a value comes about, word by word: 6 -> map -> "Resolved". In: the mapping and the named values as the file has them,
 * and a payload. Out: for each expression with steps what its source gives and what each step makes of it.
 */
import { stringifyJson } from '../../stages/json/json-text.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { materialiseMapping, prepareStructuredMapping } from '../../stages/mapping/map-structured.ts';
import { SOURCES } from '../../stages/mapping/prepare-expression.ts';
import { STEP_NAMES } from '../../stages/mapping/prepare-steps.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import type { FieldContext } from './preview-fields.ts';

export interface StepPreview {
  /** The source, or a step. */
  readonly word: string;
  /** What there is after it; absent: nothing. */
  readonly value?: JsonValue;
  /** Why it cannot be done: what follows is not reached. */
  readonly problem?: string;
}

export interface StepsPreview {
  /** Into the connector file. */
  readonly pointer: string;
  /** As messages name it, such as variables.amount or values.price. */
  readonly field: string;
  /** The paths that it starts from. */
  readonly paths: readonly string[];
  readonly steps: readonly StepPreview[];
}

/** Expressions without steps are left out: their value says it all. */
export function previewSteps(
  mapping: unknown,
  payload: JsonValue,
  sample: EvaluationSample,
  context: FieldContext,
): readonly StepsPreview[] {
  if (!isJsonObject(mapping) || 'script' in mapping) return [];
  const named = listExpressions(context.values, '/values', 'values');
  return [...named, ...listExpressions(mapping, '/mapping', '')].map(({ pointer, field, spec }) => ({
    pointer,
    field,
    paths: [spec.path].flat().filter((path) => typeof path === 'string'),
    steps: stepsOf(spec, payload, sample, context),
  }));
}

/** Such as `6 -> map -> "Resolved"`. */
export function describeSteps(steps: readonly StepPreview[]): string {
  return steps
    .map(({ word, value, problem }, index) => {
      const shown = problem === undefined ? describeValue(value) : `fails: ${problem}`;
      return index === 0 ? shown : `${word} -> ${shown}`;
    })
    .join(' -> ');
}

/** Longest value, in UTF-16 units. */
const MAX_SHOWN = 60;

function describeValue(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  const text = stringifyJson(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

type Spec = Readonly<Record<string, unknown>>;

interface Placed {
  readonly pointer: string;
  readonly field: string;
  readonly spec: Spec;
}

function listExpressions(value: unknown, pointer: string, field: string): readonly Placed[] {
  if (typeof value !== 'object' || value === null) return [];
  const isExpression = !Array.isArray(value) && SOURCES.some((source) => Object.hasOwn(value, source));
  if (isExpression) return wordsOf(value as Spec).length > 1 ? [{ pointer, field, spec: value as Spec }] : [];
  return Object.entries(value).flatMap(([key, member]) =>
    listExpressions(member, pointerTo(pointer, key), field === '' ? key : `${field}.${key}`),
  );
}

/** The source and the steps, in the order in which they run. */
function wordsOf(spec: Spec): readonly string[] {
  return [...SOURCES, ...STEP_NAMES].filter((word) => Object.hasOwn(spec, word));
}

function stepsOf(
  spec: Spec,
  payload: JsonValue,
  sample: EvaluationSample,
  context: FieldContext,
): readonly StepPreview[] {
  const words = wordsOf(spec);
  const steps: StepPreview[] = [];
  for (const index of words.keys()) {
    const word = words[index] as string;
    const until = words.slice(0, index + 1);
    // A default says what becomes of the end; on the way it keeps a lookup from failing where nothing is missing yet.
    const part = Object.fromEntries(until.map((name) => [name, spec[name]]));
    const hasDefault = Object.hasOwn(spec, 'default') && word !== 'default';
    const step = {
      word,
      ...evaluateAlone(hasDefault ? { ...part, default: null } : part, payload, sample, context),
    };
    const before = steps.at(-1);
    // A default that was not needed changes nothing.
    if (word === 'default' && before !== undefined && before.value !== undefined) break;
    steps.push(step);
    if (step.problem !== undefined) break;
  }
  return steps;
}

function evaluateAlone(
  spec: Spec,
  payload: JsonValue,
  sample: EvaluationSample,
  context: FieldContext,
): Omit<StepPreview, 'word'> {
  const problems: string[] = [];
  const alone = { targetUserIds: { value: 'somebody' }, metadata: { value: spec } };
  const prepared = prepareStructuredMapping(
    alone,
    '/mapping',
    ({ message }) => problems.push(message),
    context,
  );
  if (prepared === null) return { problem: problems[0] ?? 'it is not understood' };
  const mapped = materialiseMapping(prepared.plan)(payload, sample.headers, sample.body);
  if (mapped.kind === 'held') return { problem: mapped.message.replace(/^metadata\.value: /, '') };
  const { metadata } = (mapped as { value: { metadata?: { value?: JsonValue } } }).value;
  return metadata?.value === undefined ? {} : { value: metadata.value };
}
