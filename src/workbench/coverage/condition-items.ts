/** `when` and `testWhen`: each entry both ways. Asked of the condition itself, on what the stage looked at. */
import { stringifyJson } from '../../stages/json/json-text.ts';
import { materialiseConditions } from '../../stages/match-when.ts';
import type { ConditionPlan, HandshakeConditionPlan } from '../../stages/plans.ts';
import type { Observation } from '../cases/observe.ts';
import type { CoverageItem } from './item.ts';

export function conditionItems(
  part: 'when' | 'testWhen',
  plans: readonly ConditionPlan[],
): readonly CoverageItem[] {
  return plans.flatMap((plan) => {
    const matcher = materialiseConditions([plan]);
    const judge = ({ selected }: Observation) => selected && matcher(selected.body, selected.headers).kind;
    const name = describeCondition(plan);
    // A value that every sample has cannot be absent and mean another event: then it counts as missing.
    const otherKinds = plan.exists === undefined ? ['differs'] : ['differs', 'missing'];
    return [
      { part, name, side: 'holds', isShownBy: (observation) => judge(observation) === 'match' },
      {
        part,
        name,
        side: 'does not hold',
        isShownBy: (observation) => otherKinds.includes(judge(observation) ?? ''),
      },
    ];
  });
}

/** A condition as the connector file has it. */
export function describeCondition(plan: HandshakeConditionPlan): string {
  const { path, header, query, equals, in: list, prefix, exists, equalsSecret } = plan;
  const place = path ?? (header === undefined ? `query ${query}` : `header ${header}`);
  if (equalsSecret !== undefined) return `${place} equals the ${equalsSecret}`;
  if (equals !== undefined) return `${place} equals ${stringifyJson(equals)}`;
  if (list !== undefined) return `${place} in ${stringifyJson(list)}`;
  return prefix === undefined ? `${place} exists ${exists}` : `${place} prefix ${stringifyJson(prefix)}`;
}
