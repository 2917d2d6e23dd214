/**
 * What a connector leaves open that goes live, or is new and live. In: its plan, and what was live last under its id. Out:
 * changes that weaken security, compared with that; where nothing was, with the strongest form of what it is.
 */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import { tenantsOf } from '../../../compiler/tenants.ts';
import type { Change } from './change.ts';
import { diffPlans } from './diff-plan.ts';
import { weakensSecurity } from './kinds.ts';
import { findSharedSecrets } from './shared-secrets.ts';
import type { DiffSide, LastLive } from './sides.ts';
import { strongestForm } from './strongest-form.ts';

/** `known`: changes that have been found already, which are not said twice. */
export function diffGoingLive(
  after: ConnectorPlan,
  lastLive: LastLive | undefined,
  sides: readonly [DiffSide, DiffSide],
  known: readonly Change[],
): readonly Change[] {
  const reference = lastLive?.plan ?? strongestForm(after);
  const compared =
    lastLive === undefined
      ? 'it was never live before, and is judged by the strongest form'
      : `compared with what was live last (${lastLive.commit.slice(0, 8)})`;
  const found = [
    ...diffPlans(reference, after),
    // Where nothing was live, one that is gone after the merge is this one under another name.
    ...findSharedSecrets(reference, after, lastLive === undefined ? [sides[1], sides[1]] : sides),
    ...(lastLive === undefined ? missingTenant(after) : []),
  ];
  const kinds = new Set(known.map(({ kind }) => kind));
  return found
    .filter(({ kind }) => weakensSecurity(kind) && !kinds.has(kind))
    .map((change) => ({ ...change, severity: 'breaking', message: `${change.message} (${compared})` }));
}

/** Where one secret signs for every customer of an app. */
function missingTenant(after: ConnectorPlan): readonly Change[] {
  if (after.signature === null || tenantsOf(after.signature.preset, after.when) !== null) return [];
  const message =
    'one secret signs for all who installed the app, and `when` does not say which of them may call';
  const common = { connector: after.id, path: '/when', before: null, after: null } as const;
  return [{ ...common, kind: 'tenants-widened', severity: 'breaking', message }];
}
