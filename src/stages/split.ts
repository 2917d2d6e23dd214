/** Batches: the plan of `split` becomes a function from a body to its elements. Never takes a missing list for an empty one. */
import { compilePath } from './json/compile-path.ts';
import type { JsonValue } from './json/json-value.ts';
import type { SplitPlan } from './plans.ts';

/** The elements of a batch, or null when the path leads to no list. */
export type Splitter = (body: JsonValue) => readonly JsonValue[] | null;

/** The plan in full: a list whose elements are all for the connector is written as its path alone. */
export function splitOf(plan: string | SplitPlan): SplitPlan {
  return typeof plan === 'string' ? { list: plan, when: [], testWhen: null } : plan;
}

/**
 * Makes the splitter of a plan whose path parsePath takes: `$.events[*]`, or `$.events` for the list itself. Gives at most
 * MAX_PATH_RESULTS + 1 elements where the path has other wildcards than one at its end.
 */
export function materialiseSplit(plan: string | SplitPlan): Splitter {
  const path = compilePath(splitOf(plan).list);
  const readList = path.plain ? path.first : path.withoutLastWildcard;
  if (readList !== undefined) {
    return (body) => {
      const list = readList(body);
      return Array.isArray(list) ? list : null;
    };
  }
  return (body) => {
    const elements = path.all(body);
    return elements.length > 0 || path.isEmpty(body) ? elements : null;
  };
}
