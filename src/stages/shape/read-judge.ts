/**
 * Judges one value that the mapping reads: a plan and the merged shape in, a function from payload to grade out. Follows
 * the mapping's own rule for alternatives: the first path that gives something other than null is the one that is used.
 */
import { parsePath } from '../json/json-path.ts';
import type { Segment } from '../json/json-path-grammar.ts';
import type { JsonValue } from '../json/json-value.ts';
import { ownMember } from '../json/own-member.ts';
import type { Shape } from '../plans.ts';
import { compileChosen } from './chosen-read.ts';
import { hasTypeOf } from './json-type.ts';
import { keysOf } from './path-steps.ts';
import type { ReadFault, ReadJudge, ReadPlan } from './read.ts';
import { walkRead } from './read-walk.ts';
import { childShape } from './shape-steps.ts';

/**
 * right: found, with the types of the samples · partial: some of what a wildcard reaches is gone · wrong: found, of another
 * type · blocked: a wrong type on the way · empty: the lists on the way have no elements · missing: not there, or null.
 */
type Finding = 'right' | 'partial' | 'wrong' | 'blocked' | 'empty' | 'missing';

interface Alternative {
  readonly path: string;
  readonly segments: readonly Segment[];
  readonly find: (payload: JsonValue) => Finding;
}

/** Makes the function. Throws for a path that parsePath refuses: that is a bug of the caller. */
export function compileRead(plan: ReadPlan, shape: Shape): ReadJudge {
  if (plan.chosen !== undefined) return compileChosen(plan, shape, compileRead);
  const alternatives = plan.paths.map((path) => compileAlternative(path, shape, plan.shallow === true));
  return {
    plan,
    grade: (payload) => {
      const finding = findFirst(alternatives, payload);
      switch (finding) {
        case 'right':
        case 'empty':
          return null;
        case 'wrong':
        case 'blocked':
          return 'pause';
        case 'partial':
          return plan.optional ? null : 'hold';
        case 'missing':
          if (plan.optional) return null;
          if (plan.required) return 'pause';
          return plan.inEverySample ? 'hold' : null;
      }
    },
    fault: (payload) => explain(alternatives, shape, payload, plan.shallow === true),
    resolves: (payload) => {
      const finding = findFirst(alternatives, payload);
      return finding !== 'missing' && finding !== 'blocked';
    },
  };
}

function findFirst(alternatives: readonly Alternative[], payload: JsonValue): Finding {
  let result: Finding = 'missing';
  for (const { find } of alternatives) {
    const finding = find(payload);
    if (finding === 'right' || finding === 'wrong' || finding === 'partial') return finding;
    if (finding === 'blocked' || (finding === 'empty' && result === 'missing')) result = finding;
  }
  return result;
}

function explain(
  alternatives: readonly Alternative[],
  shape: Shape,
  payload: JsonValue,
  isShallow: boolean,
): ReadFault {
  const finding = findFirst(alternatives, payload);
  const culprit = alternatives.find(({ find }) => find(payload) === finding) as Alternative;
  const walk = walkRead(culprit.segments, shape, payload, isShallow);
  const others = finding === 'missing' || finding === 'blocked' ? alternatives : [];
  return {
    mismatch: walk.wrong ?? walk.lost ?? walk.absent,
    path: culprit.path,
    alternatives: others.filter((other) => other !== culprit).map(({ path }) => path),
  };
}

function compileAlternative(path: string, shape: Shape, isShallow: boolean): Alternative {
  const parsed = parsePath(path);
  if (!parsed.ok) throw new Error(`a path was used unchecked: ${parsed.message}`);
  const { segments, plain } = parsed;
  const find = plain
    ? compilePlain(segments, shape, isShallow)
    : (payload: JsonValue) => walk(segments, shape, payload, isShallow);
  return { path, segments, find };
}

function walk(segments: readonly Segment[], shape: Shape, payload: JsonValue, isShallow: boolean): Finding {
  const { reached, wrong, lost, absent } = walkRead(segments, shape, payload, isShallow);
  if (wrong !== undefined) return reached > 0 ? 'wrong' : 'blocked';
  if (reached > 0) return lost === undefined ? 'right' : 'partial';
  const isEmpty = lost === undefined && absent === undefined;
  return isEmpty && segments.every(({ kind }) => kind !== 'descent') ? 'empty' : 'missing';
}

/** Members and indexes only, as nearly all paths are: the same result without noting where. */
function compilePlain(
  segments: readonly Segment[],
  root: Shape,
  isShallow: boolean,
): (payload: JsonValue) => Finding {
  const keys = segments.flatMap(keysOf);
  return (payload) => {
    let value: JsonValue = payload;
    let shape: Shape | undefined = root;
    for (const key of keys) {
      if (value === null) return 'missing';
      if (shape !== undefined && !hasTypeOf(shape, value)) return 'blocked';
      const child = ownMember(value, key);
      if (child === undefined) return 'missing';
      shape = childShape(shape, value, key);
      value = child;
    }
    if (value === null) return 'missing';
    if (shape === undefined) return 'right';
    if (typeof value !== 'object') return hasTypeOf(shape, value) ? 'right' : 'wrong';
    return walk(segments, root, payload, isShallow);
  };
}
