/**
 * Diagnostics for programs: `{diagnostics: [{file, line, column, severity, code, message, notes}], silenced}`, one JSON
 * document. CI jobs rely on this form: members may be added, never renamed or removed.
 */
import { type Diagnostic, type Span, withoutSilenced } from '../diagnostic.ts';
import { escapeForJson } from './json-text.ts';

/** What the file silences is listed apart, with its reason: it does not count. */
export function reportJson(diagnostics: readonly Diagnostic[]): string {
  return escapeForJson({
    diagnostics: withoutSilenced(diagnostics).map(describe),
    silenced: diagnostics.flatMap((diagnostic) =>
      diagnostic.silenced === undefined ? [] : [{ ...describe(diagnostic), reason: diagnostic.silenced }],
    ),
  });
}

function describe({ code, severity, message, span, notes, fix }: Diagnostic): object {
  return {
    ...describePlace(span),
    endLine: span.endLine,
    endColumn: span.endColumn,
    severity,
    code,
    message,
    notes: notes.map((note) => ({ message: note.message, ...(note.span && describePlace(note.span)) })),
    ...(fix && {
      fix: {
        title: fix.title,
        edits: fix.edits.map((edit) => ({
          ...describePlace(edit.span),
          endLine: edit.span.endLine,
          endColumn: edit.span.endColumn,
          offset: edit.span.offset,
          length: edit.span.length,
          newText: edit.newText,
        })),
      },
    }),
  };
}

function describePlace({ file, line, column }: Span): object {
  return { file, line, column };
}
