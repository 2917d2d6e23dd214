/**
 * The mapping: each place that a value can come from, the default being one of them. Asked of the expression itself, on
 * payloads whose mapping ran to its end. Literals come from nowhere and are left out; of a script only that it ran is seen.
 */

import type { JsonValue } from '../../stages/json/json-value.ts';
import { compileExpression } from '../../stages/mapping/expression.ts';
import type { ExpressionPlan, MappingPlan, StructuredMappingPlan } from '../../stages/plans.ts';
import type { RequestHeaders } from '../../stages/request.ts';
import type { Observation } from '../cases/observe.ts';
import type { CoverageItem } from './item.ts';

export function mappingItems(mapping: MappingPlan): readonly CoverageItem[] {
  if (mapping.kind === 'script') {
    const ran = ({ judged }: Observation) => judged.some(({ result }) => isScriptRun(result));
    return [{ part: 'mapping', name: mapping.file, side: 'runs', isShownBy: ran }];
  }
  return entriesOf(mapping).flatMap(([name, plan]) => expressionItems(name, plan));
}

type Result = Observation['judged'][number]['result'];

/** Codes of what is found out only after the mapping has made a value of everything. */
const AFTER_MAPPING: readonly string[] = ['trigger-invalid', 'idempotency-missing'];

function isMapped(result: Result): boolean {
  return result.kind === 'mapped' || (result.kind === 'held' && AFTER_MAPPING.includes(result.code));
}

function isScriptRun(result: Result): boolean {
  return isMapped(result) || (result.kind === 'ignored' && result.code === 'script-ignored');
}

function entriesOf(mapping: StructuredMappingPlan): readonly (readonly [string, ExpressionPlan])[] {
  const { targetUserIds, cardOptions, targetStreamIds = [], flowInvocationId } = mapping;
  const { variables, notificationDetail, metadata } = mapping;
  const list = (name: string, plans: readonly ExpressionPlan[]) =>
    plans.map((plan, index) => [plans.length === 1 ? name : `${name}[${index}]`, plan] as const);
  const section = (name: string, members: Readonly<Record<string, ExpressionPlan>> = {}) =>
    Object.entries(members).map(([key, plan]) => [`${name}.${key}`, plan] as const);
  return [
    ...list('targetUserIds', targetUserIds),
    ...section('cardOptions', cardOptions),
    ...list('cardOptions.targetStreamIds', targetStreamIds),
    ...(flowInvocationId === undefined ? [] : [['flowInvocationId', flowInvocationId] as const]),
    ...section('variables', variables),
    ...section('notificationDetail', notificationDetail),
    ...section('metadata', metadata),
  ];
}

function expressionItems(name: string, plan: ExpressionPlan): readonly CoverageItem[] {
  switch (plan.kind) {
    case 'literal':
      return [];
    case 'path':
      return sourceItems(name, plan.paths.map(pathSource), 'default' in plan);
    case 'header': {
      const source = { label: `header ${plan.name}`, plan: { kind: 'header', name: plan.name } } as const;
      return sourceItems(name, [source], 'default' in plan);
    }
    case 'template':
      return plan.parts.flatMap((part) => {
        if (typeof part === 'string') return [];
        const hasDefault = part.default !== undefined || 'default' in plan;
        return sourceItems(
          `${name} {{ ${part.paths.join(' ?? ')} }}`,
          part.paths.map(pathSource),
          hasDefault,
        );
      });
    case 'object':
      return Object.entries(plan.members).flatMap(([key, member]) =>
        expressionItems(`${name}.${key}`, member),
      );
    case 'list':
      return plan.items.flatMap((item, index) => expressionItems(`${name}[${index}]`, item));
  }
}

interface Source {
  readonly label: string;
  readonly plan: ExpressionPlan;
}

function pathSource(path: string): Source {
  return { label: path, plan: { kind: 'path', paths: [path] } };
}

/** The first source that gives a value is the one that is used; without any it is the default. */
function sourceItems(name: string, sources: readonly Source[], hasDefault: boolean): readonly CoverageItem[] {
  const compiled = sources.map(({ plan }) => compileExpression(plan, name));
  const sourceOf = (payload: JsonValue, headers: RequestHeaders): number =>
    compiled.findIndex((evaluate) => evaluate(payload, headers).kind === 'value');
  const isUsed = (index: number) => (observation: Observation) =>
    observation.judged.some(
      ({ payload, headers, result }) => isMapped(result) && sourceOf(payload, headers) === index,
    );
  const items: CoverageItem[] = sources.map(({ label }, index) => ({
    part: 'mapping',
    name,
    side: `from ${label}`,
    isShownBy: isUsed(index),
  }));
  if (hasDefault) items.push({ part: 'mapping', name, side: 'default', isShownBy: isUsed(-1) });
  return items;
}
