/**
 * Rule: what identifies an event differs from one event to the next. An id that does not is worse than none: the target
 * takes every event for the first one sent again, and drops it.
 */
import { quote } from '../../diagnostics/printable.ts';
import { compilePath } from '../../stages/json/compile-path.ts';
import { splitRoot } from '../../stages/json/json-path.ts';
import type { ConditionPlan, IdempotencyPlan } from '../../stages/plans.ts';
import type { ConnectorDraft } from '../draft.ts';
import { eventFieldsOf } from './same-event.ts';

/**
 * What stands in a redacted sample: the same for the ids of different events (workbench/samples/redact), letters `a`, and
 * digits 1 and 0, or those of a made-up UUID.
 */
const STAND_IN = /^[aAx0148TZ\W_]+$|^user\d+@example\.com$|^https?:\/\/example\.com\/\d+$/;

export function checkConstantId(draft: ConnectorDraft): void {
  const { idempotency: plan } = draft.parts;
  if (draft.rawValueAt('/idempotency') === undefined) return;
  const paths = pathsOf(plan);
  const reasons = paths.map((path) => reasonOf(draft, path));
  const [reason] = reasons;
  if (reason === undefined || reason === null || reasons.includes(null)) return;
  const pointer = plan?.kind === 'path' ? '/idempotency/path' : '/idempotency';
  const message = `${reason}; name what is another for each event, or every event after the first counts as the same one sent again`;
  draft.report({ code: 'idempotency-constant', pointer, message });
}

/** None where something else is part of the id. */
function pathsOf(plan: IdempotencyPlan | undefined): readonly string[] {
  if (plan?.kind === 'path') return [plan.path];
  const parts = plan?.kind === 'parts' ? plan.parts : [];
  return parts.every((part) => 'path' in part) ? parts.map(({ path }) => path) : [];
}

/** Why the value at the path is the same for many events; null: nothing says so. */
function reasonOf({ parts }: ConnectorDraft, path: string): string | null {
  const { samples, when } = parts;
  if (when?.some((condition) => condition.path === path && isPinned(condition)))
    return `\`when\` says what is at ${quote(path)}`;
  if (samples.some(({ body }) => eventFieldsOf(body).some((field) => field.path === path)))
    return `${quote(path)} says which kind of event it is, and not which event`;
  const { isRoot, path: own } = splitRoot(path);
  const { first } = compilePath(own);
  const values = samples.flatMap(({ body, payloads }) =>
    (isRoot ? [body] : payloads).map((one) => first(one)),
  );
  const distinct = new Set(values.map((value) => String(value)));
  const [only = ''] = distinct;
  if (values.length < 2 || distinct.size > 1 || values.includes(undefined) || STAND_IN.test(only))
    return null;
  return `all samples have the same value at ${quote(path)}`;
}

function isPinned({ equals, in: values }: ConditionPlan): boolean {
  return values !== undefined || (equals !== undefined && typeof equals !== 'object');
}
