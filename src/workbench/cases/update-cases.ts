/**
 * `sluice test --update`: writes what came out into the `want` of failing cases. In: the runs. Out: one line for each case
 * that was updated or was not, and how many fail still. Only keys that `want` names are written; a case is never made
 * to accept what it was there to refuse, unless that was asked for by name.
 */
import { basename, dirname, resolve } from 'node:path';
import { setAt } from '../../compiler/edit/edit-at.ts';
import { escapeControls } from '../../diagnostics/printable.ts';
import type { CaseWant } from '../../generated/case.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { Workplace } from '../compile/compile-folder.ts';
import { readOwnText, replaceOwnText } from '../files/own-text.ts';
import { type CaseOutcome, compareOutcome } from './compare.ts';
import { followWant } from './follow.ts';
import { type CaseRun, holds, placeOf } from './run-cases.ts';

export interface UpdateResult {
  readonly lines: readonly string[];
  readonly updated: number;
  /** Cases that fail still. */
  readonly left: number;
}

/** `all`: also those that were there to refuse something. */
export async function updateCases(
  { cwd }: Pick<Workplace, 'cwd'>,
  runs: readonly CaseRun[],
  all: boolean,
): Promise<UpdateResult> {
  const lines: string[] = [];
  let left = 0;
  const failing = runs.filter((run) => !holds(run));
  for (const [file, ofFile] of Map.groupBy(failing, ({ one }) => one.file)) {
    const path = resolve(cwd, file);
    const read = readOwnText(dirname(path), basename(path));
    let text = read.ok ? read.text : '';
    const ofThis: string[] = [];
    let changed = 0;
    for (const run of ofFile) {
      const result = read.ok ? updateCase(text, run, all) : { ok: false as const, message: read.message };
      if (result.ok) {
        text = result.text;
        changed += 1;
      } else left += 1;
      ofThis.push(
        `${result.ok ? 'updated' : 'left as it is:'} ${placeOf(run)}: ${run.one.note}: ${result.message}`,
      );
    }
    const problem =
      read.ok && changed > 0 ? await replaceOwnText(dirname(path), basename(path), read.text, text) : null;
    if (problem === null) lines.push(...ofThis);
    else {
      left += changed;
      lines.push(`left as it is: ${file}: ${problem}`);
    }
  }
  return { lines: lines.map(escapeControls), updated: failing.length - left, left };
}

type Updated =
  | { readonly ok: true; readonly text: string; readonly message: string }
  | { readonly ok: false; readonly message: string };

function updateCase(text: string, { one, result }: CaseRun, all: boolean): Updated {
  if (!result.ran) return { ok: false, message: result.message };
  const { want } = one.case;
  const { outcome } = result.result;
  const loosened = describeLoosening(want, result.result);
  if (loosened !== null && !all)
    return { ok: false, message: `${loosened}; if that is right, update it with --update-all` };
  const updated: Record<string, JsonValue> = { ...(want as unknown as Record<string, JsonValue>) };
  for (const mismatch of result.mismatches) {
    // A code that only repeats the outcome says nothing.
    const value =
      mismatch.key === 'code' && mismatch.got === outcome.outcome ? undefined : followWant(mismatch);
    if (value === undefined) delete updated[mismatch.key];
    else updated[mismatch.key] = value;
  }
  if (compareOutcome(updated as unknown as CaseWant, result.result).length > 0)
    return { ok: false, message: 'what came out cannot be written as a case; change it by hand' };
  const edited = setAt(text, `${one.pointer}/want`, updated);
  if (!edited.ok) return edited;
  const keys = result.mismatches.map(({ key }) => (Object.hasOwn(updated, key) ? key : `${key} (removed)`));
  const warning = loosened === null ? '' : `; CAREFUL: ${loosened}`;
  return { ok: true, text: edited.text, message: `${keys.join(', ')}${warning}` };
}

/** What a case was there to stop, and what happens now instead; null where it is as strict as before. */
function describeLoosening(want: CaseWant, { outcome, paused }: CaseOutcome): string | null {
  const now = outcome.outcome;
  if (want.outcome === 'rejected' && now !== 'rejected') return `it had to be rejected, and now it is ${now}`;
  if (want.outcome !== 'delivered' && now === 'delivered')
    return `it had to be ${want.outcome}, and now a card goes out`;
  if (want.outcome === 'held' && now === 'ignored') return 'it had to be held, and now it is dropped';
  if (want.paused === true && !paused) return 'it had to pause the connector, and now it does not';
  const mode = 'mode' in outcome ? outcome.mode : undefined;
  return want.mode === 'test' && mode === 'live'
    ? 'it had to make a test card, and now makes a live one'
    : null;
}
