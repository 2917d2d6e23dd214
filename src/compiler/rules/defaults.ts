/**
 * Rule: whatever a default, a text behind ??, a code or a band becomes is something that the field takes. No sample may ever
 * take the branch, so it is taken here: `priority: { default: high }` would be clean, and hold the first request that needs it.
 */
import { quote } from '../../diagnostics/printable.ts';
import { checkTrigger } from '../../stages/check-trigger.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { materialiseMapping } from '../../stages/mapping/map-structured.ts';
import type { ExpressionPlan, StructuredMappingPlan } from '../../stages/plans.ts';
import { pointerTo } from '../../stages/problem.ts';
import { headersFromObject, type RequestHeaders } from '../../stages/request.ts';
import type { ConnectorDraft } from '../draft.ts';
import { type Branch, branchesOf } from './branches.ts';

const SECTIONS = ['cardOptions', 'variables', 'notificationDetail', 'metadata'] as const;
/** Samples on which a branch is tried, and branches that are: what is wrong with hundreds of them is seen. */
const MAX_SAMPLES = 3;
const MAX_BRANCHES = 1_000;

type Input = readonly [payload: JsonValue, headers: RequestHeaders, body: JsonValue];
/** The mapping with this in the place of the branch's expression, and little else. */
type Place = (plan: ExpressionPlan) => StructuredMappingPlan;

export function checkDefaults(draft: ConnectorDraft): void {
  const { mapping, samples } = draft.parts;
  if (mapping?.kind !== 'structured') return;
  const inputs = samples
    .flatMap(({ payloads, headers, body }) => payloads.map((payload): Input => [payload, headers, body]))
    .slice(0, MAX_SAMPLES);
  let left = MAX_BRANCHES;
  const check = (plan: ExpressionPlan, pointer: string, place: Place, isShared = false): void => {
    const branches = branchesOf(plan, pointer).slice(0, left);
    left -= branches.length;
    if (branches.length === 0) return;
    // A default of the field itself needs nothing of the request.
    const needsRequest = ({ plan }: Branch): boolean => plan.kind !== 'literal' || isShared;
    const find = branches.some(needsRequest) ? problemFinder(place(plan)) : null;
    const right = find === null ? [] : inputs.filter((input) => find(input) === null);
    for (const branch of branches) {
      const tried = needsRequest(branch) ? right : [NOTHING];
      const problem = tried.map(problemFinder(place(branch.plan))).find((one) => one !== null);
      if (problem !== undefined && problem !== null) report(draft, branch, problem);
    }
  };
  const { values } = mapping;
  const alone = { kind: 'structured', targetUserIds: [SOMEBODY], ...(values && { values }) } as const;
  for (const section of SECTIONS)
    for (const [name, plan] of Object.entries(mapping[section] ?? {}))
      check(plan, pointerTo(`/mapping/${section}`, name), (one) => ({
        ...alone,
        [section]: { [name]: one },
      }));
  if (mapping.flowInvocationId !== undefined)
    check(mapping.flowInvocationId, '/mapping/flowInvocationId', (one) => ({
      ...alone,
      flowInvocationId: one,
    }));
  for (const [index, plan] of (mapping.targetStreamIds ?? []).entries())
    check(plan, placeOfId(draft, '/mapping/cardOptions/targetStreamIds', index), (one) => ({
      ...alone,
      targetStreamIds: [one],
    }));
  for (const [index, plan] of mapping.targetUserIds.entries()) {
    const pointer = placeOfId(draft, '/mapping/targetUserIds', index);
    if (!checkOwnIds(draft, plan, pointer)) continue;
    check(plan, pointer, (one) => ({ ...alone, targetUserIds: [one] }));
  }
  for (const [name, plan] of Object.entries(values ?? {}))
    check(
      plan,
      pointerTo('/values', name),
      (one) => ({ ...mapping, values: { ...values, [name]: one } }),
      true,
    );
}

const NOTHING: Input = [{}, headersFromObject({}), {}];
const SOMEBODY = { kind: 'literal', value: 'u' } as const;

/** The function that says what would hold a request; null where it becomes a trigger. */
function problemFinder(mapping: StructuredMappingPlan): (input: Input) => string | null {
  const map = materialiseMapping(mapping);
  return ([payload, headers, body]) => {
    const mapped = map(payload, headers, body);
    if (mapped.kind === 'held') return mapped.message;
    const checked = mapped.kind === 'mapped' ? checkTrigger(mapped.value) : { ok: true as const };
    return checked.ok ? null : checked.message;
  };
}

function report(draft: ConnectorDraft, { value, word, pointer }: Branch, problem: string): void {
  const message = `where ${word} is used the request would be held: ${quote(value)} is no value for this field (${problem})`;
  draft.report({ code: 'default-invalid', pointer, message });
}

function placeOfId(draft: ConnectorDraft, pointer: string, index: number): string {
  return Array.isArray(draft.rawValueAt(pointer)) ? pointerTo(pointer, index) : pointer;
}

/** Ids are texts or numbers; an empty list says nothing about a user. */
function checkOwnIds(draft: ConnectorDraft, plan: ExpressionPlan, pointer: string): boolean {
  if (plan.kind === 'literal' || plan.kind === 'object' || plan.kind === 'list' || plan.default == null)
    return true;
  const ids: readonly unknown[] = Array.isArray(plan.default) ? plan.default : [plan.default];
  const isFit = ids.every(
    (id) =>
      (typeof id === 'string' && id.trim() !== '') ||
      typeof id === 'bigint' ||
      (typeof id === 'number' && Number.isSafeInteger(id)),
  );
  if (isFit && ids.length > 0) return true;
  const advice =
    ids.length === 0
      ? '; where nobody is to be told, write whenMissing: ignore in its place'
      : '; write the id of a user as a text';
  const message = `${quote(plan.default)} names nobody${advice}`;
  draft.report({ code: 'default-invalid', pointer: pointerTo(pointer, 'default'), message });
  return false;
}
