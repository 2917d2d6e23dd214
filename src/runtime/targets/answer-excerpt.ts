/**
 * What a target said when it refused, for people. In: the text of its answer, the trigger, and what must never be repeated.
 * Out: one short line without controls, in which everything that stands in the trigger is masked.
 */
import { escapeControls } from '../../diagnostics/printable.ts';
import type { OutgoingTrigger } from '../../outcomes/delivery.ts';

/** Characters; an error message, not a page. */
const MAX_EXCERPT = 300;
/** Shorter values stand everywhere, and say nothing about anybody. */
const MIN_MASKED = 3;
/** A trigger with more values gets no excerpt: masking costs a search for each. */
const MAX_MASKED = 1000;

/** '' where there is nothing to say. */
export function answerExcerpt(
  text: string | null,
  { trigger, flowInvocationId, actionFlow }: OutgoingTrigger,
  secrets: readonly string[],
): string {
  const line = text?.replace(/\s+/g, ' ').trim() ?? '';
  if (line === '') return '';
  const values = new Set(secrets);
  collect(trigger, values);
  // Both are known to whoever reads this.
  values.delete(flowInvocationId);
  values.delete(actionFlow);
  if (values.size > MAX_MASKED) return '';
  let masked = line;
  for (const value of [...values].sort((one, other) => other.length - one.length)) {
    if (value.length < MIN_MASKED) continue;
    masked = masked.replaceAll(value, '***');
    // As it stands inside JSON.
    masked = masked.replaceAll(JSON.stringify(value).slice(1, -1), '***');
  }
  const cut = masked.length > MAX_EXCERPT ? `${masked.slice(0, MAX_EXCERPT)}...` : masked;
  return `: ${escapeControls(cut)}`;
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') into.add(value.replace(/\s+/g, ' ').trim());
  else if (typeof value === 'number' || typeof value === 'bigint') into.add(String(value));
  else if (typeof value === 'object' && value !== null)
    for (const one of Object.values(value)) collect(one, into);
}
