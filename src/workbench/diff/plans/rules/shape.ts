/** Rule: what counts as looking like the samples: whether there are any, the merged shape, the policy, and what must be there. */

import type { ShapePlan } from '../../../../stages/plans.ts';
import { diffShapes } from '../../../../stages/shape/diff-shapes.ts';
import { type DiffRule, type Finding, type PlanPair, weigh } from '../change.ts';
import { isSame } from '../raw-differences.ts';
import { diffRequirements } from '../requirements.ts';
import { compareShapes } from '../shape-changes.ts';

export const diffShape: DiffRule = (pair) => {
  const [before, after] = [pair.before.shape, pair.after.shape];
  if (before === null || after === null) return diffPresence(pair);
  return [
    ...diffPolicy(pair, before, after),
    ...diffPauseAfter(pair, before, after),
    ...compareShapes(pair, before, after),
    ...diffRequirements(pair, before, after),
    ...diffSampleShapes(pair, before, after),
  ];
};

function diffPresence(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.shape, pair.after.shape];
  if (isSame(before, after)) return [];
  const common = { path: '/samples', explains: ['/shape'] };
  if (after === null)
    return [
      {
        ...common,
        kind: 'last-sample-removed',
        severity: weigh(pair, 'breaking'),
        message: 'every request is held from the merge on, and the first one pauses the connector',
        before: 'samples',
        after: null,
      },
    ];
  const accepted = diffShapes(null, after.shape)[0]?.after ?? null;
  const message = 'requests that look like the samples are mapped from the merge on; until now all were held';
  return [
    {
      ...common,
      kind: 'first-sample',
      severity: weigh(pair, 'risky'),
      message,
      before: null,
      after: accepted,
    },
  ];
}

/** From lax to strict. */
const STRICTNESS = ['mapped', 'superset', 'exact'] as const;

function diffPolicy(pair: PlanPair, before: ShapePlan, after: ShapePlan): readonly Finding[] {
  if (before.policy === after.policy) return [];
  const isStricter = STRICTNESS.indexOf(after.policy) > STRICTNESS.indexOf(before.policy);
  return [
    {
      kind: 'shape-policy-changed',
      severity: weigh(pair, 'risky'),
      path: '/shape/policy',
      message: isStricter
        ? 'requests that pass today could be held, or pause the connector, for differences that no card shows; `sluice drift` counts them on past payloads'
        : 'payloads that look different in places that no card shows are delivered, where they were held',
      before: before.policy,
      after: after.policy,
      explains: ['/shape/policy'],
    },
  ];
}

function diffPauseAfter(pair: PlanPair, before: ShapePlan, after: ShapePlan): readonly Finding[] {
  const [was, is] = [before.pauseAfter, after.pauseAfter];
  if (was === is) return [];
  return [
    {
      kind: 'pause-after-changed',
      severity: weigh(pair, 'risky'),
      path: '/shape/pauseAfter',
      message: `it pauses after ${is} held requests in a row instead of ${was}`,
      before: was,
      after: is,
      explains: ['/shape/pauseAfter'],
    },
  ];
}

/** The fingerprints of single samples, by which only policy exact judges. */
function diffSampleShapes(pair: PlanPair, before: ShapePlan, after: ShapePlan): readonly Finding[] {
  const [was, is] = [before.sampleFingerprints, after.sampleFingerprints];
  if (isSame(was, is)) return [];
  const isExact = before.policy === 'exact' && after.policy === 'exact';
  const isFewer = was.some((one) => !is.includes(one));
  return [
    {
      kind: 'sample-shapes-changed',
      severity: isExact && isFewer ? weigh(pair, 'breaking') : isExact ? weigh(pair, 'risky') : 'safe',
      path: '/samples',
      message: isExact
        ? isFewer
          ? 'under policy exact, requests of a shape that no sample has any more pause the connector'
          : 'under policy exact, requests of one more shape pass'
        : 'single samples have other shapes; requests are judged by the merged one',
      before: was.length,
      after: is.length,
      explains: ['/shape/sampleFingerprints'],
    },
  ];
}
