/**
 * What the cases of a connector can show, and whether one run showed it. In: a plan. Out: the list of items, in the order
 * of the connector file. Each item is asked of what the stages saw and said of a request, never of the text of a case.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { conditionItems } from './condition-items.ts';
import type { CoverageItem } from './item.ts';
import { mappingItems } from './mapping-items.ts';
import { securityItems } from './security-items.ts';
import { shapeItems } from './shape-items.ts';

export function coverageItems(plan: ConnectorPlan): readonly CoverageItem[] {
  return [
    ...conditionItems('when', plan.when),
    ...conditionItems('testWhen', plan.testWhen === null ? [] : [plan.testWhen]),
    ...mappingItems(plan.mapping),
    ...shapeItems(plan.shape),
    ...securityItems(plan),
  ];
}
