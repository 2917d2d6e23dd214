/**
 * Rule: every sample becomes a valid trigger. Runs the stages that production runs, on each sample, and reports at the
 * entry of the mapping what they refuse, and what a card lacks.
 */
import type { Code } from '../../diagnostics/codes.ts';
import { checkTrigger } from '../../stages/check-trigger.ts';
import { materialiseEvaluator } from '../../stages/evaluate.ts';
import type { ElementHeld, ElementResult } from '../../stages/evaluation.ts';
import { compilePath } from '../../stages/json/compile-path.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { readDateTime } from '../../stages/mapping/date-time.ts';
import { materialiseMapping } from '../../stages/mapping/map-structured.ts';
import type { MappingPlan, RecipientPlan, StructuredMappingPlan } from '../../stages/plans.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { ConnectorDraft, DraftSample } from '../draft.ts';
import { sampleInput } from '../sample-input.ts';
import { nameSamples, noteSamples } from './sample-names.ts';
import { checkVariables, type SampleCard } from './variable-missing.ts';

/** Elements of a batch that are run: what fails for fifty of them is seen. */
const MAX_ELEMENTS = 50;

/** What happens to a sample, instead of becoming a trigger. */
interface Finding {
  readonly code: Code;
  /** Into the connector file. */
  readonly pointer: string;
  readonly reason: string;
}

export async function checkPreview(draft: ConnectorDraft): Promise<void> {
  const { plan } = draft.parts;
  if (plan === undefined || plan.shape === null) return;
  const evaluator = materialiseEvaluator(plan);
  const first = plan.split === null ? undefined : Array.from({ length: MAX_ELEMENTS }, (_, index) => index);
  const found: { finding: Finding; sample: DraftSample }[] = [];
  const cards: SampleCard[] = [];
  for (const sample of draft.parts.samples) {
    // The mode makes no difference to whether a sample becomes a trigger.
    // What `when` keeps out has been reported.
    if (evaluator.select(sample.body, sample.headers, 'test').kind !== 'ours') continue;
    const result = await evaluator.evaluate(sampleInput(sample, plan), 'test', draft.scripts, first);
    const elements = result.kind === 'judged' ? result.elements : result.kind === 'held' ? [result] : [];
    for (const [position, element] of elements.entries()) {
      const index = result.kind === 'judged' && plan.split !== null ? (result.indexes[position] ?? 0) : 0;
      const payload = sample.payloads[sample.elements.indexOf(index)];
      const findings = checkElement(draft, element, plan.mapping, sample, payload);
      found.push(...findings.map((finding) => ({ finding, sample })));
      if (element.kind === 'mapped') cards.push({ sample, variables: element.trigger.variables ?? {} });
    }
  }
  reportFindings(draft, found);
  checkVariables(draft, cards);
}

function checkElement(
  draft: ConnectorDraft,
  result: ElementResult,
  mapping: MappingPlan,
  sample: DraftSample,
  payload: JsonValue | undefined,
): readonly Finding[] {
  if (result.kind === 'mapped') return [];
  // Elements that are for somebody else.
  if (result.kind === 'ignored' && result.code === 'when-differs') return [];
  if (result.kind === 'ignored') {
    // The file says that there may be nobody.
    if (mapping.kind === 'structured' && mapping.targetUserIds.some(mayMiss)) return [];
    const isScript = result.code === 'script-ignored';
    const pointer = isScript ? '/mapping/script' : '/mapping/targetUserIds';
    const reason = isScript ? 'the script returns null' : 'the list of users is empty';
    return [{ code: 'mapping-no-targets', pointer, reason }];
  }
  // The script rule ran it, and said more.
  if (result.code.startsWith('script-')) return [];
  if (result.code === 'trigger-invalid' || result.code === 'mapping-failed') {
    return findRefusals(result, mapping, payload, sample);
  }
  const pointer = sample.file === draft.source.path ? '/sample' : pointerTo('/samples', sample.index);
  if (isExplained(draft, result)) return [];
  const lacks = (draft.parts.plan?.shape?.reads ?? []).some(
    ({ recipient, paths }) =>
      recipient === true && payload !== undefined && paths.every((path) => isMissing(path, payload)),
  );
  const advice = lacks
    ? '; where such an event has nobody to tell, write targetUserIds: { path: ..., whenMissing: ignore }'
    : '';
  return [{ code: 'sample-held', pointer, reason: `${result.message}${advice}` }];
}

function isMissing(path: string, payload: JsonValue): boolean {
  return (compilePath(path).first(payload) ?? null) === null;
}

function mayMiss({ whenMissing }: RecipientPlan): boolean {
  return whenMissing === 'ignore';
}

/** The sample lacks only what was reported as a path that no sample has. */
function isExplained({ parts }: ConnectorDraft, { code, differences }: ElementHeld): boolean {
  const unknown = [...parts.unknownPaths];
  if (code === 'idempotency-missing') {
    const { idempotency } = parts;
    const ids = idempotency?.kind === 'parts' ? idempotency.parts : idempotency ? [idempotency] : [];
    return ids.some((part) => 'path' in part && unknown.includes(part.path));
  }
  // The shape names the highest member that is missing.
  return (
    differences.length > 0 &&
    differences.every(({ path }) =>
      unknown.some((one) => one === path || (one.startsWith(path) && /[.[]/.test(one.charAt(path.length)))),
    )
  );
}

/** Which entries of the mapping are refused. Of a script only the script is known. */
function findRefusals(
  { code, message }: ElementHeld,
  mapping: MappingPlan,
  payload: JsonValue | undefined,
  { headers, body }: DraftSample,
): readonly Finding[] {
  const refuse = (pointer: string, reason: string): Finding => ({ code: 'trigger-invalid', pointer, reason });
  if (mapping.kind === 'script') return [refuse('/mapping/script', message)];
  if (code === 'mapping-failed' || payload === undefined) {
    return [refuse(`/mapping${pointerOfField(message)}`, message)];
  }
  const mapped = materialiseMapping(mapping)(payload, headers, body);
  if (mapped.kind !== 'mapped') return [refuse('/mapping', message)];
  const checked = checkTrigger(mapped.value);
  if (checked.ok) return [refuse('/mapping', message)];
  return checked.problems.map(({ pointer, message: fact }) =>
    refuse(`/mapping${pointer}`, `${fact}${adviseTime(pointer, mapping, mapped.value)}`),
  );
}

/** A time of a card that is one in another form, such as seconds since 1970. */
function adviseTime(pointer: string, { cardOptions }: StructuredMappingPlan, trigger: unknown): string {
  const [, name] = /^\/cardOptions\/(expires|embargo)$/.exec(pointer) ?? [];
  const given = (trigger as { cardOptions?: Record<string, unknown> }).cardOptions?.[name ?? ''];
  if (name === undefined || given === undefined || readDateTime(given as JsonValue) === undefined) return '';
  const plan = cardOptions?.[name];
  const path = plan?.kind === 'path' ? JSON.stringify(plan.paths[0]) : '...';
  return `; what comes there is a time in another form: write { path: ${path}, as: date-time }`;
}

/** `variables.amount: ...` names the field it is about; a name with dots finds at least its section. */
function pointerOfField(message: string): string {
  const field = /^([^:\s]{1,200}): /.exec(message)?.[1] ?? '';
  const segments = field.replace(/\[(\d+)\]/g, '.$1').split('.');
  return segments.filter((segment) => segment !== '').reduce(pointerTo, '');
}

/** Each finding once, with all the samples it is about. */
function reportFindings(
  draft: ConnectorDraft,
  found: readonly { finding: Finding; sample: DraftSample }[],
): void {
  const groups = Object.values(Object.groupBy(found, ({ finding }) => JSON.stringify(finding)));
  for (const group of groups) {
    const finding = group?.[0]?.finding;
    if (group === undefined || finding === undefined) continue;
    const { code, pointer, reason } = finding;
    // Another rule has said the same, and more exactly.
    if (code === 'trigger-invalid' && hasErrorWithin(draft, pointer)) continue;
    const samples = [...new Set(group.map(({ sample }) => sample))];
    const fate = code === 'mapping-no-targets' ? 'ignored' : 'held';
    const message = `a request like ${nameSamples(samples)} would be ${fate}: ${reason}`;
    draft.report({ code, pointer, message }, noteSamples(samples));
  }
}

function hasErrorWithin(draft: ConnectorDraft, pointer: string): boolean {
  const { file, offset, length } = draft.document.spanOf(pointer);
  return draft.diagnostics.some(
    ({ severity, code, span }) =>
      severity === 'error' &&
      code !== 'trigger-invalid' &&
      span.file === file &&
      span.offset >= offset &&
      span.offset < offset + length,
  );
}
