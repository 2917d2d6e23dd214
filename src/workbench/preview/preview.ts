/**
 * What a connector makes of its samples: the seed of `sluice preview`. In: a compiled connector. Out: per sample the body,
 * and per element the trigger or the reason there is none. Runs the stages that production runs.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { DraftSample } from '../../compiler/draft.ts';
import { sampleInput } from '../../compiler/sample-input.ts';
import type { Connector } from '../../generated/connector.ts';
import type { Trigger } from '../../generated/trigger.ts';
import type { Grade, HoldCode } from '../../outcomes/codes.ts';
import {
  gradeOf,
  type Judgement,
  judgeSelected,
  type Selected,
  selectRequest,
} from '../../runtime/pipeline/judge.ts';
import { materialiseEvaluator } from '../../stages/evaluate.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { Mode } from '../../stages/plans.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import { type FieldContext, type FieldPreview, previewFields } from './preview-fields.ts';
import { previewSteps, type StepsPreview } from './preview-steps.ts';

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
  readonly selection: SampleSelection;
  /** One per element of the batch, or one. */
  readonly elements: readonly ElementPreview[];
}

/** What can be shown of a connector with errors. */
export interface BrokenPreview {
  readonly id: string;
  readonly samples: readonly {
    readonly name: string;
    readonly file: string;
    readonly body: JsonValue;
    /** One per element of the batch, or one. */
    readonly elements: readonly { readonly fields: readonly FieldPreview[] }[];
  }[];
}

export type SampleSelection =
  | { readonly kind: 'ours'; readonly mode: Mode }
  | { readonly kind: 'ignored'; readonly code: 'when-differs' }
  | {
      readonly kind: 'held';
      readonly grade: Grade;
      readonly code: HoldCode;
      readonly differences: readonly Difference[];
    };

export type ElementPreview =
  | {
      readonly kind: 'mapped';
      readonly trigger: Trigger;
      /** How values with steps come about. */
      readonly steps: readonly StepsPreview[];
    }
  | { readonly kind: 'ignored'; readonly code: string }
  | {
      readonly kind: 'held';
      readonly code: string;
      readonly message: string;
      /** What each field of the mapping comes to; empty for a script. */
      readonly fields: readonly FieldPreview[];
      readonly steps: readonly StepsPreview[];
      /** One such request pauses the connector. */
      readonly pauses: boolean;
      /** Where a script failed, 1-based; the message says it too. */
      readonly file?: string;
      readonly line?: number;
      readonly column?: number;
    };

/** null for a connector with errors: the diagnostics say what they are, and `previewBroken` what can be shown. */
export async function previewConnector(
  connector: CompiledConnector,
  scripts: ScriptRunner,
): Promise<Preview | null> {
  const { plan } = connector;
  if (plan === null) return null;
  const samples: SamplePreview[] = [];
  for (const sample of connector.samples)
    samples.push(await previewSample(sample, plan, connector.spec, scripts));
  const reads = plan.shape?.reads ?? [];
  const pathsOf = (need: string): readonly string[] =>
    [
      ...new Set(reads.filter((read) => needOf(read) === need).flatMap(({ paths }) => paths.join(' or '))),
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

/** Of a connector with errors: its samples, and what each field of the mapping makes of them. */
export function previewBroken({ id, spec, samples }: CompiledConnector): BrokenPreview {
  return {
    id,
    samples: samples.map((sample) => ({
      name: sample.name,
      file: sample.file,
      body: sample.body,
      elements: sample.payloads.map((payload) => ({
        fields: previewFields(spec?.mapping, payload, sample, contextOf(spec)),
      })),
    })),
  };
}

/** What the expressions of a mapping can use besides the payload. */
export function contextOf(spec: Connector | null): FieldContext {
  return { values: spec?.values, isBatch: spec?.split !== undefined, isForm: spec?.body === 'form' };
}

type Read = NonNullable<ConnectorPlan['shape']>['reads'][number];

function needOf({ required, optional, inEverySample, whenMissing }: Read): string {
  if (whenMissing === 'ignore') return 'optional';
  if (required && !optional) return 'required';
  return optional || !inEverySample ? 'optional' : 'expected';
}

async function previewSample(
  sample: DraftSample,
  plan: ConnectorPlan,
  spec: Connector | null,
  scripts: ScriptRunner,
): Promise<SamplePreview> {
  const runner = { plan, evaluator: materialiseEvaluator(plan) };
  const { name, file, body } = sample;
  const input = sampleInput(sample, plan);
  const selected = selectRequest(runner, input, 'live');
  // Also of what `when` keeps out: people want to see what the mapping makes of it.
  const { results } = await judgeSelected(runner, input, selected, { scripts });
  const fieldsOf = (position: number) => {
    const payload = sample.payloads[position];
    return payload === undefined ? [] : previewFields(spec?.mapping, payload, sample, contextOf(spec));
  };
  const stepsAt = (position: number) => {
    const payload = sample.payloads[position];
    return payload === undefined ? [] : previewSteps(spec?.mapping, payload, sample, contextOf(spec));
  };
  return {
    name,
    file,
    body,
    selection: selectionOf(selected),
    elements: results.map((result, position) =>
      previewElement(result, fieldsOf(position), stepsAt(position)),
    ),
  };
}

function selectionOf({ mode, ignored, held }: Selected): SampleSelection {
  if (ignored !== null) return { kind: 'ignored', code: ignored };
  if (held === null) return { kind: 'ours', mode };
  const { code, grade, differences } = held;
  return { kind: 'held', grade, code, differences };
}

function previewElement(
  result: Judgement['results'][number],
  fields: readonly FieldPreview[],
  steps: readonly StepsPreview[],
): ElementPreview {
  if (result.kind === 'mapped') return { kind: 'mapped', trigger: result.trigger, steps };
  if (result.kind === 'ignored') return { kind: 'ignored', code: result.code };
  const { code, message, file, line, column } = result;
  return {
    kind: 'held',
    code,
    message,
    fields,
    steps,
    pauses: gradeOf(result) === 'pause',
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
}
