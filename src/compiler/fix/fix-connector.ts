/**
 * Fixes the files of one connector in memory. In: where it is, and what was reported about it. Out: the new texts with
 * what was fixed in them, and what was not because it would have made things worse. Every step is checked as a whole
 * connector would be; nothing is written.
 */
import type { Diagnostic, Fix } from '../../diagnostics/diagnostic.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { checkReplaced } from '../compile-connector.ts';
import type { ConnectorLocation } from '../load.ts';
import { applyEdits, type EditedText } from './apply-edits.ts';

export interface AppliedFix {
  /** What was wrong, in the text before this fix. */
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
}

export interface DeclinedFix extends AppliedFix {
  /** What would be wrong instead. */
  readonly instead: Diagnostic;
}

export interface FixedConnector {
  /** By display path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: readonly AppliedFix[];
  readonly declined: readonly DeclinedFix[];
  /** What is reported about the connector afterwards. */
  readonly diagnostics: readonly Diagnostic[];
}

/** One fix may uncover the next (a key, then its value); nobody's file needs more rounds. */
const MAX_ROUNDS = 10;
/** Fixes that are tried one by one, each a check of the connector, where all together made things worse. */
const MAX_TRIALS = 20;

/** `texts` are the files as they are now, by display path: fixes in others are left alone. */
export async function fixConnector(
  location: ConnectorLocation,
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  scripts: ScriptRunner,
): Promise<FixedConnector> {
  let state: FixedConnector = { texts, applied: [], declined: [], diagnostics };
  let trials = 0;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const fixes = listFixes(state);
    const together = await tryFixes(location, state, fixes, scripts);
    if (together === null) break;
    if (together.declined.length === state.declined.length) {
      state = together;
      continue;
    }
    const before = state;
    for (const fix of fixes) {
      if (trials === MAX_TRIALS) return state;
      trials += 1;
      // Only the first one's offsets are those of the text as it is now.
      const current = listFixes(state).find((one) => isSame(one, fix));
      state = (current && (await tryFixes(location, state, [current], scripts))) ?? state;
    }
    if (state === before) break;
  }
  return state;
}

/** Those of the files at hand that have not been declined, errors first. */
function listFixes({ diagnostics, texts, declined }: FixedConnector): readonly AppliedFix[] {
  return diagnostics
    .flatMap((diagnostic) => {
      const { fix, silenced } = diagnostic;
      return fix === undefined || silenced !== undefined ? [] : [{ diagnostic, fix }];
    })
    .filter(({ fix }) => fix.edits.every(({ span }) => texts.has(span.file)))
    .filter((fix) => !declined.some((one) => isSame(one, fix)));
}

function isSame(left: AppliedFix, right: AppliedFix): boolean {
  return (
    left.diagnostic.code === right.diagnostic.code &&
    left.diagnostic.message === right.diagnostic.message &&
    left.fix.title === right.fix.title
  );
}

/** The state with the fixes in it, or with the first of them declined; null without any. */
async function tryFixes(
  location: ConnectorLocation,
  state: FixedConnector,
  fixes: readonly AppliedFix[],
  scripts: ScriptRunner,
): Promise<FixedConnector | null> {
  const edited = new Map<string, EditedText>();
  for (const [file, text] of state.texts) {
    const own = fixes.filter(({ fix }) => fix.edits[0]?.span.file === file);
    if (own.length > 0)
      edited.set(
        file,
        applyEdits(
          text,
          own.map(({ fix }) => fix),
        ),
      );
  }
  const applied = fixes.filter(({ fix }) => [...edited.values()].some((one) => one.applied.includes(fix)));
  const [first] = applied;
  if (first === undefined) return null;
  const texts = new Map([...state.texts, ...[...edited].map(([file, { text }]) => [file, text] as const)]);
  const diagnostics = await checkReplaced(location, texts, scripts);
  const instead = findWorse(state.diagnostics, diagnostics, edited);
  if (instead !== undefined) return { ...state, declined: [...state.declined, { ...first, instead }] };
  return { ...state, texts, applied: [...state.applied, ...applied], diagnostics };
}

/** An error that was not there before: one at an edited place, or that the text cannot be read. Others were only uncovered. */
function findWorse(
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
  edited: ReadonlyMap<string, EditedText>,
): Diagnostic | undefined {
  const [had, has] = [countRepeats(before), countRepeats(after)];
  return after.find((diagnostic) => {
    const { severity, code, span } = diagnostic;
    const key = identify(diagnostic);
    if (severity !== 'error' || (has.get(key) ?? 0) <= (had.get(key) ?? 0)) return false;
    const places = edited.get(span.file)?.places ?? [];
    const isAtEdit = places.some(
      ({ offset, length }) => offset <= span.offset + span.length && span.offset <= offset + length,
    );
    return isAtEdit || code.startsWith('yaml-') || code === 'key-duplicate';
  });
}

function countRepeats(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of diagnostics.map(identify)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** The same problem, wherever edits have moved it to. */
function identify({ code, message, span }: Diagnostic): string {
  return JSON.stringify([code, message, span.file]);
}
