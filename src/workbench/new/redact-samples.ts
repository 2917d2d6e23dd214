/** Samples as they arrived in, samples as they may stand in a repository out: by the rules of `learn` and `capture`. */
import type { Condition } from '../../generated/connector.ts';
import { type EvaluationSample, readSample } from '../../stages/sample.ts';
import { isCredentialHeader } from '../../stages/script/script-request.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { namedIn } from '../samples/named-in.ts';
import { listElements } from '../samples/redact/list-elements.ts';
import {
  type Kept,
  type RedactContext,
  type Redacted,
  redactRequest,
  sampleOf,
} from '../samples/redact/redact-request.ts';
import type { Choices } from './choices.ts';
import type { ConditionProposal } from './propose-event.ts';

export interface RedactedSamples {
  readonly samples: readonly EvaluationSample[];
  /** What stays although values are replaced. */
  readonly kept: readonly Kept[];
  /** Keys that look like data and stay. */
  readonly keys: Redacted['keys'];
  /** Of the paths to keep, those that are in no sample. */
  readonly unresolved: readonly string[];
}

/** `keep`: paths whose values stay; null: all values stay, and only credentials go. */
export function redactSamples(
  samples: readonly EvaluationSample[],
  choices: Choices,
  keep: readonly string[] | null,
): RedactedSamples {
  if (keep === null) return { samples: samples.map(withoutCredentials), kept: [], keys: [], unresolved: [] };
  const context = contextOf(samples, choices);
  const redacted = samples.map(({ name, body, headers }) => {
    const request = { body, headers: [...headers.entries()] };
    const result = redactRequest(request, context, { keep, elements: null });
    return { ...result, sample: readSample(name, result.sample) };
  });
  const kept = new Map(redacted.flatMap((one) => one.kept).map((one) => [`${one.by} ${one.path}`, one]));
  const isNowhere = (path: string): boolean => redacted.every(({ unresolved }) => unresolved.includes(path));
  return {
    samples: redacted.map(({ sample }) => sample),
    kept: [...kept.values()],
    keys: [...new Map(redacted.flatMap(({ keys }) => keys).map((one) => [one.path, one])).values()],
    unresolved: keep.filter(isNowhere),
  };
}

function contextOf(samples: readonly EvaluationSample[], choices: Choices): RedactContext {
  const { proof, when, testWhen, split, target, variables, idempotency } = choices;
  const known = proof.kind === 'preset' ? PRESETS.get(proof.name)?.idempotency : undefined;
  const headers = new Set(when.flatMap(({ header }) => (header === undefined ? [] : [header])));
  if (known?.kind === 'header') headers.add(known.header);
  const compared = when.flatMap(({ path }) => path ?? []);
  const named = namedIn([target.path, ...variables.map(({ path }) => path), idempotency ?? '', ...compared]);
  return {
    when: when.map(toCondition),
    testWhen: testWhen === null ? null : toCondition(testWhen),
    split,
    maps: [],
    known: samples.flatMap(({ body }) => listElements(body, split).map(({ value }) => value)),
    isKnownNew: true,
    usesHeader: (name) => headers.has(name),
    isScriptText: () => false,
    isKnownKey: (key) => named.has(key),
  };
}

function toCondition({ path, header, values }: ConditionProposal): Condition {
  const place = path === undefined ? { header: header ?? '' } : { path };
  return { ...place, in: values as NonNullable<Condition['in']> };
}

function withoutCredentials({ name, body, headers }: EvaluationSample): EvaluationSample {
  const rest = [...headers.entries()].filter(([header]) => !isCredentialHeader(header));
  return readSample(name, sampleOf(body, Object.fromEntries(rest)));
}
