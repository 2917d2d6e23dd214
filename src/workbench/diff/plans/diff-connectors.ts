/**
 * Two sets of connectors in, what changes for each in production out. Looks into the plans of those whose digests differ,
 * and of no others: ten thousand connectors with one edit cost one comparison.
 */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import type { Change, Severity } from './change.ts';
import { diffPlans } from './diff-plan.ts';
import { diffGoingLive, type GoingLive } from './going-live.ts';
import { isOpen } from './rules/origin.ts';
import { findSharedSecrets, namesOf } from './shared-secrets.ts';
import type { BrokenConnector, DiffSide } from './sides.ts';

export interface ConnectorDiff {
  readonly id: string;
  /** null: not there, or it does not compile. */
  readonly before: ConnectorPlan | null;
  readonly after: ConnectorPlan | null;
  /** The old side, where it does not compile; else null. */
  readonly brokenBefore: BrokenConnector | null;
  readonly changes: readonly Change[];
  /** Of one that goes live: the texts that accepted what is weaker than this in what it is compared with; else null. */
  readonly reasons: GoingLive['reasons'] | null;
}

type ConnectorPair = Omit<ConnectorDiff, 'changes' | 'reasons'>;

/** The connectors that differ, in the order of their ids. */
export function diffConnectors(before: DiffSide, after: DiffSide): readonly ConnectorDiff[] {
  const ids = [before, after].flatMap(({ connectors, broken }) => [...connectors.keys(), ...broken.keys()]);
  const pairs = [...new Set(ids)].sort().flatMap((id): readonly ConnectorPair[] => {
    const [was, is] = [before.connectors.get(id), after.connectors.get(id)];
    if (was !== undefined && was.digest === is?.digest) return [];
    const brokenBefore = before.broken.get(id) ?? null;
    return [{ id, before: was?.plan() ?? null, after: is?.plan() ?? null, brokenBefore }];
  });
  const renames = findRenames(pairs, (id) => before.broken.has(id) || after.broken.has(id));
  return pairs.map((pair) => ({ ...pair, ...allChangesOf(pair, before, after, renames) }));
}

function allChangesOf(
  pair: ConnectorPair,
  old: DiffSide,
  current: DiffSide,
  renames: ReadonlyMap<string, string>,
): Pick<ConnectorDiff, 'changes' | 'reasons'> {
  const changes = changesOf(pair, old, current, renames);
  const { id, before, after } = pair;
  if (after?.status !== 'live' || before?.status === 'live' || current.broken.has(id))
    return { changes, reasons: null };
  const renamed = before === null ? renames.get(id) : undefined;
  const { changes: found, reasons } = diffGoingLive(after, renamed, [old, current]);
  const kinds = new Set(changes.map(({ kind }) => kind));
  return { changes: [...changes, ...found.filter(({ kind }) => !kinds.has(kind))], reasons };
}

function changesOf(
  { id, before, after, brokenBefore }: ConnectorPair,
  old: DiffSide,
  current: DiffSide,
  renames: ReadonlyMap<string, string>,
): readonly Change[] {
  const common = { connector: id, path: '', before: before?.status ?? null, after: after?.status ?? null };
  const broken = current.broken.get(id);
  if (broken !== undefined) {
    const message = `it does not compile, so nothing can be built until it is mended: ${broken.error}`;
    return [{ ...common, kind: 'connector-broken', severity: 'breaking', message }];
  }
  if (before !== null && after !== null)
    return [...diffPlans(before, after), ...findSharedSecrets(before, after, [old, current])];
  const rename = renames.get(id);
  if (after !== null) {
    const isUnknown = brokenBefore !== null;
    const kind = isUnknown ? 'connector-unknown-before' : 'connector-added';
    const severity: Severity = after.status === 'live' ? 'risky' : 'safe';
    return [{ ...common, kind, severity, message: describeAdded(after, isUnknown, rename) }];
  }
  const isUnknown = before === null;
  const severity: Severity = isUnknown ? 'risky' : before.status === 'disabled' ? 'safe' : 'breaking';
  return [{ ...common, kind: 'connector-removed', severity, message: describeRemoved(before, rename) }];
}

function describeAdded(plan: ConnectorPlan, isUnknown: boolean, rename: string | undefined): string {
  const what = isUnknown
    ? 'the old side of it does not compile, so that nobody can say what it did: read it like a new one'
    : rename !== undefined
      ? `looks like ${rename} under another id: senders must be given the new URL, and automatic pauses and held requests stay with the old id`
      : 'its URL answers from the merge on';
  if (plan.status !== 'live') return what;
  const open = isOpen(plan)
    ? '; nothing proves the sender, so anyone on the internet can make cards and pause it'
    : '';
  return `${what}; it is live at once, so that its first request makes real cards${open}`;
}

function describeRemoved(plan: ConnectorPlan | null, rename: string | undefined): string {
  const moved =
    rename === undefined
      ? ''
      : `; it looks renamed to ${rename}: its URL changes with the id, and senders that call the old one get 404`;
  if (plan === null)
    return `its old side does not compile, so that nobody can say whether it was disabled${moved}`;
  if (plan.status === 'disabled') return `it was disabled before: nothing is lost${moved}`;
  return `its URL answers 404, and what its sender sends from the merge on is lost${moved}. Set \`status: disabled\` first, and delete it when its sender calls no more`;
}

/** Pairs of a removed and an added connector that look like one: by id, each other's id. */
function findRenames(
  pairs: readonly ConnectorPair[],
  isBroken: (id: string) => boolean,
): ReadonlyMap<string, string> {
  const added = new Map<string, string>();
  for (const { id, before, after } of pairs) {
    if (before !== null || after === null || isBroken(id)) continue;
    for (const mark of marksOf(after)) if (!added.has(mark)) added.set(mark, id);
  }
  const renames = new Map<string, string>();
  for (const { id, before, after } of pairs) {
    if (before === null || after !== null || isBroken(id)) continue;
    const found = marksOf(before)
      .map((mark) => added.get(mark))
      .find((other) => other !== undefined && !renames.has(other));
    if (found === undefined) continue;
    renames.set(id, found);
    renames.set(found, id);
  }
  return renames;
}

/** What two connectors share that are one: the surest first. */
function marksOf(plan: ConnectorPlan): readonly string[] {
  const { actionFlow, shape } = plan;
  const rest = [`flow ${actionFlow}`, ...namesOf(plan).map((name) => `secret ${name}`)];
  if (shape === null) return rest;
  return [`both ${actionFlow} ${shape.fingerprint}`, `shape ${shape.fingerprint}`, ...rest];
}
