/**
 * The mapping field by field, for a payload of which the whole makes no trigger. In: the mapping as the file has it, and a
 * payload. Out: each field with its value, or why it has none: one that fails does not hide the others.
 */
import type { Connector } from '../../generated/connector.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { materialiseMapping, prepareStructuredMapping } from '../../stages/mapping/map-structured.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { EvaluationSample } from '../../stages/sample.ts';

export type FieldPreview = {
  /** Into the connector file. */
  readonly pointer: string;
  /** As messages name it, such as variables.amount. */
  readonly field: string;
} & ({ readonly value: JsonValue } | { readonly problem: string });

type Structured = Exclude<NonNullable<Connector['mapping']>, { readonly script: string }>;

/** Sections whose members are fields of their own. */
const SECTIONS: ReadonlySet<string> = new Set(['cardOptions', 'variables', 'notificationDetail', 'metadata']);
const RECIPIENTS = 'targetUserIds';
/** Stands for recipients where another field is tried. */
const SOMEBODY = { value: 'somebody' };

export interface FieldContext {
  readonly values: Connector['values'];
  readonly isBatch: boolean;
  readonly isForm: boolean;
}

/** `mapping` may be anything that its file says: what is no mapping has no fields. */
export function previewFields(
  mapping: unknown,
  payload: JsonValue,
  sample: EvaluationSample,
  context: FieldContext,
): readonly FieldPreview[] {
  if (!isJsonObject(mapping) || 'script' in mapping) return [];
  return Object.entries(mapping).flatMap(([name, spec]): FieldPreview[] => {
    if (!SECTIONS.has(name) || !isJsonObject(spec))
      return [previewField([name], { [name]: spec }, payload, sample, context)];
    return Object.entries(spec).map(([member, one]) =>
      previewField([name, member], { [name]: { [member]: one } }, payload, sample, context),
    );
  });
}

function previewField(
  path: readonly string[],
  alone: Record<string, unknown>,
  payload: JsonValue,
  sample: EvaluationSample,
  context: FieldContext,
): FieldPreview {
  const place = { pointer: path.reduce(pointerTo, '/mapping'), field: path.join('.') };
  const problems: string[] = [];
  try {
    const spec = { [RECIPIENTS]: SOMEBODY, ...alone } as unknown as Structured;
    const prepared = prepareStructuredMapping(
      spec,
      '/mapping',
      ({ message }) => problems.push(message),
      context,
    );
    if (prepared === null) return { ...place, problem: problems[0] ?? 'it is not understood' };
    const mapped = materialiseMapping(prepared.plan)(payload, sample.headers, sample.body);
    if (mapped.kind === 'held') return { ...place, problem: mapped.message };
    if (mapped.kind === 'ignored') return { ...place, value: [] };
    const value = path.reduce<unknown>(
      (inside, name) => (inside as Record<string, unknown>)?.[name],
      mapped.value,
    );
    return value === undefined
      ? { ...place, problem: 'this sample has no value for it' }
      : { ...place, value: value as JsonValue };
  } catch {
    // What is no expression at all has been reported by the schema.
    return { ...place, problem: problems[0] ?? 'it is not understood' };
  }
}
