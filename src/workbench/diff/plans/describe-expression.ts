/** An expression of a mapping as people write it in the file, on one line. */
import { stringifyJson } from '../../../stages/json/json-text.ts';
import type { ExpressionPlan, RecipientPlan, StepsPlan } from '../../../stages/plans.ts';
import { describeCondition } from './conditions.ts';

/** Such as `$.customer.name or $.customer_name, default "unknown"`. */
export function describeExpression(plan: ExpressionPlan): string {
  switch (plan.kind) {
    case 'literal':
      return stringifyJson(plan.value);
    case 'path':
      return `${plan.paths.join(' or ')}${describeRest(plan)}`;
    case 'header':
      return `header ${plan.name}${describeRest(plan)}`;
    case 'template': {
      const text = plan.parts.map((part) => (typeof part === 'string' ? part : describePart(part))).join('');
      return `template ${JSON.stringify(text)}${describeRest(plan)}`;
    }
    case 'gather':
      return `list ${describeList(plan.items)}${describeRest(plan)}`;
    case 'use':
      return `value ${plan.name}${describeRest(plan)}`;
    case 'object': {
      const members = Object.entries(plan.members).map(
        ([name, member]) => `${JSON.stringify(name)}: ${describeExpression(member)}`,
      );
      return `{ ${members.join(', ')} }`;
    }
    case 'list':
      return describeList(plan.items);
  }
}

export function describeList(items: readonly RecipientPlan[]): string {
  const described = items.map(
    (item) => `${describeExpression(item)}${item.whenMissing === 'ignore' ? ', ignored when missing' : ''}`,
  );
  return `[${described.join(', ')}]`;
}

function describePart({
  paths,
  default: fallback,
}: {
  readonly paths: readonly string[];
  readonly default?: string;
}): string {
  return `{{ ${[...paths, ...(fallback === undefined ? [] : [JSON.stringify(fallback)])].join(' ?? ')} }}`;
}

/** The steps in the order in which they run. */
function describeRest(plan: StepsPlan): string {
  return describeSteps(plan)
    .map((word) => `, ${word}`)
    .join('');
}

/** Each step as people write it. */
export function describeSteps(plan: StepsPlan): readonly string[] {
  const { where, get, missing, separator, except, map, bands, point, shift } = plan;
  const json = (word: keyof StepsPlan): readonly string[] =>
    plan[word] === undefined ? [] : [`${word} ${stringifyJson(plan[word])}`];
  return [
    ...(where === undefined ? [] : [`where ${where.map(describeCondition).join(' and ')}`]),
    ...(get === undefined ? [] : [`get ${describeExpression(get)}`]),
    ...(missing === undefined ? [] : json('missing')),
    ...(separator === undefined ? [] : json('separator')),
    ...(plan.case === undefined ? [] : [`case ${plan.case}`]),
    ...(except === undefined ? [] : [`except ${describeList(except)}`]),
    ...(plan.pick === undefined ? [] : [`pick ${plan.pick}`]),
    ...(map === undefined ? [] : json('map')),
    ...(bands === undefined ? [] : json('bands')),
    ...(point === undefined
      ? []
      : [typeof point === 'number' ? `point ${point}` : `point of currency ${describeExpression(point)}`]),
    ...json('decimals'),
    ...(plan.as === undefined ? [] : [`as ${plan.as}`]),
    ...(shift === undefined ? [] : [`${shift < 0 ? 'minus' : 'plus'} ${Math.abs(shift) / 1000} s`]),
    ...json('join'),
    ...(plan.count ? ['count'] : []),
    ...(plan.sum ? ['sum'] : []),
    ...json('limit'),
    ...json('default'),
  ];
}
