/**
 * The hot path of the shape stage: a shape plan becomes a function from payload to verdict. Code is generated on first use;
 * a payload that fits costs about a fifth of its parsing (docs/shape.md), and a walk that names differences runs only when asked for.
 */
import type { Segment } from '../json/json-path-grammar.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { Shape, ShapePlan } from '../plans.ts';
import { compareShape, type Mismatch } from './compare.ts';
import type { Difference } from './difference.ts';
import { listDifferences } from './differences.ts';
import { fingerprintShape } from './fingerprint.ts';
import { type Fits, generateChecker } from './generate.ts';
import { hasTypeOf } from './json-type.ts';
import { learnAlong } from './learn.ts';
import { isAnsweredByShape, sliceShape } from './mapped-slice.ts';
import { keysOf, segmentsOf } from './path-steps.ts';
import type { ReadGrade, ReadJudge } from './read.ts';
import { compileRead } from './read-judge.ts';
import type { Trail } from './trail.ts';

/**
 * pause: a wrong type on a mapped path or on the way to it.
 * hold: a recipient or a required path does not resolve, or a mapped path that every sample has, or a wildcard no longer
 * finds it everywhere.
 * drift: anything else that differs. Policy superset also pauses on a wrong type and holds on what is missing anywhere;
 * policy exact pauses on whatever is not the shape of a sample, or of all samples together.
 */
export type ShapeGrade = 'pause' | 'hold' | 'drift';

export interface ShapeVerdict {
  readonly grade: ShapeGrade;
  /** What differs, what the mapping needs first; at most MAX_DIFFERENCES. Computed on first call. */
  differences(): readonly Difference[];
}

/** Requests of grade hold in a row that pause a connector whose file does not say how many. */
export const DEFAULT_PAUSE_AFTER = 10;

/** null: the payload fits. Bounded by the size of the payload. `root` is the whole body where the payload is a part of it. */
export type ShapeChecker = (payload: JsonValue, root?: JsonValue) => ShapeVerdict | null;

/** Makes the checker; cheap, as code is generated when the first payload comes. */
export function materialiseShape(plan: ShapePlan): ShapeChecker {
  let checker: ShapeChecker | undefined;
  return (payload, root) => {
    checker ??= compileChecker(plan);
    return checker(payload, root);
  };
}

/**
 * Makes the function that tells, of a payload without recipients, whether a member that would lead to some is missing. False
 * where null, blank or an empty list says that there is nobody.
 */
export function materialiseAbsence(plan: ShapePlan): (payload: JsonValue, root: JsonValue) => boolean {
  let judges: readonly ReadJudge[] | undefined;
  return (payload, root) => {
    judges ??= plan.reads
      .filter(({ whenMissing }) => whenMissing === 'ignore')
      .map((read) => compileRead(read, plan.shape));
    return judges.some((judge) => judge.isGone(payload, root));
  };
}

function compileChecker(plan: ShapePlan): ShapeChecker {
  const { shape, policy } = plan;
  const reads = plan.reads.map((read) => compileRead(read, shape, plan.forms));
  // What fitting the shape does not settle, such as an element that a shorter list no longer has.
  // Policy exact compares types and members alone: forms are left to the reads.
  const isAnswered = (read: ReadJudge) => policy !== 'exact' && isAnsweredByShape(shape, read.plan);
  const guards = reads.filter((read) => !isAnswered(read));
  const fits = policy === 'exact' ? compileExact(plan) : walkFirst(shape);
  const gradeMisfit = compileMisfit(plan, reads);
  return (payload, root = payload) => {
    const isFit = fits(payload);
    const grade = isFit ? worstGrade(guards, payload, root) : gradeMisfit(payload, root);
    return grade === null ? null : new Verdict(grade, payload, root, plan, reads);
  };
}

type GradeMisfit = (payload: JsonValue, root: JsonValue) => ShapeGrade;

/** Payloads that are walked before code is generated: that costs as much as some fifty walks, and samples are few. */
const WALKED = 16;

/** True for what fits, with new members refused. The walk and the generated code agree. */
function walkFirst(shape: Shape): Fits {
  let walked = 0;
  let generated: Fits | undefined;
  return (payload) => {
    if (generated !== undefined) return generated(payload);
    walked += 1;
    if (walked === WALKED) generated = generateChecker(shape, { unknownMembers: 'refuse' });
    return !compareShape(shape, payload, () => true);
  };
}

/** Grades a payload that does not fit. */
function compileMisfit(plan: ShapePlan, reads: readonly ReadJudge[]): GradeMisfit {
  switch (plan.policy) {
    case 'exact':
      return () => 'pause';
    case 'superset':
      return compileSuperset(plan, reads);
    case 'mapped':
      return compileMapped(plan.shape, reads);
  }
}

/** Most payloads that do not fit only drift: generated code for the mapped slice finds that out without a walk. */
function compileMapped(shape: Shape, reads: readonly ReadJudge[]): GradeMisfit {
  let slice: { fits: Fits; others: readonly ReadJudge[] } | undefined;
  return (payload, root) => {
    slice ??= compileSlice(shape, reads);
    const isSliceFit = slice.fits(payload);
    // Another root would mean that no path leads anywhere any more.
    if (!isSliceFit && !hasTypeOf(shape, payload)) return 'pause';
    return worstGrade(isSliceFit ? slice.others : reads, payload, root) ?? 'drift';
  };
}

function compileSlice(
  shape: Shape,
  reads: readonly ReadJudge[],
): { fits: Fits; others: readonly ReadJudge[] } {
  const slice = sliceShape(
    shape,
    reads.map(({ plan }) => plan),
  );
  const others = new Set(slice.others);
  return {
    fits: generateChecker(slice.shape, { unknownMembers: 'allow' }),
    others: reads.filter(({ plan }) => others.has(plan)),
  };
}

/** New members alone are drift; those apart, the payload still fits, and the shape answers for as much as it does then. */
function compileSuperset({ shape, reads: plans }: ShapePlan, reads: readonly ReadJudge[]): GradeMisfit {
  let fitsOtherwise: Fits | undefined;
  const spares = compileSpared(plans);
  return (payload, root) => {
    fitsOtherwise ??= generateChecker(shape, { unknownMembers: 'allow', anyForm: true });
    if (fitsOtherwise(payload)) return worstGrade(reads, payload, root) ?? 'drift';
    const grade = worstGrade(reads, payload, root);
    if (grade === 'pause') return 'pause';
    // Another root would mean that no path leads anywhere any more.
    if (!hasTypeOf(shape, payload)) return 'pause';
    if (compareShape(shape, payload, ({ kind }) => kind === 'type')) return 'pause';
    const isMissing = ({ kind, trail }: Mismatch) =>
      (kind === 'missing' || kind === 'empty') && !spares(trail);
    return compareShape(shape, payload, isMissing) ? 'hold' : (grade ?? 'drift');
  };
}

/** Places that may be missing because there may be nobody to tell: on the way to a recipient with whenMissing. */
function compileSpared(reads: ShapePlan['reads']): (trail: Trail) => boolean {
  const paths = reads.filter(({ whenMissing }) => whenMissing === 'ignore').flatMap((read) => read.paths);
  const ways = paths.map((path) => segmentsOf(path));
  return (trail) =>
    ways.some(
      (way) =>
        trail.length <= way.length &&
        trail.every((step, index) => {
          const segment = way[index] as Segment;
          return segment.kind === 'wildcard' || (step !== null && keysOf(segment).includes(String(step)));
        }),
    );
}

/** Equal in shape to a sample, or to all of them together. What does not even fit need not be fingerprinted. */
function compileExact({ shape, fingerprint, sampleFingerprints }: ShapePlan): Fits {
  const known = new Set([fingerprint, ...sampleFingerprints]);
  const options = { unknownMembers: 'refuse', anyForm: true } as const;
  if (known.size === 1 && isRigid(shape)) return generateChecker(shape, { ...options, literal: true });
  const fits = generateChecker(shape, options);
  return (payload) => fits(payload) && known.has(fingerprintShape(learnAlong(shape, payload)));
}

/** True for the shape of one sample that a literal check tells from all others: elements of its lists are all alike. */
function isRigid({ types, nullable, members, optional, values, items }: Shape, isInList = false): boolean {
  const [type, ...others] = types;
  if (type === undefined) return nullable === true;
  if (others.length > 0 || nullable || optional?.length || values) return false;
  // Some elements could have longer lists than others.
  if (type === 'array') return !isInList && (items === undefined || isRigid(items, true));
  if (type === 'object' && members === undefined) return false;
  return Object.values(members ?? {}).every((member) => isRigid(member, isInList));
}

function worstGrade(reads: readonly ReadJudge[], payload: JsonValue, root: JsonValue): ReadGrade | null {
  let worst: ReadGrade | null = null;
  for (const read of reads) {
    const grade = read.grade(payload, root);
    if (grade === 'pause') return grade;
    worst ??= grade;
  }
  return worst;
}

class Verdict implements ShapeVerdict {
  readonly grade: ShapeGrade;
  readonly #payload: JsonValue;
  readonly #root: JsonValue;
  readonly #plan: ShapePlan;
  readonly #reads: readonly ReadJudge[];
  #differences: readonly Difference[] | undefined;

  constructor(
    grade: ShapeGrade,
    payload: JsonValue,
    root: JsonValue,
    plan: ShapePlan,
    reads: readonly ReadJudge[],
  ) {
    this.grade = grade;
    this.#payload = payload;
    this.#root = root;
    this.#plan = plan;
    this.#reads = reads;
  }

  differences(): readonly Difference[] {
    this.#differences ??= this.#list();
    return this.#differences;
  }

  #list(): readonly Difference[] {
    const { shape, policy } = this.#plan;
    const graded = this.#reads.map((read) => ({ read, grade: read.grade(this.#payload, this.#root) }));
    const faults = (['pause', 'hold'] as const).flatMap((grade) =>
      graded.filter((one) => one.grade === grade).map(({ read }) => read.fault(this.#payload, this.#root)),
    );
    const found = listDifferences(faults, shape, this.#payload, { literal: policy === 'exact' });
    if (found.length > 0) return found;
    // Every part is known from some sample, but no sample has just these parts.
    return [{ path: '$', expected: 'the shape of one sample', found: 'a mix of several' }];
  }
}
