/**
 * What a connector makes of its samples: the seed of `sluice preview`. In: a compiled connector. Out: per sample the body,
 * and per element the trigger or the reason there is none. Runs the stages that production runs.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { DraftSample } from '../../compiler/draft.ts';
import { sampleInput } from '../../compiler/sample-input.ts';
import type { Trigger } from '../../generated/trigger.ts';
import { type ElementResult, materialiseEvaluator, type Selection } from '../../stages/evaluate.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { Mode } from '../../stages/plans.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';

export interface Preview {
  readonly id: string;
  readonly status: ConnectorPlan['status'];
  readonly samples: readonly SamplePreview[];
  /** What a request's proof covers; null: nothing proves where a request comes from. */
  readonly covers: {
    readonly body: boolean;
    readonly headers: readonly string[];
    readonly timestamp: boolean;
  } | null;
  /** Paths without which a request is held, whatever the samples have. */
  readonly required: readonly string[];
  /** Paths that every sample has: without one of them a request is held. */
  readonly expected: readonly string[];
  /** Paths that may be missing. */
  readonly optional: readonly string[];
}

export interface SamplePreview {
  readonly name: string;
  /** Display path of its file. */
  readonly file: string;
  readonly body: JsonValue;
  /** Whether `when` takes it; then in which mode it would run. */
  readonly selection: Selection;
  /** One per element of the batch, or one. */
  readonly elements: readonly ElementPreview[];
}

export type ElementPreview =
  | { readonly kind: 'mapped'; readonly trigger: Trigger }
  | { readonly kind: 'ignored'; readonly code: string }
  | {
      readonly kind: 'held';
      readonly code: string;
      readonly message: string;
      /** One such request pauses the connector. */
      readonly pauses: boolean;
      /** Where a script failed, 1-based; the message says it too. */
      readonly file?: string;
      readonly line?: number;
      readonly column?: number;
    };

/** null for a connector with errors: the diagnostics say what they are. */
export async function previewConnector(
  connector: CompiledConnector,
  scripts: ScriptRunner,
): Promise<Preview | null> {
  const { plan } = connector;
  if (plan === null) return null;
  const samples: SamplePreview[] = [];
  for (const sample of connector.samples) samples.push(await previewSample(sample, plan, scripts));
  const reads = plan.shape?.reads ?? [];
  const pathsOf = (grade: string): readonly string[] =>
    [
      ...new Set(reads.filter((read) => gradeOf(read) === grade).flatMap(({ paths }) => paths.join(' or '))),
    ].sort();
  return {
    id: plan.id,
    status: plan.status,
    samples,
    covers: plan.signature?.covers ?? (plan.urlKey ? { body: false, headers: [], timestamp: false } : null),
    required: pathsOf('required'),
    expected: pathsOf('expected'),
    optional: pathsOf('optional'),
  };
}

type Read = NonNullable<ConnectorPlan['shape']>['reads'][number];

function gradeOf({ required, optional, inEverySample, whenMissing }: Read): string {
  if (whenMissing === 'ignore') return 'optional';
  if (required && !optional) return 'required';
  return optional || !inEverySample ? 'optional' : 'expected';
}

async function previewSample(
  sample: DraftSample,
  plan: ConnectorPlan,
  scripts: ScriptRunner,
): Promise<SamplePreview> {
  const evaluator = materialiseEvaluator(plan);
  const mode: Mode = plan.status === 'live' ? 'live' : 'test';
  const { name, file, body, headers } = sample;
  const selection = evaluator.select(body, headers, mode);
  const result = await evaluator.evaluate(sampleInput(sample, plan), mode, scripts);
  const elements = result.kind === 'judged' ? result.elements.map(describeElement) : [describeWhole(result)];
  return { name, file, body, selection, elements };
}

function describeElement(result: ElementResult): ElementPreview {
  if (result.kind === 'mapped') return { kind: 'mapped', trigger: result.trigger };
  return describeWhole(result);
}

function describeWhole(
  result: Exclude<ElementResult, { kind: 'mapped' }> | { kind: 'ignored'; code: string },
): ElementPreview {
  if (result.kind === 'ignored') return { kind: 'ignored', code: result.code };
  const { code, message, grade, file, line, column } = result;
  return {
    kind: 'held',
    code,
    message,
    pauses: grade === 'pause',
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
}
