/**
 * One change of a connector that would let past requests pass which it holds: defaults and whenMissing where they lack
 * something, then samples made of them, with every value replaced. In: where the connector is, and the requests. Out: the
 * texts, a patch, and what the changed connector would have done. Each step is compiled and tried; writes nothing.
 */
import { createHash } from 'node:crypto';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import { ConnectorFiles } from '../../compiler/connector-files.ts';
import { addSampleToYaml } from '../../compiler/edit/add-sample.ts';
import { setAt } from '../../compiler/edit/edit-at.ts';
import type { ConnectorLocation } from '../../compiler/load.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { compileDraft } from '../draft/compile-draft.ts';
import { redactRequest } from '../samples/redact/redact-request.ts';
import { redactContextOf } from '../samples/redact-context.ts';
import { sampleFileText } from '../samples/write-sample.ts';
import { mendMapping } from './mend-mapping.ts';
import { patchText } from './patch-text.ts';
import { type ReadRequests, type Review, review } from './review.ts';
import { suggestSamples } from './suggest-samples.ts';
import type { Numbers } from './tally.ts';

export interface ProposedChange {
  /** What it consists of, a sentence each; paths and names, never a value. */
  readonly steps: readonly string[];
  /** By path inside the connector's folder. */
  readonly texts: Readonly<Record<string, string>>;
  readonly patch: string;
  readonly after: Numbers;
}

/** Differences that are looked at for what requests lack. */
const MAX_DIFFERENCES = 200;

interface State {
  readonly connector: CompiledConnector;
  readonly plan: ConnectorPlan;
  readonly review: Review;
  readonly texts: ReadonlyMap<string, string>;
  readonly steps: readonly string[];
}

/** `texts`: what is not saved yet, by path inside the folder. null: nothing that was tried lets more of them pass. */
export async function proposeChange(
  location: ConnectorLocation,
  requests: ReadRequests,
  scripts: ScriptRunner,
  texts: Readonly<Record<string, string>> = {},
): Promise<ProposedChange | null> {
  const files = new ConnectorFiles(location);
  const display = (path: string): string =>
    files.display(path === location.fileName ? 'connector' : 'sample', path);
  const compile = async (
    changed: ReadonlyMap<string, string>,
    steps: readonly string[],
  ): Promise<State | null> => {
    const replaced = new Map([...changed].map(([path, text]) => [display(path), text]));
    const { connector } = await compileDraft(location, replaced, scripts);
    const { plan } = connector;
    if (plan === null) return null;
    return { connector, plan, review: await review(plan, requests, scripts), texts: changed, steps };
  };
  const saved = files.readConnector();
  const first = await compile(new Map(Object.entries(texts)), []);
  if (first === null || !saved.ok) return null;
  const textOf = (state: State): string => state.texts.get(location.fileName) ?? saved.text;

  let best = first;
  const take = async (next: {
    text: string;
    added?: ReadonlyMap<string, string>;
    steps: readonly string[];
  }) => {
    const changed = new Map([...best.texts, ...(next.added ?? []), [location.fileName, next.text]]);
    const state = await compile(changed, [...best.steps, ...next.steps]);
    if (state !== null && heldIn(state) < heldIn(best)) best = state;
  };
  const mapping = (first.connector.spec?.mapping ?? null) as JsonValue;
  const payloads = first.connector.samples.flatMap((sample) => sample.payloads);
  for (const edit of mendMapping(mapping, missingIn(first), payloads)) {
    const edited = setAt(textOf(best), edit.pointer, edit.value);
    if (edited.ok) await take({ text: edited.text, steps: [edit.text] });
  }
  const suggestion = await suggestSamples(best.connector, best.plan, best.review.candidates, scripts);
  const samples = suggestion.samples.flatMap((sample) => sampleOf(best.connector, sample));
  const listed = samples.reduce((text, { path }) => {
    const edited = addSampleToYaml(text, path);
    return edited.ok ? edited.text : text;
  }, textOf(best));
  if (samples.length > 0)
    await take({
      text: listed,
      added: new Map(samples.map(({ path, text }) => [path, text])),
      steps: samples.map(({ path, from }) => `the sample ${path}, made of ${from} with every value replaced`),
    });
  if (best === first) return null;
  const changed = [...best.texts].filter(([path, text]) => texts[path] !== text);
  const patch = patchText(
    changed.map(([path, after]) => ({
      path: display(path),
      before: path === location.fileName ? saved.text : (texts[path] ?? null),
      after,
    })),
  );
  return {
    steps: best.steps,
    texts: Object.fromEntries(changed),
    patch,
    after: best.review.tally.numbers,
  };
}

function heldIn({ review: { tally } }: State): number {
  return Object.values(tally.numbers.held).reduce((sum, count) => sum + count, 0);
}

function missingIn({ review: { tally } }: State): readonly string[] {
  return tally
    .differences(MAX_DIFFERENCES)
    .filter(({ held, found }) => held > 0 && /^(?:missing|null|blank)\b/.test(found))
    .map(({ path }) => path);
}

/** None where a key would stay that looks like somebody's data: `learn` asks for these. */
function sampleOf(
  connector: CompiledConnector,
  sample: EvaluationSample,
): readonly { readonly path: string; readonly text: string; readonly from: string }[] {
  const context = redactContextOf(connector);
  if (context === null) return [];
  const request = { body: sample.body, headers: [...sample.headers.entries()] };
  const redacted = redactRequest(request, context, { keep: [], elements: null });
  const text = redacted.keys.length > 0 ? null : sampleFileText(redacted.sample);
  if (text === null) return [];
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return [{ path: `samples/past-${digest}.json`, text, from: sample.name }];
}
