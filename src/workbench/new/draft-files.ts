/**
 * The files of a new connector, tried before they are written. In: choices and samples. Out: the files with what their
 * cases come to written into them, or what is wrong.
 */
import type { Compilation } from '../../compiler/compile.ts';
import type { JsonObject } from '../../stages/json/json-value.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { type CaseResult, differenceOf, isExpected, outcomeOf } from '../cases/run-case.ts';
import { sampleOf } from '../samples/redact/redact-request.ts';
import { sampleFileText } from '../samples/write-sample.ts';
import { casesText, whyUnsignable } from './case-text.ts';
import { type Choices, isFormPreset } from './choices.ts';
import { connectorText } from './connector-text.ts';
import { type NewFiles, type Trial, tryFiles } from './try-files.ts';

export type DraftedFiles =
  | { readonly ok: true; readonly files: NewFiles; readonly compilation: Compilation }
  /** `compilation`: what was compiled before it failed, as `check` would report it; null: nothing was. */
  | { readonly ok: false; readonly message: string; readonly compilation: Compilation | null };

/** `display`: the connector's folder for people; `schemas`: from the folder above it. */
export async function draftFiles(
  choices: Choices,
  samples: readonly EvaluationSample[],
  { display, schemas }: { readonly display: string; readonly schemas: string },
): Promise<DraftedFiles> {
  const fail = (message: string, compilation: Compilation | null = null): DraftedFiles => ({
    ok: false,
    message: `${message}; nothing was written`,
    compilation,
  });
  const files = new Map<string, string>();
  const names = samples.map(({ name }) => name);
  files.set('connector.yaml', connectorText(choices, names, `../${schemas}/connector.schema.json`));
  for (const { name, body, headers } of samples) {
    const text = sampleFileText(sampleOf(body, Object.fromEntries(headers.entries()) as JsonObject));
    if (text === null) return fail(`the sample ${name} is too large; cut a smaller one out of it`);
    files.set(`samples/${name}`, text);
  }
  const { proof, id } = choices;
  const preset = proof.kind === 'preset' ? (PRESETS.get(proof.name) ?? null) : null;
  const isForm = choices.isForm || (preset !== null && isFormPreset(preset.name));
  const options = { id, preset, isForm, schema: `../../${schemas}/case.schema.json` };
  const unknown = samples.map(({ name, body }) => ({ name, body, targets: null }));
  files.set('cases/first.yaml', casesText(unknown, { ...options, refusal: null }));

  const trial = await tryFiles(display, files);
  const { compilation } = trial;
  if (!trial.isSound) return fail('the connector would have these errors', compilation);
  const genuine = whyUnsignable(preset) === null ? samples : [];
  const problem = describeFailure(trial, genuine, choices.target.mayBeNobody === true);
  if (problem !== null) return fail(problem, compilation);

  const expected = samples.map(({ name, body }, index) => ({
    name,
    body,
    targets: targetsOf(trial, index),
  }));
  const last = trial.results.at(-1);
  const refused = last === undefined ? null : outcomeOf(last);
  const refusal = refused?.outcome === 'rejected' ? refused.code : null;
  files.set('cases/first.yaml', casesText(expected, { ...options, refusal }));
  return { ok: true, files, compilation };
}

/** `mayBeNobody`: some samples, but not all of them, may have nobody to tell. */
function describeFailure(
  { results }: Trial,
  genuine: readonly EvaluationSample[],
  mayBeNobody: boolean,
): string | null {
  const isSpared = mayBeNobody && genuine.some((_, index) => isExpected(results[index] as CaseResult));
  const index = results.findIndex((result) => !isExpected(result) && !(isSpared && hasNobody(result)));
  const failed = results[index];
  if (failed === undefined) return null;
  const outcome = outcomeOf(failed);
  const which = genuine[index]?.name ?? 'a request without proof of its sender';
  const became = outcome === null ? '' : ` (${outcome.outcome}, ${outcome.code})`;
  return `${which} would not come out as it must${became}: ${differenceOf(failed).join('; ')}`;
}

function hasNobody(result: CaseResult): boolean {
  const outcome = outcomeOf(result);
  return outcome?.outcome === 'ignored' && outcome.code === 'no-targets';
}

function targetsOf({ results }: Trial, index: number): readonly (readonly string[])[] | null {
  const result = results[index];
  const outcome = result === undefined ? null : outcomeOf(result);
  if (result !== undefined && hasNobody(result)) return [];
  return outcome?.outcome === 'delivered'
    ? outcome.triggers.map(({ trigger }) => trigger.targetUserIds)
    : null;
}
