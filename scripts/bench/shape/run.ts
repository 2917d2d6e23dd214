/** The measurements that are published: groups of payloads in, rates of false alarms and of what is noticed out. */
import type { ShapePolicy } from '../../../src/stages/plans.ts';
import type { Group } from './corpus.ts';
import type { Recipient } from './draw.ts';
import { type Counts, measureChanged, measureGenuine, type Target } from './measure.ts';
import { type MissingResults, measureMissing } from './missing.ts';
import type { Mutation } from './mutate.ts';

export interface GenuineTable {
  readonly title: string;
  readonly rows: readonly {
    readonly samples: number;
    readonly groups: number;
    readonly counts: Readonly<Record<ShapePolicy, Counts>>;
  }[];
}

export interface ChangedTable {
  readonly policy: ShapePolicy;
  readonly samples: number;
  readonly counts: Readonly<Record<Target, Readonly<Record<Mutation, Counts>>>>;
}

export interface Goal {
  readonly text: string;
  readonly isMet: boolean;
}

export interface Results {
  readonly genuine: readonly GenuineTable[];
  readonly changed: readonly ChangedTable[];
  readonly missing: MissingResults;
  readonly goals: readonly Goal[];
}

const SIZES = [1, 2, 3, 4];
/** Judging three samples and one more payload. */
const LARGE = 4;

/** How often samples are chosen within a group, and mappings drawn for each choice. */
export interface Effort {
  readonly choices: number;
  readonly draws: number;
}

export function runBenchmark(groups: readonly Group[], effort: Effort): Results {
  const large = groups.filter(({ payloads }) => payloads.length >= LARGE);
  const person = genuineTable('The recipient is a person in the payload', groups, 'person', effort);
  const genuine = [
    person,
    genuineTable(`The same, only events with ${LARGE} or more payloads`, large, 'person', effort),
    genuineTable('The recipient may also be an organisation', groups, 'account', effort),
    genuineTable('The recipient is read from any field at all', groups, 'any', effort),
  ];
  const changed = (
    [
      ['mapped', 1],
      ['mapped', 3],
      ['superset', 1],
      ['exact', 1],
    ] as const
  ).map(([policy, samples]) => ({
    policy,
    samples,
    counts: measureChanged({ groups, samples, recipient: 'person', ...effort }, policy),
  }));
  const missing = measureMissing(groups);
  return { genuine, changed, missing, goals: [...genuineGoals(person), ...changed.flatMap(changedGoals)] };
}

function genuineTable(
  title: string,
  groups: readonly Group[],
  recipient: Recipient,
  effort: Effort,
): GenuineTable {
  const rows = SIZES.map((samples) => ({
    samples,
    groups: groups.filter(({ payloads }) => payloads.length > samples).length,
    counts: measureGenuine({ groups, samples, recipient, ...effort }),
  }));
  return { title, rows: rows.filter(({ counts }) => counts.mapped.trials > 0) };
}

function genuineGoals({ rows }: GenuineTable): readonly Goal[] {
  const limits = [
    { samples: 1, limit: 0.06 },
    { samples: 3, limit: 0.03 },
  ];
  return limits.map(({ samples, limit }) => {
    const { paused = 0, trials = 0 } = rows.find((row) => row.samples === samples)?.counts.mapped ?? {};
    const text = `policy mapped, samples: ${samples}; at most ${limit * 100} % of genuine payloads pause`;
    return { text, isMet: trials > 0 && paused / trials <= limit };
  });
}

/** What must never be delivered. */
function changedGoals({ policy, samples, counts }: ChangedTable): readonly Goal[] {
  const onMapped: readonly Target[] = ['required', 'mapped', 'mapped, with a default'];
  const wanted: readonly (readonly [string, readonly Target[], readonly Mutation[]])[] = [
    ['retype and wrap on mapped paths', onMapped, ['retype', 'wrap in a list', 'wrap in an object']],
    ['rename, drop and null on required paths', ['required'], ['rename', 'drop', 'null']],
  ];
  return wanted.map(([what, targets, mutations]) => ({
    text: `policy ${policy}, samples: ${samples}; ${what} is never delivered`,
    isMet: targets.every((target) =>
      mutations.every((mutation) => isNeverDelivered(counts[target][mutation])),
    ),
  }));
}

export function isNeverDelivered({ trials, paused, held }: Counts): boolean {
  return trials === paused + held;
}
