/**
 * Rule: warnings that the file accepts are marked with its reason, and what cannot be silenced is said. Runs last, over
 * what all other rules reported about any file of the connector.
 */
import { CODES, type Code } from '../../diagnostics/codes.ts';
import { quote } from '../../diagnostics/printable.ts';
import { didYouMean, suggestSurely } from '../../diagnostics/suggest.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';
import { pointerTo, replaceBy } from '../../stages/problem.ts';
import type { ConnectorDraft } from '../draft.ts';

/** What an entry may name: warnings about a connector, but not the one about entries that are no longer needed. */
export const SILENCEABLE: readonly Code[] = (Object.keys(CODES) as Code[]).filter(
  // A folder that is no connector has no file that could silence anything.
  (code) => CODES[code].severity === 'warning' && code !== 'silence-unused' && code !== 'connector-ignored',
);

export function checkSilence(draft: ConnectorDraft): void {
  const entries = draft.rawValueAt('/silence');
  if (!isJsonObject(entries)) return;
  const hasErrors = draft.diagnostics.some(({ severity }) => severity === 'error');
  const codes = Object.keys(entries);
  for (const code of codes) {
    const pointer = pointerTo('/silence', code);
    if (!SILENCEABLE.includes(code as Code)) {
      refuse(draft, code, pointer, codes);
      continue;
    }
    const reason = draft.valueAt(pointer);
    // Without a reason it silences nothing, and that was reported.
    if (typeof reason !== 'string') continue;
    const isUsed = markSilenced(draft, code as Code, reason);
    // Errors keep other rules from looking: nothing is known about their warnings.
    if (isUsed || hasErrors) continue;
    const message = `there is no ${quote(code)} to silence; remove the entry`;
    // Without its only entry the map goes too.
    const place = codes.length === 1 ? '/silence' : pointer;
    draft.report({ code: 'silence-unused', pointer: place, message, remedy: { kind: 'remove' } }, [], 'key');
  }
}

function refuse(draft: ConnectorDraft, code: string, pointer: string, present: readonly string[]): void {
  if (Object.hasOwn(CODES, code)) {
    const fact =
      code === 'silence-unused' || code === 'connector-ignored' ? 'cannot be' : 'is an error and cannot be';
    const message = `${quote(code)} ${fact} silenced; remove the entry`;
    draft.report({ code: 'silence-refused', pointer, message }, [], 'key');
    return;
  }
  const hint = didYouMean(code, SILENCEABLE) || '; `sluice explain` lists the codes';
  const meant = suggestSurely(code, SILENCEABLE);
  const remedy = replaceBy(meant === undefined || present.includes(meant) ? undefined : meant);
  const message = `${quote(code)} is not a code of a warning${hint}`;
  draft.report({ code: 'silence-code-unknown', pointer, message, ...remedy }, [], 'key');
}

/** True when something was silenced. An error stays one, whatever its code. */
function markSilenced({ diagnostics }: ConnectorDraft, code: Code, reason: string): boolean {
  let isUsed = false;
  for (const [index, diagnostic] of diagnostics.entries()) {
    if (diagnostic.code !== code || diagnostic.severity !== 'warning') continue;
    diagnostics[index] = { ...diagnostic, silenced: reason };
    isUsed = true;
  }
  return isUsed;
}
