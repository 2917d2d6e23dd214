/**
 * Rules: `when` and `testWhen` can be met, and the samples are requests that `when` lets through. Adds the conditions'
 * plans to the draft.
 */
import { quote } from '../../diagnostics/printable.ts';
import type { Condition } from '../../generated/connector.ts';
import { compilePath, parsePath } from '../../stages/json/json-path.ts';
import { materialiseConditions, prepareCondition } from '../../stages/match-when.ts';
import type { ConditionPlan } from '../../stages/plans.ts';
import { pointerTo } from '../../stages/problem.ts';
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
  const known = [...when, ...(testWhen === null ? [] : [testWhen])].filter((one) => checkPath(draft, one));
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

/** A path that no sample has is misspelt, unless the condition asks whether it is there. */
function checkPath(draft: ConnectorDraft, { pointer, plan }: PlacedCondition): boolean {
  const { samples, hasAllSamples } = draft.parts;
  if (plan.path === undefined || plan.exists !== undefined) return true;
  if (samples.length === 0 || !hasAllSamples) return true;
  if (!parsePath(plan.path).ok) return false;
  const path = compilePath(plan.path);
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
  // Of a path that can name several values, each entry may be met by another one.
  if (left.path !== undefined) return left.path === right.path && compilePath(left.path).plain;
  return left.header === right.header;
}

function excludes(left: ConditionPlan, right: ConditionPlan): boolean {
  if (left.exists === false || right.exists === false) return !isAboutAbsence(left) || !isAboutAbsence(right);
  const values = valuesOf(left) ?? valuesOf(right);
  if (values !== null) return !values.some((value) => admits(left, value) && admits(right, value));
  const [one = '', other = ''] = [left.prefix, right.prefix];
  return !one.startsWith(other) && !other.startsWith(one);
}

/** null counts as missing. */
function isAboutAbsence(plan: ConditionPlan): boolean {
  return plan.exists === false || plan.equals === null || plan.in?.includes(null) === true;
}

function valuesOf({ equals, in: among }: ConditionPlan): NonNullable<ConditionPlan['in']> | null {
  return equals === undefined ? (among ?? null) : [equals];
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
