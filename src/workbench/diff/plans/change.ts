/**
 * What a diff is made of. Rules compare two plans of one connector and give findings; a finding without its account of
 * what it explains is a change, the record that people and machines read.
 */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import type { ChangeKind } from './kinds.ts';

/**
 * breaking: something that works today stops, or production is less protected. risky: production does something else
 * from now on. safe: nothing that works today changes.
 */
export type Severity = 'breaking' | 'risky' | 'safe';

export interface Change {
  readonly connector: string;
  readonly kind: ChangeKind;
  readonly severity: Severity;
  /** JSON pointer into the connector file; empty: the connector as a whole. */
  readonly path: string;
  /** What it means in production, in one sentence. May quote the connector file: escape it before it is printed. */
  readonly message: string;
  /** JSON; null where there was nothing. */
  readonly before: unknown;
  readonly after: unknown;
}

export interface Finding extends Omit<Change, 'connector'> {
  /** JSON pointers into the plan: the differences at and below them are what this finding is about. */
  readonly explains: readonly string[];
}

/** Two plans of the same connector, and how much a difference weighs. */
export interface PlanPair {
  readonly before: ConnectorPlan;
  readonly after: ConnectorPlan;
  /** Live on both sides: real cards are made before the merge and after it. */
  readonly isLive: boolean;
  /** Live on one side at least. */
  readonly touchesLive: boolean;
}

export function pairOf(before: ConnectorPlan, after: ConnectorPlan): PlanPair {
  const lives = [before, after].filter(({ status }) => status === 'live').length;
  return { before, after, isLive: lives === 2, touchesLive: lives > 0 };
}

/** One concern: reads both plans, changes nothing, and explains only what it has compared. */
export type DiffRule = (pair: PlanPair) => readonly Finding[];

/** How much a difference in what is made of requests weighs: a connector that is not live throughout makes test cards. */
export function weigh({ isLive }: PlanPair, severity: Severity): Severity {
  if (isLive || severity === 'safe') return severity;
  return severity === 'breaking' ? 'risky' : 'safe';
}

/** How much weaker protection weighs: strangers do not mind whether the connector is live before the merge or after it. */
export function weighSecurity({ touchesLive }: PlanPair): Severity {
  return touchesLive ? 'breaking' : 'risky';
}

/** "this live connector", for messages. */
export function nameOf({ after }: PlanPair): string {
  return `this ${after.status} connector`;
}
