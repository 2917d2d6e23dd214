/** Problems as sentences, each with its way out as a button. */
import type { PageFix, PageProblem } from '../../api.ts';
import { answer, textOf, write } from '../editing.ts';

/** Problems at a place of the connector file; `exact` leaves those below it to their own fields. */
export function problemsAt(pointer: string, exact = false): readonly PageProblem[] {
  return (answer.value?.problems ?? []).filter(
    (one) =>
      one.silenced === null &&
      one.pointer !== null &&
      (one.pointer === pointer || (!exact && one.pointer.startsWith(`${pointer}/`))),
  );
}

/** Beside a field. */
export function FieldProblems({
  pointer,
  id,
  exact = false,
}: {
  readonly pointer: string;
  readonly id: string;
  readonly exact?: boolean;
}) {
  const found = problemsAt(pointer, exact);
  return (
    <div id={id} class="problems">
      {found.map((one) => (
        <ProblemNote key={`${one.code}${one.message}`} problem={one} />
      ))}
    </div>
  );
}

/** Pointers that have a field of their own in the form. */
const IN_FORM = /^\/(?:mapping\/|when|testWhen|idempotency|actionFlow|description|owner|split)/;

/** What has no field: all of it beside the text, the rest below the form. */
export function Problems({ isWholeFile }: { readonly isWholeFile: boolean }) {
  const found = (answer.value?.problems ?? []).filter(
    ({ pointer, silenced }) =>
      silenced === null && (isWholeFile || pointer === null || !IN_FORM.test(pointer)),
  );
  if (found.length === 0) return null;
  return (
    <section aria-labelledby="problems-title" class="problems">
      <h3 id="problems-title">{isWholeFile ? 'Problems' : 'Elsewhere in the files'}</h3>
      {found.map((one) => (
        <ProblemNote key={`${one.code}${one.message}${one.offset}`} problem={one} withPlace />
      ))}
    </section>
  );
}

export function ProblemNote({
  problem,
  withPlace = false,
}: {
  readonly problem: PageProblem;
  readonly withPlace?: boolean;
}) {
  const { severity, message, notes, fix, file, line, code } = problem;
  return (
    <div class={`note ${severity === 'error' ? 'bad' : 'warn'}`}>
      <span class="unseen">{severity}: </span>
      {withPlace ? (
        <code>
          {file}:{line}
        </code>
      ) : null}{' '}
      {sentence(message)}
      {notes.map((note) => (
        <span key={note} class="more">
          {' '}
          {sentence(note)}
        </span>
      ))}{' '}
      <code class="dim">{code}</code>
      {fix === null ? null : (
        <button type="button" onClick={() => applyFix(file, fix)}>
          {capital(fix.title)}
        </button>
      )}
    </div>
  );
}

/** Later edits first: they do not move the earlier ones. */
export function applyFix(file: string, fix: PageFix): void {
  const sorted = fix.edits.toSorted((one, other) => other.offset - one.offset);
  const fixed = sorted.reduce(
    (text, { offset, length, text: inserted }) =>
      text.slice(0, offset) + inserted + text.slice(offset + length),
    textOf(file),
  );
  write(file, fixed);
}

function sentence(text: string): string {
  return `${capital(text)}${/[.?!]$/.test(text) ? '' : '.'}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
