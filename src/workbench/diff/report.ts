/** What `diff` has found, for whoever prints it. In: two loaded sides. Out: one record; nothing is printed here. */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import type { Change } from './plans/change.ts';
import { diffConnectors } from './plans/diff-connectors.ts';
import { checkGates, type Gate } from './plans/gates.ts';
import { compareRequests, type RequestDiff } from './requests/compare-requests.ts';
import { changesOfRequests } from './requests/request-changes.ts';
import type { LoadedSide } from './sides/compile-commit.ts';
import type { LoadedSides } from './sides/load-sides.ts';
import { changesOfSilence } from './silence-changes.ts';

export interface ConnectorReport {
  readonly id: string;
  /** Display path of its file; null where both sides are bundles. */
  readonly file: string | null;
  /** Status before and after, or `broken`; null: not there. */
  readonly status: readonly [string | null, string | null];
  /** The worst first; never empty. */
  readonly changes: readonly Change[];
  readonly requests: readonly RequestDiff[];
}

export interface DiffReport {
  /** As given on the command line. */
  readonly sides: readonly [string, string];
  /** The worst first. */
  readonly connectors: readonly ConnectorReport[];
  readonly unchanged: number;
  readonly gates: readonly Gate[];
  /** Of the new side: only errors. */
  readonly errors: readonly Diagnostic[];
  /** What could not be compared, and why: sentences for people. */
  readonly notes: readonly string[];
}

/** No gate fails, and the new side compiles. */
export function isOk({ gates, errors }: DiffReport): boolean {
  return errors.length === 0 && gates.every(({ result }) => result !== 'fail');
}

/** Instead of a status: it does not compile. */
export const BROKEN = 'broken';

const ORDER = { breaking: 0, risky: 1, safe: 2 } as const;

/** `samples`: connectors whose samples and cases stand in for those of bundles; empty where none were given. */
export async function makeReport(
  names: readonly [string, string],
  { before, after, ids, differing, errors }: LoadedSides,
  samples: ReadonlyMap<string, CompiledConnector>,
  scripts: ScriptRunner,
): Promise<DiffReport> {
  const diffs = diffConnectors(before, after);
  const byId = new Map(diffs.map((diff) => [diff.id, diff]));
  const known = new Set([...byId.keys(), ...after.files.keys()]);
  const connectors: ConnectorReport[] = [];
  for (const id of [...known].sort()) {
    const silenced = findSilenced(before, after, id);
    const diff = byId.get(id);
    // The same plan, and other samples or cases: what is pinned and shown has changed.
    if (diff === undefined && silenced.length === 0 && !differing.has(id)) continue;
    const was = before.connectors.get(id)?.plan() ?? null;
    const is = after.connectors.get(id)?.plan() ?? null;
    const sources = {
      before: filesOf(before, id),
      after: filesOf(after, id) ?? samples.get(id) ?? null,
    };
    const requests = await compareRequests(sources, was, is, scripts);
    const all = [...(diff?.changes ?? []), ...silenced, ...changesOfRequests(id, requests, was, is)];
    if (all.length === 0) continue;
    connectors.push({
      id,
      file: (after.files.get(id) ?? before.files.get(id) ?? samples.get(id))?.file ?? null,
      status: [statusOf(before, id, was), statusOf(after, id, is)],
      changes: all.toSorted((left, right) => ORDER[left.severity] - ORDER[right.severity]),
      requests,
    });
  }
  // Alphabetical among those that weigh the same, as the diffs are.
  connectors.sort((left, right) => weight(left) - weight(right));
  return {
    sides: names,
    connectors,
    unchanged: ids.size - connectors.length,
    gates: [...checkGates(diffs), ...connectors.flatMap(compareCases)],
    errors: [
      ...errors,
      ...(after.compilation?.diagnostics ?? []).filter(({ severity }) => severity === 'error'),
    ],
    notes: describeGaps(before, after, samples, connectors),
  };
}

/** Cases of a live connector that no longer watch what is kept out. */
function compareCases({ id, changes }: ConnectorReport): readonly Gate[] {
  const lost = changes.filter(
    ({ kind, severity }) => (kind === 'case-removed' || kind === 'case-edited') && severity === 'risky',
  );
  if (lost.length === 0) return [];
  const count = lost.length === 1 ? 'a case that had' : `${lost.length} cases that had`;
  const message = `${count} to be refused or held ${lost.length === 1 ? 'is' : 'are'} gone or edited: look whether such requests still are`;
  return [{ gate: 'case-removed', connector: id, result: 'warn', message }];
}

/** Where both sides have files that could be read: no plan holds what a file silences. */
function findSilenced(before: LoadedSide, after: LoadedSide, id: string): readonly Change[] {
  const [was, is] = [before.files.get(id)?.spec, after.files.get(id)?.spec];
  return was && is ? changesOfSilence(id, was.silence, is.silence) : [];
}

function statusOf({ broken }: LoadedSide, id: string, plan: ConnectorPlan | null): string | null {
  return plan?.status ?? (broken.has(id) ? BROKEN : null);
}

/** Nothing is shown of a side that has errors: a secret that stands in a sample is one. */
function filesOf({ broken, files }: LoadedSide, id: string): CompiledConnector | null {
  return broken.has(id) ? null : (files.get(id) ?? null);
}

function weight({ changes }: ConnectorReport): number {
  const [first] = changes;
  return first === undefined ? ORDER.safe : ORDER[first.severity];
}

function describeGaps(
  before: LoadedSide,
  after: LoadedSide,
  samples: ReadonlyMap<string, CompiledConnector>,
  connectors: readonly ConnectorReport[],
): readonly string[] {
  const notes: string[] = [];
  if (before.broken.size > 0) {
    const names = [...before.broken.keys()].slice(0, 10).join(', ');
    notes.push(`the old side has errors in ${names}: what these did before is unknown, and not compared`);
  }
  const hasNoFiles = connectors.some(({ requests }) => requests.length === 0);
  if (before.compilation === null && after.compilation === null && samples.size === 0 && hasNoFiles)
    notes.push('bundles hold no samples: give --samples <connectors folder> to see what becomes of requests');
  return notes;
}
