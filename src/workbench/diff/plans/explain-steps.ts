/** What differs between two expressions of one source, step by step, in words. In: two plans. Out: words, or none. */
import { stringifyJson } from '../../../stages/json/json-text.ts';
import type { ExpressionPlan, StepsPlan } from '../../../stages/plans.ts';
import { describeSteps } from './describe-expression.ts';
import { isSame } from './raw-differences.ts';

/** Changes that are named one by one; of more there is only the number. */
const MAX_NAMED = 5;

/** Such as `lookup entry "6" changes from "Resolved" to "Done"`; empty where the sources differ, which says it all. */
export function explainSteps(before: ExpressionPlan, after: ExpressionPlan): string {
  if (!isSourced(before) || !isSourced(after) || before.kind !== after.kind) return '';
  const entries = explainEntries(before.map, after.map);
  const [was, is] = [stepsOf(before), stepsOf(after)];
  const gone = was.filter((step) => !is.includes(step)).map((step) => `no longer ${step}`);
  const added = is.filter((step) => !was.includes(step)).map((step) => `now ${step}`);
  const all = [...entries, ...gone, ...added];
  const more = all.length - MAX_NAMED;
  return [...all.slice(0, MAX_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

type Sourced = Exclude<ExpressionPlan, { kind: 'literal' | 'object' | 'list' }>;

function isSourced(plan: ExpressionPlan): plan is Sourced {
  return plan.kind !== 'literal' && plan.kind !== 'object' && plan.kind !== 'list';
}

/** Without the lookup, whose entries are compared one by one. */
function stepsOf({ map: _, ...plan }: Sourced): readonly string[] {
  return describeSteps(plan as StepsPlan);
}

function explainEntries(before: StepsPlan['map'] = {}, after: StepsPlan['map'] = {}): readonly string[] {
  const codes = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return codes.flatMap((code) => {
    const [was, is] = [ownOf(before, code), ownOf(after, code)];
    if (isSame(was, is)) return [];
    const entry = `lookup entry ${JSON.stringify(code)}`;
    if (was === undefined) return [`${entry} is new: ${stringifyJson(is)}`];
    if (is === undefined) return [`${entry} is gone: it was ${stringifyJson(was)}`];
    return [`${entry} changes from ${stringifyJson(was)} to ${stringifyJson(is)}`];
  });
}

function ownOf(map: NonNullable<StepsPlan['map']>, code: string): unknown {
  return Object.hasOwn(map, code) ? map[code] : undefined;
}
