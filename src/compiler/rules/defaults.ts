/**
 * Rule: what a default becomes is something that the field takes. No sample may ever take the branch, so it is tried here:
 * `priority: { default: high }` would be clean, and hold the first request that needs it.
 */
import { quote } from '../../diagnostics/printable.ts';
import { checkTrigger } from '../../stages/check-trigger.ts';
import type { ExpressionPlan, StructuredMappingPlan } from '../../stages/plans.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { ConnectorDraft } from '../draft.ts';

const SECTIONS = ['cardOptions', 'variables', 'notificationDetail', 'metadata'] as const;

export function checkDefaults(draft: ConnectorDraft): void {
  const { mapping } = draft.parts;
  if (mapping?.kind !== 'structured') return;
  for (const section of SECTIONS) {
    for (const [name, plan] of Object.entries(mapping[section] ?? {})) {
      const field = `/mapping/${section}/${name}`;
      for (const { value, word } of branchesOf(plan, mapping)) {
        // Integers past 2^53 leave as texts.
        const sent = typeof value === 'bigint' ? String(value) : value;
        const trigger = { targetUserIds: ['u'], [section]: { [name]: sent } };
        const checked = checkTrigger(trigger);
        if (checked.ok) continue;
        const message = `where ${word} is used the request would be held: ${quote(value)} is no value for this field (${checked.message})`;
        const pointer = word === '`default`' ? pointerTo(field, 'default') : field;
        draft.report({ code: 'default-invalid', pointer, message });
      }
    }
  }
  for (const [index, plan] of mapping.targetUserIds.entries()) checkIds(draft, plan, index);
}

interface Branch {
  readonly value: unknown;
  readonly word: string;
}

/** Values that the file names, which come out as they are: defaults, and what codes and bands become. */
function branchesOf(plan: ExpressionPlan, mapping: StructuredMappingPlan): readonly Branch[] {
  if (plan.kind === 'literal' || plan.kind === 'object' || plan.kind === 'list') return [];
  const own = plan.default == null ? [] : [{ value: plan.default, word: '`default`' }];
  if (plan.kind === 'use') {
    const named = mapping.values?.[plan.name];
    const inner = named === undefined || Object.keys(plan).length > 2 ? [] : branchesOf(named, mapping);
    return [...own, ...inner.map(({ value }) => ({ value, word: `the value ${quote(plan.name)}` }))];
  }
  const isChanged = ['as', 'join', 'count', 'sum', 'point', 'decimals', 'shift', 'limit'].some(
    (step) => step in plan,
  );
  if (isChanged) return own;
  const codes = Object.entries(plan.map ?? {}).flatMap(([code, value]) =>
    (Array.isArray(value) ? value : [value]).map((one: unknown) => ({
      value: one,
      word: `the code ${quote(code)}`,
    })),
  );
  const bands = (plan.bands ?? []).map(({ from, is }) => ({
    value: is as unknown,
    word: `the band from ${from}`,
  }));
  return [...own, ...codes, ...bands].filter(({ value }) => value !== null);
}

/** Ids are texts or numbers; an empty list says nothing about a user. */
function checkIds(draft: ConnectorDraft, plan: ExpressionPlan, index: number): void {
  if (plan.kind === 'literal' || plan.kind === 'object' || plan.kind === 'list' || plan.default == null)
    return;
  const ids: readonly unknown[] = Array.isArray(plan.default) ? plan.default : [plan.default];
  const isFit = ids.every(
    (id) =>
      (typeof id === 'string' && id.trim() !== '') ||
      typeof id === 'bigint' ||
      (typeof id === 'number' && Number.isSafeInteger(id)),
  );
  if (isFit && ids.length > 0) return;
  const isOne = !Array.isArray(draft.rawValueAt('/mapping/targetUserIds'));
  const base = isOne ? '/mapping/targetUserIds' : pointerTo('/mapping/targetUserIds', index);
  const advice =
    ids.length === 0
      ? '; where nobody is to be told, write whenMissing: ignore in its place'
      : '; write the id of a user as a text';
  const message = `${quote(plan.default)} names nobody${advice}`;
  draft.report({ code: 'default-invalid', pointer: pointerTo(base, 'default'), message });
}
