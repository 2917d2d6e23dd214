/**
 * Judges one value that the mapping reads: a plan and the merged shape in, a function from payload to grade out. Follows
 * the mapping's own rule for alternatives: the first path that gives something other than null is the one that is used.
 */
import { parsePath } from '../json/json-path.ts';
import type { Segment } from '../json/json-path-grammar.ts';
import { isBlank, type JsonValue } from '../json/json-value.ts';
import { ownMember } from '../json/own-member.ts';
import type { Shape } from '../plans.ts';
import { compileChosen } from './chosen-read.ts';
import { isFormKnown } from './forms.ts';
import { hasTypeOf, isEmptyObject } from './json-type.ts';
import { keysOf } from './path-steps.ts';
import type { ReadFault, ReadGrade, ReadJudge, ReadPlan } from './read.ts';
import { type ReadWalk, walkRead } from './read-walk.ts';
import { childShape } from './shape-steps.ts';

/**
 * right: found, with the types of the samples · reformed: the same, but of another form · partial: some of what a wildcard reaches is gone · wrong: found, of another
 * type · blocked: a wrong type on the way · empty: the lists on the way have no elements · missing: not there, or null.
 */
type Finding = 'right' | 'reformed' | 'partial' | 'wrong' | 'blocked' | 'empty' | 'missing';

interface Alternative {
  readonly path: string;
  readonly find: (payload: JsonValue) => Finding;
  readonly walk: (payload: JsonValue) => ReadWalk;
}

/** Makes the function. Throws for a path that parsePath refuses: that is a bug of the caller. */
export function compileRead(plan: ReadPlan, shape: Shape, forms: 'drift' | 'hold' = 'drift'): ReadJudge {
  const holdsForms = plan.recipient === true || forms === 'hold';
  if (plan.chosen !== undefined)
    return compileChosen(plan, shape, (inner, part) => compileRead(inner, part, forms));
  const alternatives = plan.paths.map((path) => compileAlternative(path, shape, plan));
  const gradeMissing = (finding: Finding, payload: JsonValue): ReadGrade | null => {
    if (plan.whenMissing === 'ignore') return isRenamed(alternatives, payload) ? 'hold' : null;
    if (plan.optional) return null;
    return finding === 'partial' || plan.required || plan.inEverySample ? 'hold' : null;
  };
  return {
    plan,
    grade: (payload) => {
      const finding = findFirst(alternatives, payload);
      switch (finding) {
        case 'right':
        case 'empty':
          return null;
        case 'reformed':
          return holdsForms ? 'hold' : null;
        case 'wrong':
        case 'blocked':
          return 'pause';
        case 'partial':
        case 'missing':
          return gradeMissing(finding, payload);
      }
    },
    fault: (payload) => explain(alternatives, plan, payload),
    isGone: (payload) =>
      alternatives.every((one) => {
        const { isGone, isEmpty } = one.walk(payload);
        return isGone && !isEmpty;
      }),
    resolves: (payload) => {
      const finding = findFirst(alternatives, payload);
      return finding !== 'missing' && finding !== 'blocked';
    },
  };
}

/** Findings with which an alternative is the one that is used. */
const SETTLED: ReadonlySet<Finding> = new Set(['right', 'reformed', 'wrong', 'partial']);

function findFirst(alternatives: readonly Alternative[], payload: JsonValue): Finding {
  let result: Finding = 'missing';
  for (const { find } of alternatives) {
    const finding = find(payload);
    if (SETTLED.has(finding)) return finding;
    if (finding === 'blocked' || (finding === 'empty' && result === 'missing')) result = finding;
  }
  return result;
}

/** A new member beside the first step that is missing: what is looked for may stand under another name. */
function isRenamed(alternatives: readonly Alternative[], payload: JsonValue): boolean {
  return alternatives.some((one) => one.walk(payload).renamed !== undefined);
}

function explain(alternatives: readonly Alternative[], plan: ReadPlan, payload: JsonValue): ReadFault {
  const finding = findFirst(alternatives, payload);
  const culprit = alternatives.find(({ find }) => find(payload) === finding) as Alternative;
  const walk = culprit.walk(payload);
  const others = finding === 'missing' || finding === 'blocked' ? alternatives : [];
  return {
    mismatch:
      walk.wrong ??
      (finding === 'reformed' ? walk.reformed : undefined) ??
      (plan.whenMissing && walk.renamed) ??
      walk.lost ??
      walk.absent,
    path: culprit.path,
    alternatives: others.filter((other) => other !== culprit).map(({ path }) => path),
  };
}

function compileAlternative(path: string, shape: Shape, plan: ReadPlan): Alternative {
  const parsed = parsePath(path);
  if (!parsed.ok) throw new Error(`a path was used unchecked: ${parsed.message}`);
  const { segments, plain } = parsed;
  const { shallow, recipient = false } = plan;
  const options = { isShallow: shallow === true, isRecipient: recipient };
  const walk = (payload: JsonValue): ReadWalk => walkRead(segments, shape, payload, options);
  const walkAll = (payload: JsonValue): Finding => findingOf(walk(payload), segments);
  return { path, walk, find: plain ? compilePlain(segments, shape, recipient, walkAll) : walkAll };
}

function findingOf(
  { reached, wrong, reformed, lost, absent }: ReadWalk,
  segments: readonly Segment[],
): Finding {
  if (wrong !== undefined) return reached > 0 ? 'wrong' : 'blocked';
  if (reached > 0 && lost === undefined) return reformed === undefined ? 'right' : 'reformed';
  if (reached > 0) return 'partial';
  const isEmpty = lost === undefined && absent === undefined;
  return isEmpty && segments.every(({ kind }) => kind !== 'descent') ? 'empty' : 'missing';
}

/** Members and indexes only, as nearly all paths are: the same result without noting where. */
function compilePlain(
  segments: readonly Segment[],
  root: Shape,
  recipient: boolean,
  walkAll: (payload: JsonValue) => Finding,
): (payload: JsonValue) => Finding {
  const keys = segments.flatMap(keysOf);
  return (payload) => {
    let value: JsonValue = payload;
    let shape: Shape | undefined = root;
    for (const key of keys) {
      if (value === null) return 'missing';
      if (shape !== undefined && !hasTypeOf(shape, value))
        return isEmptyObject(shape, value) ? 'missing' : 'blocked';
      const child = ownMember(value, key);
      if (child === undefined) return 'missing';
      shape = childShape(shape, value, key);
      value = child;
    }
    if (value === null) return 'missing';
    if (recipient && isBlank(value)) return 'missing';
    if (shape === undefined) return 'right';
    if (typeof value !== 'object') {
      if (!hasTypeOf(shape, value)) return 'wrong';
      return shape.forms === undefined || isFormKnown(shape.forms, value) ? 'right' : 'reformed';
    }
    return walkAll(payload);
  };
}
