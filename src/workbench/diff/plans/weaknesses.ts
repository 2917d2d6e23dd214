/**
 * What a connector leaves open, seen by itself. In: its plan. Out: facts for people. A diff shows what gets weaker; this is
 * for what was weakened in earlier changes, while nobody was harmed by it.
 */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import { tenantsOf } from '../../../compiler/tenants.ts';
import { prepareSignature } from '../../../stages/signature/prepare.ts';
import { pairOf } from './change.ts';
import { weakensSecurity } from './kinds.ts';
import { diffCoverage } from './rules/coverage.ts';
import { diffReplay } from './rules/replay.ts';
import { diffSignature, usesSha1 } from './rules/signature.ts';

/** None where nothing proves the sender at all: that is said louder elsewhere. */
export function weaknessesOf(plan: ConnectorPlan): readonly string[] {
  const { signature, idempotency } = plan;
  if (signature === null) return [];
  const deviations = deviationsOf(plan);
  return [
    ...(signature.covers.body ? [] : ['its signature does not cover the body']),
    ...(signature.timestamp?.tolerance === 0 ? ['the age of requests is not checked'] : []),
    ...(signature.type === 'hash' ? ['a plain hash can be extended'] : []),
    ...(usesSha1(signature) ? ['it uses SHA-1'] : []),
    ...(tenantsOf(signature.preset, plan.when) === null ? ['any customer of the app can call'] : []),
    ...(idempotency.kind === 'none' ? ['events have no identity'] : []),
    ...(deviations.length > 0
      ? [`weaker than the preset ${signature.preset}: ${deviations.join(', ')}`]
      : []),
  ];
}

/** Kinds of changes between the preset as it is and what the file makes of it. */
function deviationsOf(plan: ConnectorPlan): readonly string[] {
  const preset = plan.signature?.preset;
  if (preset === undefined) return [];
  const norm = prepareSignature({ preset, sharedSecret: { env: 'SLUICE_SECRET' } }, '', () => {});
  if (norm === null) return [];
  const pair = pairOf({ ...plan, signature: norm }, plan);
  const kinds = [diffSignature, diffCoverage, diffReplay]
    .flatMap((rule) => rule(pair))
    .map(({ kind }) => kind);
  return [...new Set(kinds)].filter(weakensSecurity);
}
