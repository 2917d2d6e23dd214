/**
 * Rules: `when` and `testWhen` can be met, and the samples are requests that `when` lets through. Adds the conditions'
 * plans to the draft.
 */
import { quote } from '../../diagnostics/printable.ts';
import type { Condition } from '../../generated/connector.ts';
import { isReference } from '../../stages/conditions/compare.ts';
import { prepareCondition } from '../../stages/conditions/prepare-condition.ts';
import { compilePath } from '../../stages/json/compile-path.ts';
import { parsePath, splitRoot } from '../../stages/json/json-path.ts';
import { materialiseConditions } from '../../stages/match-when.ts';
import type { ConditionPlan, Scalar } from '../../stages/plans.ts';
import { pointerTo } from '../../stages/problem.ts';
import { splitOf } from '../../stages/split.ts';
import type { ConnectorDraft } from '../draft.ts';
import { describeMismatch, noteMismatch } from './condition-mismatch.ts';
import { reportPathNotInSample } from './paths.ts';
import { nameSamples } from './sample-names.ts';

interface PlacedCondition {
  readonly pointer: string;
  readonly plan: ConditionPlan;
}

export function checkConditions(draft: ConnectorDraft): void {
  const entries = draft.rawValueAt('/when');
  const count = Array.isArray(entries) ? entries.length : 0;
  const when = Array.from({ length: count }, (_, index) =>
    prepareAt(draft, pointerTo('/when', index)),
  ).filter(isPlaced);
  const testWhen = prepareAt(draft, '/testWhen');
  if (when.length === count) draft.parts.when = when.map(({ plan }) => plan);
  if (testWhen !== null) draft.parts.testWhen = testWhen.plan;
  else if (draft.rawValueAt('/testWhen') === undefined) draft.parts.testWhen = null;

  const isReachable = checkContradictions(draft, when);
  const placed = [...when, ...(testWhen === null ? [] : [testWhen])];
  const ofRequest = placed.filter((one) => checkThroughSplit(draft, one));
  const known = ofRequest.filter((one) => checkPaths(draft, one));
  if (isReachable)
    checkSelection(
      draft,
      when.filter((one) => known.includes(one)),
    );
}

function prepareAt(draft: ConnectorDraft, pointer: string): PlacedCondition | null {
  const spec = draft.valueAt(pointer);
  if (spec === undefined) return null;
  const plan = prepareCondition(spec as Condition, pointer, draft.parts.samples, draft.report);
  return plan === null ? null : { pointer, plan };
}

function isPlaced(condition: PlacedCondition | null): condition is PlacedCondition {
  return condition !== null;
}

/** The comparisons of an entry, each with its place. */
function comparisonsOf({ pointer, plan }: PlacedCondition): readonly PlacedCondition[] {
  if (plan.any === undefined) return [{ pointer, plan }];
  const place = pointerTo(pointer, 'any');
  return plan.any.map((one, index) => ({ pointer: pointerTo(place, index), plan: one }));
}

/** Of a batch, one element would decide for all. */
function checkThroughSplit(draft: ConnectorDraft, condition: PlacedCondition): boolean {
  const { split, samples } = draft.parts;
  if (split === null || split === undefined) return true;
  const { list } = splitOf(split);
  const base = list.endsWith('[*]') ? list.slice(0, -3) : list;
  const isBatch = samples.some(({ body }) => Array.isArray(compilePath(base).first(body)));
  const through = comparisonsOf(condition).find(
    ({ plan: { path = '' } }) => isBatch && path.startsWith(base) && /^[.[]/.test(path.slice(base.length)),
  );
  if (through === undefined) return true;
  const { path = '' } = through.plan;
  const inside = path.slice(base.length).replace(/^\[[^\]'"]*\]/, '');
  const word = condition.pointer.startsWith('/testWhen') ? 'testWhen' : 'when';
  const example =
    word === 'when' ? `when: [{ path: $${inside}, ... }]` : `testWhen: { path: $${inside}, ... }`;
  const message = `${quote(path)} reads through the list that \`split\` names, so that one element would decide for all; ask it of each element: split: { list: "${list}", ${example} }`;
  draft.report({ code: 'when-through-split', pointer: pointerTo(through.pointer, 'path'), message });
  return false;
}

/** A path that no sample has is misspelt, unless the condition asks whether it is there. */
function checkPaths(draft: ConnectorDraft, condition: PlacedCondition): boolean {
  return comparisonsOf(condition)
    .map((one) => checkPath(draft, one))
    .every(Boolean);
}

function checkPath(draft: ConnectorDraft, { pointer, plan }: PlacedCondition): boolean {
  const { samples, hasAllSamples } = draft.parts;
  if (plan.path === undefined || plan.exists !== undefined) return true;
  if (samples.length === 0 || !hasAllSamples) return true;
  const { path: inBody } = splitRoot(plan.path);
  if (!parsePath(inBody).ok) return false;
  const path = compilePath(inBody);
  if (samples.some(({ body }) => path.first(body) !== undefined)) return true;
  const bodies = samples.map((sample) => ({ sample, value: sample.body }));
  reportPathNotInSample(draft, { pointer: pointerTo(pointer, 'path') }, plan.path, bodies);
  return false;
}

/** Entries about the same value whose comparisons share no value. */
function checkContradictions(draft: ConnectorDraft, conditions: readonly PlacedCondition[]): boolean {
  let isReachable = true;
  for (const [index, later] of conditions.entries()) {
    const earlier = conditions
      .slice(0, index)
      .find((one) => isSameSubject(one.plan, later.plan) && excludes(one.plan, later.plan));
    if (earlier === undefined) continue;
    isReachable = false;
    const subject = later.plan.path ?? `header ${later.plan.header}`;
    const note = { message: 'this entry excludes it', span: draft.document.spanOf(earlier.pointer) };
    const message = `no request can meet this entry and an earlier one about ${quote(subject)}; use \`in\` for alternatives`;
    draft.report({ code: 'when-unreachable', pointer: later.pointer, message }, [note]);
  }
  return isReachable;
}

function isSameSubject(left: ConditionPlan, right: ConditionPlan): boolean {
  if (left.any !== undefined || right.any !== undefined) return false;
  // Of a path that can name several values, each entry may be met by another one.
  if (left.path !== undefined)
    return left.path === right.path && compilePath(splitRoot(left.path).path).plain;
  return left.header === right.header;
}

function excludes(left: ConditionPlan, right: ConditionPlan): boolean {
  if (!isSimple(left) || !isSimple(right)) return excludesAsNegative(left, right);
  if (left.exists === false || right.exists === false) return !isAboutAbsence(left) || !isAboutAbsence(right);
  const values = valuesOf(left) ?? valuesOf(right);
  if (values !== null) return !values.some((value) => admits(left, value) && admits(right, value));
  const [one = '', other = ''] = [left.prefix, right.prefix];
  return !one.startsWith(other) && !other.startsWith(one);
}

/** Comparisons that say which values they take. */
function isSimple({ equals, in: among, prefix, exists }: ConditionPlan): boolean {
  return (
    (equals !== undefined && !isReference(equals)) ||
    among !== undefined ||
    prefix !== undefined ||
    exists !== undefined
  );
}

/** One asks for just the values that the other one rules out. */
function excludesAsNegative(left: ConditionPlan, right: ConditionPlan): boolean {
  const ruledOut = ({ notEquals, notIn }: ConditionPlan): readonly unknown[] =>
    notIn ?? (notEquals === undefined || isReference(notEquals) ? [] : [notEquals]);
  const isRuledOut = (one: ConditionPlan, other: ConditionPlan): boolean => {
    const wanted = isSimple(one) ? valuesOf(one) : null;
    return wanted !== null && wanted.length > 0 && wanted.every((value) => ruledOut(other).includes(value));
  };
  return isRuledOut(left, right) || isRuledOut(right, left);
}

/** null counts as missing. */
function isAboutAbsence(plan: ConditionPlan): boolean {
  return plan.exists === false || plan.equals === null || plan.in?.includes(null) === true;
}

function valuesOf({ equals, in: among }: ConditionPlan): readonly Scalar[] | null {
  return equals === undefined || isReference(equals) ? (among ?? null) : [equals];
}

function admits(plan: ConditionPlan, value: string | number | boolean | null): boolean {
  const values = valuesOf(plan);
  if (values !== null) return values.includes(value);
  if (plan.prefix !== undefined) return typeof value === 'string' && value.startsWith(plan.prefix);
  return value !== null;
}

/** Every sample must be a request that `when` takes; each is reported at the first entry that it does not meet, with those that have the same there. */
function checkSelection(draft: ConnectorDraft, conditions: readonly PlacedCondition[]): void {
  let samples = draft.parts.samples;
  for (const { plan, pointer } of conditions) {
    const matches = materialiseConditions([plan]);
    const failing = samples.filter(({ body, headers }) => matches(body, headers).kind !== 'match');
    samples = samples.filter((sample) => !failing.includes(sample));
    const alike = Map.groupBy(failing, (sample) => describeMismatch(plan, sample));
    for (const [mismatch, group] of alike) {
      const message = `a request like ${nameSamples(group)} would be ignored: ${mismatch}`;
      draft.report({ code: 'sample-not-selected', pointer, message }, noteMismatch(plan, group));
    }
  }
}
