/**
 * The mapping: each place that a value can come from, the default being one of them. Asked of the expression itself, on
 * payloads whose mapping ran to its end. Literals come from nowhere and are left out; of a script only that it ran is seen.
 */

import { compileExpression } from '../../stages/mapping/expression.ts';
import { compileNamed } from '../../stages/mapping/named-values.ts';
import type { ExpressionPlan, MappingPlan, StructuredMappingPlan } from '../../stages/plans.ts';
import type { Observation } from '../cases/observe.ts';
import type { CoverageItem } from './item.ts';

export function mappingItems(mapping: MappingPlan): readonly CoverageItem[] {
  if (mapping.kind === 'script') {
    const ran = ({ judged }: Observation) => judged.some(({ result }) => isScriptRun(result));
    return [{ part: 'mapping', name: mapping.file, side: 'runs', isShownBy: ran }];
  }
  const probe = probeOf(mapping);
  const named = Object.entries(mapping.values ?? {}).map(([name, plan]) => [`values.${name}`, plan] as const);
  return [...entriesOf(mapping), ...named].flatMap(([name, plan]) => expressionItems(name, plan, probe));
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

/** Makes the function that says whether an expression gives a value where the mapping ran. */
type Probe = (plan: ExpressionPlan) => (observation: Observation, gives?: boolean) => boolean;

function probeOf(mapping: StructuredMappingPlan): Probe {
  const open = compileNamed(mapping.values);
  return (plan) => {
    const evaluate = compileExpression(plan, 'probe');
    return ({ judged, selected }, gives = true) =>
      judged.some(
        ({ payload, headers, result }) =>
          isMapped(result) && (evaluate(open(payload, headers, selected?.body)).kind === 'value') === gives,
      );
  };
}

/** Codes and bands of one lookup that are listed: of longer tables a case for each says little. */
const MAX_ENTRIES = 30;

function expressionItems(name: string, plan: ExpressionPlan, probe: Probe): readonly CoverageItem[] {
  switch (plan.kind) {
    case 'literal':
      return [];
    case 'object':
      return Object.entries(plan.members).flatMap(([key, member]) =>
        expressionItems(`${name}.${key}`, member, probe),
      );
    case 'list':
      return plan.items.flatMap((item, index) => expressionItems(`${name}[${index}]`, item, probe));
    case 'template':
      return plan.parts.flatMap((part) => {
        if (typeof part === 'string') return [];
        const hasDefault = part.default !== undefined || 'default' in plan;
        const sources = part.paths.map((text): Source => {
          if (text.startsWith('$')) return { label: text, plan: { kind: 'path', paths: [text] } };
          return { label: `value ${text}`, plan: { kind: 'use', name: text } };
        });
        return sourceItems(`${name} {{ ${part.paths.join(' ?? ')} }}`, sources, hasDefault, probe);
      });
    default:
      return [
        ...sourceItems(name, sourcesOf(plan), 'default' in plan, probe),
        ...lookupItems(name, plan, probe),
      ];
  }
}

interface Source {
  readonly label: string;
  readonly plan: ExpressionPlan;
}

type Sourced = Extract<ExpressionPlan, { kind: 'path' | 'header' | 'gather' | 'use' }>;

/** Each place with the steps behind it, without the default. */
function sourcesOf({ default: _, ...plan }: Sourced): readonly Source[] {
  switch (plan.kind) {
    case 'path':
      return plan.paths.map((path) => ({ label: path, plan: { ...plan, paths: [path] } }));
    case 'header':
      return [{ label: `header ${plan.name}`, plan }];
    case 'use':
      return [{ label: `value ${plan.name}`, plan }];
    case 'gather':
      return [{ label: 'the list', plan }];
  }
}

/** The first source that gives a value is the one that is used; without any it is the default. */
function sourceItems(
  name: string,
  sources: readonly Source[],
  hasDefault: boolean,
  probe: Probe,
): readonly CoverageItem[] {
  const probes = sources.map(({ plan }) => probe(plan));
  // One observation is of one request; of a batch each element counts for what it did.
  const isUsed = (index: number) => (observation: Observation) =>
    observation.judged.some((one) => {
      const alone: Observation = { ...observation, judged: [one] };
      return isMapped(one.result) && probes.findIndex((gives) => gives(alone)) === index;
    });
  const items: CoverageItem[] = sources.map(({ label }, index) => ({
    part: 'mapping',
    name,
    side: `from ${label}`,
    isShownBy: isUsed(index),
  }));
  if (hasDefault) items.push({ part: 'mapping', name, side: 'default', isShownBy: isUsed(-1) });
  return items;
}

/** Each code of a lookup, and each band. */
function lookupItems(name: string, { default: _, ...plan }: Sourced, probe: Probe): readonly CoverageItem[] {
  const { map, bands } = plan;
  const item = (side: string, only: ExpressionPlan): CoverageItem => {
    const gives = probe(only);
    return { part: 'mapping', name, side, isShownBy: (observation) => gives(observation) };
  };
  const codes = Object.keys(map ?? {}).slice(0, MAX_ENTRIES);
  return [
    ...codes.map((code) => item(`code ${JSON.stringify(code)}`, { ...plan, map: { [code]: '1' } })),
    ...(bands ?? []).slice(0, MAX_ENTRIES).map((band, index) => {
      // A number that an earlier band takes is not of this one.
      const earlier = (bands ?? []).slice(0, index).map(({ from }) => ({ from, is: null }));
      return item(`band from ${band.from}`, { ...plan, bands: [...earlier, { from: band.from, is: 1 }] });
    }),
  ];
}
