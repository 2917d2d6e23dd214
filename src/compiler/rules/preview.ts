/**
 * Rule: every sample becomes a valid trigger. Runs the stages that production runs, on each sample, and reports at the
 * entry of the mapping what they refuse.
 */
import { quote } from '../../diagnostics/printable.ts';
import { checkTrigger } from '../../stages/check-trigger.ts';
import { type ElementHeld, type ElementResult, materialiseEvaluator } from '../../stages/evaluate.ts';
import type { JsonValue } from '../../stages/json-value.ts';
import { materialiseMapping } from '../../stages/map-structured.ts';
import type { MappingPlan } from '../../stages/plans.ts';
import { pointerTo } from '../../stages/problem.ts';
import { assemblePlan } from '../assemble.ts';
import type { ConnectorDraft, DraftSample } from '../draft.ts';
import { sampleInput } from '../sample-input.ts';

/** Elements of a batch that are run: what fails for fifty of them is seen. */
const MAX_ELEMENTS = 50;

export async function checkPreview(draft: ConnectorDraft): Promise<void> {
  const plan = assemblePlan(draft);
  if (plan === null || plan.shape === null) return;
  const evaluator = materialiseEvaluator(plan);
  const mode = plan.status === 'live' ? 'live' : 'test';
  const first = Array.from({ length: MAX_ELEMENTS }, (_, index) => index);
  for (const sample of draft.parts.samples) {
    // What `when` keeps out has been reported.
    if (evaluator.select(sample.body, sample.headers, mode).kind !== 'ours') continue;
    const input = sampleInput(sample, plan);
    const result = await evaluator.evaluate(
      input,
      mode,
      draft.scripts,
      plan.split === null ? undefined : first,
    );
    if (result.kind === 'held') reportHeld(draft, sample, result);
    if (result.kind !== 'judged') continue;
    for (const [index, element] of result.elements.entries()) {
      reportElement(draft, sample, element, plan.mapping, sample.payloads[index]);
    }
  }
}

function reportElement(
  draft: ConnectorDraft,
  sample: DraftSample,
  result: ElementResult,
  mapping: MappingPlan,
  payload: JsonValue | undefined,
): void {
  if (result.kind === 'mapped') return;
  const note = { message: 'the sample', span: sample.spanOf('') };
  if (result.kind === 'ignored') {
    const [pointer, why] =
      result.code === 'no-targets'
        ? ['/mapping/targetUserIds', 'the list of users is empty']
        : ['/mapping/script', 'the script returns null'];
    const message = `a request like the sample ${quote(sample.name)} would be ignored: ${why}`;
    draft.report({ code: 'mapping-no-targets', pointer, message }, [note]);
    return;
  }
  // The script rule ran it, and said more.
  if (result.code.startsWith('script-')) return;
  if (result.code !== 'trigger-invalid' && result.code !== 'mapping-failed') {
    reportHeld(draft, sample, result);
    return;
  }
  for (const { pointer, message } of findRefusals(result, mapping, payload, sample)) {
    const text = `the sample ${quote(sample.name)} becomes an invalid trigger: ${message}`;
    draft.report({ code: 'trigger-invalid', pointer, message: text }, [note]);
  }
}

interface Refusal {
  /** Into the connector file. */
  readonly pointer: string;
  readonly message: string;
}

/** Which entries of the mapping are refused. Of a script only the script is known. */
function findRefusals(
  { code, message }: ElementHeld,
  mapping: MappingPlan,
  payload: JsonValue | undefined,
  { headers }: DraftSample,
): readonly Refusal[] {
  if (mapping.kind === 'script') return [{ pointer: '/mapping/script', message }];
  if (code === 'mapping-failed' || payload === undefined)
    return [{ pointer: `/mapping${pointerOfField(message)}`, message }];
  const mapped = materialiseMapping(mapping)(payload, headers);
  const checked = mapped.kind === 'mapped' ? checkTrigger(mapped.value) : null;
  if (checked === null || checked.ok) return [{ pointer: '/mapping', message }];
  return checked.problems.map((problem) => ({
    pointer: `/mapping${problem.pointer}`,
    message: problem.message,
  }));
}

/** `variables.amount: ...` names the field it is about; a name with dots finds at least its section. */
function pointerOfField(message: string): string {
  const field = /^([^:\s]{1,200}): /.exec(message)?.[1] ?? '';
  const segments = field.replace(/\[(\d+)\]/g, '.$1').split('.');
  return segments
    .filter((segment) => segment !== '')
    .reduce((pointer, segment) => pointerTo(pointer, segment), '');
}

function reportHeld(draft: ConnectorDraft, sample: DraftSample, { message }: ElementHeld): void {
  const pointer = sample.file === draft.source.path ? '/sample' : pointerTo('/samples', sample.index);
  const text = `a request like the sample ${quote(sample.name)} would be held: ${message}`;
  draft.report({ code: 'sample-held', pointer, message: text });
}
