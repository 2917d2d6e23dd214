/** An expression of a mapping as people write it in the file, on one line. */
import { stringifyJson } from '../../../stages/json/json-text.ts';
import type { ExpressionPlan, RecipientPlan } from '../../../stages/plans.ts';

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

function describeRest({
  as,
  default: fallback,
}: {
  readonly as?: string;
  readonly default?: unknown;
}): string {
  const words = [
    ...(as === undefined ? [] : [`as ${as}`]),
    ...(fallback === undefined ? [] : [`default ${stringifyJson(fallback)}`]),
  ];
  return words.map((word) => `, ${word}`).join('');
}
