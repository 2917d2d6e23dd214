/**
 * The files of a new connector, tried before they are written. In: choices and samples. Out: the files with what their
 * cases come to written into them, or what is wrong.
 */
import type { JsonObject } from '../../stages/json/json-value.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { differenceOf, isExpected, outcomeOf } from '../../workbench/cases/run-case.ts';
import { casesText, whyUnsignable } from '../../workbench/new/case-text.ts';
import { type Choices, isFormPreset } from '../../workbench/new/choices.ts';
import { connectorText } from '../../workbench/new/connector-text.ts';
import { sampleOf } from '../../workbench/samples/redact/redact-request.ts';
import { sampleFileText } from '../../workbench/samples/write-sample.ts';
import { type Context, EXIT } from '../context.ts';
import { report } from '../report.ts';
import { type Candidate, type NewFiles, tryFiles } from './candidate.ts';
import type { Stop } from './options.ts';

/**
 * `display`: the connector's folder for people; `schemas`: from the folder above it. Diagnostics are printed, as they are
 * what `check` will say.
 */
export async function draftFiles(
  context: Context,
  choices: Choices,
  samples: readonly EvaluationSample[],
  { display, schemas }: { readonly display: string; readonly schemas: string },
): Promise<NewFiles | Stop> {
  const fail = (message: string): Stop => ({
    message: `${message}; nothing was written`,
    code: EXIT.problems,
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
  const isForm = preset !== null && isFormPreset(preset.name);
  const options = { id, preset, isForm, schema: `../../${schemas}/case.schema.json` };
  const unknown = samples.map(({ name, body }) => ({ name, body, targets: null }));
  files.set('cases/first.yaml', casesText(unknown, { ...options, refusal: null }));

  const candidate = await tryFiles(display, files);
  if (candidate.compilation.diagnostics.length > 0) report(context, candidate.compilation, 'pretty');
  if (!candidate.isSound) return fail('the connector would have these errors');
  const genuine = whyUnsignable(preset) === null ? samples : [];
  const problem = describeFailure(candidate, genuine);
  if (problem !== null) return fail(problem);

  const expected = samples.map(({ name, body }, index) => ({
    name,
    body,
    targets: targetsOf(candidate, index),
  }));
  const last = candidate.results.at(-1);
  const refused = last === undefined ? null : outcomeOf(last);
  const refusal = refused?.outcome === 'rejected' ? refused.code : null;
  files.set('cases/first.yaml', casesText(expected, { ...options, refusal }));
  return files;
}

function describeFailure({ results }: Candidate, genuine: readonly EvaluationSample[]): string | null {
  const index = results.findIndex((result) => !isExpected(result));
  const failed = results[index];
  if (failed === undefined) return null;
  const outcome = outcomeOf(failed);
  const which = genuine[index]?.name ?? 'a request without proof of its sender';
  const became = outcome === null ? '' : ` (${outcome.outcome}, ${outcome.code})`;
  return `${which} would not come out as it must${became}: ${differenceOf(failed).join('; ')}`;
}

function targetsOf({ results }: Candidate, index: number): readonly (readonly string[])[] | null {
  const result = results[index];
  const outcome = result === undefined ? null : outcomeOf(result);
  return outcome?.outcome === 'delivered'
    ? outcome.triggers.map(({ trigger }) => trigger.targetUserIds)
    : null;
}
