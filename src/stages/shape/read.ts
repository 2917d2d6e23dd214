/** What the mapping reads of a payload, and how one read is judged: the types of both. */
import type { JsonValue } from '../json/json-value.ts';
import type { ShapePlan } from '../plans.ts';
import type { Mismatch } from './compare.ts';

export type ReadPlan = ShapePlan['reads'][number];
export type ReadGrade = 'pause' | 'hold';

export interface ReadFault {
  /** Where it stands; absent when only the path itself can be named. */
  readonly mismatch: Mismatch | undefined;
  readonly path: string;
  /** Paths that would have done as well. */
  readonly alternatives: readonly string[];
}

export interface ReadJudge {
  readonly plan: ReadPlan;
  /** null: nothing wrong with this read. `root` is the whole body where the payload is a part of it. */
  grade(payload: JsonValue, root?: JsonValue): ReadGrade | null;
  /** What is wrong, after grade() found something. */
  fault(payload: JsonValue, root?: JsonValue): ReadFault;
  /**
   * Asked where the mapping finds nobody: true when that is because objects lack a member of the path, false when something
   * on it is null, blank or an empty list.
   */
  isGone(payload: JsonValue, root?: JsonValue): boolean;
  /** True when the mapping finds a value, or a list that is there but empty. */
  resolves(payload: JsonValue, root?: JsonValue): boolean;
}
