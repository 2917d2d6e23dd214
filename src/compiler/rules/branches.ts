/**
 * The branches of an expression that no sample may ever take: defaults, texts behind ??, and what codes and bands become. A
 * plan in; out, for each of them, the plan of a request that takes it, and where the file says what comes out.
 */
import type { ExpressionPlan } from '../../stages/plans.ts';
import { pointerTo } from '../../stages/problem.ts';

export interface Branch {
  /** What the file says. */
  readonly value: unknown;
  /** How a sentence calls it. */
  readonly word: string;
  readonly pointer: string;
  /** The expression as if nothing else were there. */
  readonly plan: ExpressionPlan;
}

type Sourced = Exclude<ExpressionPlan, { kind: 'literal' | 'object' | 'list' }>;

export function branchesOf(plan: ExpressionPlan, pointer: string): readonly Branch[] {
  switch (plan.kind) {
    case 'literal':
      return [];
    case 'object':
      return Object.entries(plan.members).flatMap(([key, member]) =>
        within(member, pointerTo(pointer, key), (one) => ({
          ...plan,
          members: { ...plan.members, [key]: one },
        })),
      );
    case 'list':
      return ofItems(plan.items, pointer, (items) => ({ ...plan, items }));
    default:
      return [
        ...ofDefault(plan, pointer),
        ...ofFills(plan, pointer),
        ...ofLookups(plan, pointer),
        ...(plan.kind === 'gather'
          ? ofItems(plan.items, pointerTo(pointer, 'list'), (items) => ({ ...plan, items }))
          : []),
        ...(plan.get === undefined
          ? []
          : within(plan.get, pointerTo(pointer, 'get'), (get) => ({ ...plan, get }))),
      ];
  }
}

function within(
  plan: ExpressionPlan,
  pointer: string,
  wrap: (plan: ExpressionPlan) => ExpressionPlan,
): readonly Branch[] {
  return branchesOf(plan, pointer).map((branch) => ({ ...branch, plan: wrap(branch.plan) }));
}

function ofItems(
  items: readonly ExpressionPlan[],
  pointer: string,
  wrap: (items: readonly ExpressionPlan[]) => ExpressionPlan,
): readonly Branch[] {
  return items.flatMap((item, index) =>
    within(item, pointerTo(pointer, index), (one) => wrap(items.with(index, one))),
  );
}

/** Nothing changes a default any more. */
function ofDefault(plan: Sourced, pointer: string): readonly Branch[] {
  if (plan.default == null) return [];
  const { default: value } = plan;
  return [
    { value, word: '`default`', pointer: pointerTo(pointer, 'default'), plan: { kind: 'literal', value } },
  ];
}

function ofFills(plan: Sourced, pointer: string): readonly Branch[] {
  if (plan.kind !== 'template') return [];
  return plan.parts.flatMap((part, index) => {
    if (typeof part === 'string' || part.default === undefined) return [];
    const { default: value } = part;
    const word = 'the text behind ??';
    const place = pointerTo(pointer, 'template');
    return [{ value, word, pointer: place, plan: { ...plan, parts: plan.parts.with(index, value) } }];
  });
}

/** What a code or a number becomes goes on through the steps behind the lookup. */
function ofLookups(plan: Sourced, pointer: string): readonly Branch[] {
  const codes = Object.entries(plan.map ?? {}).map(([code, value]) => ({
    value: value as unknown,
    word: `the code ${JSON.stringify(code)}`,
    pointer: pointerTo(pointerTo(pointer, 'map'), code),
    plan: behindLookup(plan, value),
  }));
  const bands = (plan.bands ?? []).map(({ from, is }, index) => ({
    value: is as unknown,
    word: `the band from ${from}`,
    pointer: pointerTo(pointerTo(pointerTo(pointer, 'bands'), index), 'is'),
    plan: behindLookup(plan, is),
  }));
  return [...codes, ...bands].filter(({ value }) => value !== null);
}

function behindLookup(plan: Sourced, value: unknown): ExpressionPlan {
  const { point, decimals, as, shift, join, count, sum, limit, default: fallback } = plan;
  const steps = { point, decimals, as, shift, join, count, sum, limit, default: fallback };
  const used = Object.fromEntries(Object.entries(steps).filter(([, step]) => step !== undefined));
  const isWhole = join !== undefined || count !== undefined || sum !== undefined;
  const values = Array.isArray(value) ? value : [value];
  const isOne = !isWhole && !Array.isArray(value);
  return {
    kind: 'gather',
    items: values.map((one: unknown) => ({ kind: 'literal' as const, value: one })),
    ...used,
    ...(isOne ? { pick: 'first' as const } : {}),
  };
}
