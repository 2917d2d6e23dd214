/**
 * Why a sample does not meet an entry of `when`. In: the entry's plan and the sample. Out: what stands in the sample and
 * what the entry wants, in words, and notes that point at the place. Samples are files of the repository: they are quoted.
 */
import type { Note } from '../../diagnostics/diagnostic.ts';
import { quote, quoteList } from '../../diagnostics/printable.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { isReference } from '../../stages/conditions/compare.ts';
import { compilePath } from '../../stages/json/compile-path.ts';
import { parseScopedPath, splitRoot } from '../../stages/json/json-path.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { ConditionPlan, Operand } from '../../stages/plans.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { DraftSample } from '../draft.ts';
import { noteSamples } from './sample-names.ts';

/** Values of a list that are named. */
const MAX_NAMED = 5;

/** Follows "would be ignored: ". */
export function describeMismatch(plan: ConditionPlan, sample: DraftSample): string {
  if (plan.any !== undefined) return `none of ${plan.any.length} conditions under \`any\` holds`;
  const subject = plan.path === undefined ? `the header ${quote(plan.header)}` : quote(plan.path);
  const values: readonly (JsonValue | undefined)[] =
    plan.path === undefined
      ? sample.headers.all(plan.header ?? '')
      : compilePath(splitRoot(plan.path).path).all(sample.body);
  const wanted = describeWanted(plan);
  const [value] = values;
  if (value === undefined) {
    const hint =
      plan.path === undefined
        ? '; write the sample as {"headers": {...}, "body": {...}}'
        : `, and ${wanted} is wanted`;
    return `${subject} is missing there${hint}`;
  }
  const found = values.length > 1 ? listValues(values) : quote(value);
  return `${subject} is ${found} there, and ${wanted} is wanted${suggestValue(plan, value)}`;
}

/** Notes at the places that the entry looks at, or at the samples. */
export function noteMismatch({ path }: ConditionPlan, samples: readonly DraftSample[]): readonly Note[] {
  const parsed = path === undefined ? null : parseScopedPath(path);
  if (parsed === null || !parsed.ok || !parsed.plain) return noteSamples(samples);
  const pointer = parsed.segments.reduce(
    (base, segment) =>
      segment.kind === 'name' || segment.kind === 'index'
        ? pointerTo(base, segment.kind === 'name' ? segment.name : segment.index)
        : base,
    '',
  );
  const isThere = samples.every(
    ({ body }) => compilePath(splitRoot(path ?? '').path).first(body) !== undefined,
  );
  const notes = noteSamples(samples.map((sample) => ({ ...sample, spanOf: () => sample.spanOf(pointer) })));
  return isThere ? notes.map((note) => ({ ...note, message: 'it stands here' })) : noteSamples(samples);
}

function describeWanted(plan: ConditionPlan): string {
  const { equals, in: among, prefix, exists, notEquals, notIn, above, below, contains } = plan;
  if (equals !== undefined) return quoteOperand(equals);
  if (notEquals !== undefined) return `anything but ${quoteOperand(notEquals)}`;
  if (notIn !== undefined) return `anything but ${listValues(notIn)}`;
  if (above !== undefined) return `a number above ${quoteOperand(above)}`;
  if (below !== undefined) return `a number below ${quoteOperand(below)}`;
  if (contains !== undefined) return `something with ${quote(contains)} in it`;
  if (among !== undefined) return listValues(among);
  if (prefix !== undefined) return `a text that starts with ${quote(prefix)}`;
  return exists === false ? 'none' : 'a value';
}

function quoteOperand(operand: Operand): string {
  if (!isReference(operand)) return quote(operand);
  return `what ${'path' in operand ? quote(operand.path) : quote(operand.use)} says`;
}

function listValues(values: readonly unknown[]): string {
  const more = values.length - MAX_NAMED;
  return more > 0 ? `${quoteList(values.slice(0, MAX_NAMED))} or ${more} more` : quoteList(values);
}

/** What the entry says may be a slip for what the sample has. */
function suggestValue({ equals, in: among = [] }: ConditionPlan, found: JsonValue): string {
  if (typeof found !== 'string') return '';
  const written = [equals, ...among].filter((one) => typeof one === 'string');
  return written.map((one) => didYouMean(one, [found])).find((hint) => hint !== '') ?? '';
}
