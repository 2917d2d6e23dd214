/** What an expression reads, for messages: a plan in, words out. Never a value. */
import type { ExpressionPlan } from '../plans.ts';

/** Such as `"$.a" or "$.b"`, `header "x-id"`, `"price"`. */
export function describeSource(plan: ExpressionPlan): string {
  if (plan.kind === 'path') return describePaths(plan.paths);
  if (plan.kind === 'use') return describePaths([plan.name]);
  if (plan.kind === 'gather') return 'the list';
  return plan.kind === 'header' ? `header ${JSON.stringify(plan.name)}` : `the ${plan.kind}`;
}

export function describePaths(paths: readonly string[]): string {
  return paths.map((path) => JSON.stringify(path)).join(' or ');
}
