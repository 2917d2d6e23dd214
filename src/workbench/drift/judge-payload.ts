/**
 * In: a connector's plan. Out: a function that says what would become of a past payload that is genuine, by the stages that
 * production runs: when, shape, map and the check of the trigger. Each is judged by itself, as if nothing had paused.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { sampleInput } from '../../compiler/sample-input.ts';
import type { Grade, HoldCode, IgnoreCode } from '../../outcomes/codes.ts';
import { judge } from '../../runtime/pipeline/judge.ts';
import { materialiseEvaluator } from '../../stages/evaluate.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import type { Difference } from '../../stages/shape/difference.ts';

export type Judged =
  | { readonly kind: 'delivered'; readonly drift: (() => readonly Difference[]) | null }
  | {
      readonly kind: 'ignored';
      readonly code: IgnoreCode;
      /** True where the payload was judged before it was found to be nobody's: it ends a row of held ones. */
      readonly isFit: boolean;
    }
  | {
      readonly kind: 'held';
      readonly code: HoldCode;
      /** pause: it alone would pause the connector. */
      readonly grade: Grade;
      readonly differences: readonly Difference[];
    };

export type PayloadJudge = (payload: EvaluationSample) => Promise<Judged>;

export function createPayloadJudge(plan: ConnectorPlan, scripts: ScriptRunner): PayloadJudge {
  const runner = { plan, evaluator: materialiseEvaluator(plan) };
  return async (payload) => {
    const input = sampleInput(payload, plan);
    const { held, mapped, ignored, drift, isFit } = await judge(runner, input, { maxMode: 'live', scripts });
    if (held !== null) {
      const { code, grade, differences } = held;
      return { kind: 'held', code, grade, differences };
    }
    if (mapped.length > 0) return { kind: 'delivered', drift };
    return { kind: 'ignored', code: ignored?.code ?? 'no-elements', isFit };
  };
}
