/**
 * In: a connector, and past payloads that it would hold. Out: a small set of them that, as samples, would let the others
 * pass. Goes through them from the smallest on and takes each that those taken so far do not account for; then leaves out
 * again what later ones made needless. A payload that the connector would hold even as its own sample is never taken.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { DEFAULT_PAUSE_AFTER } from '../../stages/shape/check.ts';
import { prepareShape } from '../../stages/shape/prepare.ts';
import { materialiseSplit } from '../../stages/split.ts';
import type { Candidate } from './candidates.ts';
import { createPayloadJudge } from './judge-payload.ts';

/** More samples than anyone would review. */
const MAX_SUGGESTED = 30;

export interface Suggestion {
  /** In the order they were taken. */
  readonly samples: readonly EvaluationSample[];
  /** The connector as it would be with them. */
  readonly plan: ConnectorPlan;
}

export async function suggestSamples(
  connector: CompiledConnector,
  plan: ConnectorPlan,
  candidates: readonly Candidate[],
  scripts: ScriptRunner,
): Promise<Suggestion> {
  let taken: readonly EvaluationSample[] = [];
  let extended = plan;
  for (const { sample } of candidates) {
    if (taken.length >= MAX_SUGGESTED) break;
    if (await passes(extended, [sample], scripts)) continue;
    const next = withSamples(connector, plan, [...taken, sample]);
    if (next === null || !(await passes(next, [sample], scripts))) continue;
    taken = [...taken, sample];
    extended = next;
  }
  const accepted = await filterAsync(candidates, ({ sample }) => passes(extended, [sample], scripts));
  for (const sample of taken) {
    const others = taken.filter((one) => one !== sample);
    const without = withSamples(connector, plan, others);
    const all = accepted.map((one) => one.sample);
    if (without === null || !(await passes(without, all, scripts))) continue;
    taken = others;
    extended = without;
  }
  return { samples: taken, plan: extended };
}

/** The plan as the compiler would make it with more samples; null where they contradict the settings. */
function withSamples(
  connector: CompiledConnector,
  plan: ConnectorPlan,
  added: readonly EvaluationSample[],
): ConnectorPlan | null {
  if (plan.shape === null) return null;
  const {
    policy = 'mapped',
    pauseAfter = DEFAULT_PAUSE_AFTER,
    forms,
    required = [],
    optional = [],
    maps = [],
  } = connector.spec?.shape ?? {};
  const split = plan.split === null ? null : materialiseSplit(plan.split);
  const payloads = [
    ...connector.samples.flatMap(({ name, payloads: all }) => all.map((payload) => ({ name, payload }))),
    ...added.flatMap(({ name, body }) =>
      (split === null ? [body] : (split(body) ?? [])).map((payload) => ({ name, payload })),
    ),
  ];
  let isRefused = false;
  // What a script reads was traced on the samples it has: with more of them it may read more.
  const shape = prepareShape(
    {
      payloads,
      settings: { policy, pauseAfter, ...(forms && { forms }), required, optional, maps },
      reads: plan.shape.reads,
    },
    '/shape',
    () => {
      isRefused = true;
    },
  );
  return isRefused || shape === null ? null : { ...plan, shape };
}

async function passes(
  plan: ConnectorPlan,
  payloads: readonly EvaluationSample[],
  scripts: ScriptRunner,
): Promise<boolean> {
  const judge = createPayloadJudge(plan, scripts);
  for (const payload of payloads) if ((await judge(payload)).kind === 'held') return false;
  return true;
}

async function filterAsync<T>(list: readonly T[], keep: (one: T) => Promise<boolean>): Promise<readonly T[]> {
  const kept: T[] = [];
  for (const one of list) if (await keep(one)) kept.push(one);
  return kept;
}
