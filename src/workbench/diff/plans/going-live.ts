/**
 * What a connector leaves open that goes live, or is new and live. In: its plan, and what was live before under its id, or
 * under that of a connector that is gone and looks like it. Out: changes that weaken security, compared with all of that;
 * where nothing was, with the strongest form of what it is.
 */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import { tenantsOf } from '../../../compiler/tenants.ts';
import type { Change } from './change.ts';
import { diffPlans } from './diff-plan.ts';
import { weakensSecurity } from './kinds.ts';
import { findSharedSecrets } from './shared-secrets.ts';
import type { DiffSide, LiveHistory } from './sides.ts';
import { strongestForm } from './strongest-form.ts';

/** What is compared with, and how that is called. */
interface Reference {
  readonly plan: ConnectorPlan;
  readonly compared: string;
  /** Sides whose connectors may not share its secrets; null: those of another connector are not looked for. */
  readonly sides: readonly [DiffSide, DiffSide] | null;
}

export interface GoingLive {
  readonly changes: readonly Change[];
  /** The texts that accepted weaker security in what is stronger than this; undefined: one without such a text. */
  readonly reasons: readonly (string | undefined)[];
}

/** `renamed`: the id that it had before, where it looks like one that is gone. */
export function diffGoingLive(
  after: ConnectorPlan,
  renamed: string | undefined,
  [old, current]: readonly [DiffSide, DiffSide],
): GoingLive {
  const own = old.live?.get(after.id);
  const references = [
    ...versionsOf(own, [old, current]),
    ...(renamed === undefined ? [] : predecessors(renamed, old)),
    ...(own === undefined || own.versions.length === 0 ? [strongest(after, current)] : []),
  ];
  const found = new Map<Change['kind'], Change>();
  const reasons: (string | undefined)[] = [];
  for (const { plan, compared, sides } of references) {
    const weaker = [
      ...diffPlans(plan, after),
      ...(sides === null ? [] : findSharedSecrets(plan, after, sides)),
    ].filter(({ kind }) => weakensSecurity(kind));
    if (weaker.length > 0) reasons.push(plan.weakened);
    for (const change of weaker) {
      if (found.has(change.kind)) continue;
      const message = `${change.message} (${compared})`;
      found.set(change.kind, { ...change, severity: 'breaking', message });
    }
  }
  const more = [
    ...(own === undefined || own.versions.length === 0 ? missingTenant(after) : []),
    ...(own?.isWhole === false && !old.broken.has(after.id) ? [unknownBefore(after)] : []),
  ].filter(({ kind }) => !found.has(kind));
  if (more.length > 0) reasons.push(undefined);
  return { changes: [...found.values(), ...more], reasons };
}

function versionsOf(
  history: LiveHistory | undefined,
  sides: readonly [DiffSide, DiffSide],
): readonly Reference[] {
  return (history?.versions ?? []).map(({ plan, commit }, index) => {
    const when = index === 0 ? 'last' : 'before';
    return { plan, compared: `compared with what was live ${when} (${commit.slice(0, 8)})`, sides };
  });
}

/** A connector that is gone: what it was, and what was live of it. */
function predecessors(id: string, old: DiffSide): readonly Reference[] {
  const compared = `compared with ${id}, which it looks like under another id`;
  const was = old.connectors.get(id)?.plan();
  const plans = [
    ...(was === undefined ? [] : [was]),
    ...(old.live?.get(id)?.versions ?? []).map(({ plan }) => plan),
  ];
  return plans.map((plan) => ({ plan, compared, sides: null }));
}

const NEVER_LIVE = 'it was never live before, and is judged by the strongest form';

function strongest(after: ConnectorPlan, current: DiffSide): Reference {
  // One that is gone after the merge is this one under another name.
  return { plan: strongestForm(after), compared: NEVER_LIVE, sides: [current, current] };
}

/** Where one secret signs for every customer of an app. */
function missingTenant(after: ConnectorPlan): readonly Change[] {
  if (after.signature === null || tenantsOf(after.signature.preset, after.when) !== null) return [];
  const message = `one secret signs for all who installed the app, and \`when\` does not say which of them may call (${NEVER_LIVE})`;
  const common = { connector: after.id, path: '/when', before: null, after: null } as const;
  return [{ ...common, kind: 'tenants-widened', severity: 'breaking', message }];
}

function unknownBefore(after: ConnectorPlan): Change {
  const message =
    'what was live under its id before cannot be compared whole: it does not compile today, or changed too often';
  const common = { connector: after.id, path: '', before: null, after: null } as const;
  return { ...common, kind: 'live-before-unknown', severity: 'breaking', message };
}
