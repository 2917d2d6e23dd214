/**
 * What a connector for these samples could say. In: samples as they arrived, the preset, if one is known, and what its
 * provider says. Out:
 * proposals, ranked and with reasons. Pure: nothing is read, asked or written.
 */
import type { JsonScalar } from '../../stages/json/json-value.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import type { SignaturePreset } from '../../stages/signature/preset.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { listElements } from '../samples/redact/list-elements.ts';
import { type Leaf, listLeaves } from './leaves.ts';
import {
  type ConditionProposal,
  proposeIdempotency,
  proposeSplit,
  proposeTestWhen,
  proposeWhen,
} from './propose-event.ts';
import { type Proposal, proposeTargets } from './propose-targets.ts';
import { proposeVariables, type VariableProposal } from './propose-variables.ts';
import type { ProviderSays } from './provider-says.ts';

/** Of what is known rather than proposed. */
const MAX_SCORE = 100;

export interface Proposals {
  /** null: each sample is one event. */
  readonly split: string | null;
  readonly when: readonly ConditionProposal[];
  readonly testWhen: ConditionProposal | null;
  /** Best first, as all of these. */
  readonly targets: readonly Proposal[];
  readonly variables: readonly VariableProposal[];
  readonly idempotency: readonly Proposal[];
  /** Every path that can be mapped, of an element where there is a split. */
  readonly paths: readonly string[];
  /** Of these, those that a sample lacks or has as null. */
  readonly optionalPaths: ReadonlySet<string>;
  /** Whether the provider says that a path may be missing, which no sample may show. */
  readonly mayBeMissing: (path: string) => boolean;
}

export function propose(
  samples: readonly EvaluationSample[],
  preset: SignaturePreset | null,
  says: ProviderSays = () => false,
): Proposals {
  const bodies = samples.map(({ body }) => body);
  const split = proposeSplit(bodies);
  const payloads = bodies.flatMap((body) => listElements(body, split).map(({ value }) => value));
  const leaves = listLeaves(payloads);
  const when = proposeWhen(samples);
  // What is proposed is written down: into the connector file, and into remarks beside it.
  const sayable = leaves.filter(({ isBelowData }) => !isBelowData);
  const isEvent = split !== null || when.some(({ path }) => path !== undefined);
  const mayBeMissing = (path: string): boolean => says(`${split ?? '$'}${path.slice(1)}`);
  return {
    split,
    when: [...when, ...proposeTenant(samples, preset, split)],
    testWhen: split === null ? proposeTestWhen(bodies) : null,
    targets: proposeTargets(sayable).map((one) =>
      mayBeMissing(one.path) ? { ...one, mayBeNobody: true as const } : one,
    ),
    variables: proposeVariables(sayable).map((one) =>
      mayBeMissing(one.path) ? { ...one, byProvider: true as const } : one,
    ),
    idempotency: proposeIdempotency(sayable, isEvent),
    paths: leaves.map(({ path }) => path),
    optionalPaths: new Set(leaves.filter(({ optional }) => optional).map(({ path }) => path)),
    mayBeMissing,
  };
}

/** The best proposal is this path, where one is given. */
export function withRecipient(proposals: Proposals, path: string | null): Proposals {
  if (path === null) return proposals;
  const isOptional = proposals.mayBeMissing(path) || proposals.optionalPaths.has(path);
  const nobody = isOptional && { mayBeNobody: true as const };
  const known = proposals.targets.find((one) => one.path === path);
  const best = known ?? { path, reason: 'whom the event is about' };
  const others = proposals.targets.filter((one) => one.path !== path);
  return { ...proposals, targets: [{ ...best, ...nobody, score: MAX_SCORE }, ...others] };
}

/** A secret that belongs to an app signs for all who installed it: the samples say who we are. */
function proposeTenant(
  samples: readonly EvaluationSample[],
  preset: SignaturePreset | null,
  split: string | null,
): readonly ConditionProposal[] {
  if (preset?.secretScope !== 'app' || split !== null) return [];
  const leaves = listLeaves(samples.map(({ body }) => body));
  for (const place of preset.tenant ?? []) {
    const values = place.startsWith('$') ? valuesAt(leaves, place) : headersOf(samples, place);
    if (values.length === 0) continue;
    const named = place.startsWith('$') ? { path: place } : { header: place };
    return [
      { ...named, values, reason: 'says whose event it is: the secret signs for all who installed the app' },
    ];
  }
  return [];
}

function valuesAt(leaves: readonly Leaf[], path: string): readonly JsonScalar[] {
  const leaf = leaves.find((one) => one.path === path);
  return leaf === undefined || leaf.optional || leaf.isInList ? [] : [...new Set(leaf.values)];
}

function headersOf(samples: readonly EvaluationSample[], header: string): readonly string[] {
  const values = samples.map(({ headers }) => headers.all(header));
  return values.every((one) => one.length === 1) ? [...new Set(values.flat())] : [];
}

/** The presets whose signature the samples carry: an answer where nobody named one. */
export function recognisePresets(samples: readonly EvaluationSample[]): readonly SignaturePreset[] {
  const [first, ...others] = samples.map(
    ({ headers }) => new Set([...headers.entries()].map(([name]) => name)),
  );
  if (first === undefined) return [];
  const names = [...first].filter((name) => others.every((one) => one.has(name)));
  const found = [...PRESETS.values()].filter(({ signature }) =>
    [signature.signature?.header ?? []].flat().some((name) => name !== AUTHORIZATION && names.includes(name)),
  );
  // What was captured has no signature any more, but other headers of its sender.
  if (found.length === 0)
    return [...PRESETS.values()].filter(({ name }) =>
      names.some((header) => header.startsWith(`${name}-`) || header.startsWith(`x-${name}-`)),
    );
  // Some share a header: x-hub-signature-256 is GitHub's where x-github-event is beside it.
  const named = found.filter(({ name }) => names.some((header) => header.includes(name)));
  return named.length === 0 ? found : named;
}

/** Any bearer token stands there. */
const AUTHORIZATION = 'authorization';
