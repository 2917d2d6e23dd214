/**
 * Diagnostics for programs: `{diagnostics: [{file, line, column, severity, code, message, notes}]}`, one JSON document.
 * CI jobs rely on this form: members may be added, never renamed or removed.
 */
import type { Diagnostic } from '../diagnostic.ts';
import { escapeForJson } from './json-text.ts';

export function reportJson(diagnostics: readonly Diagnostic[]): string {
  const report = {
    diagnostics: diagnostics.map(({ code, severity, message, span, notes }) => ({
      file: span.file,
      line: span.line,
      column: span.column,
      severity,
      code,
      message,
      notes: notes.map((note) => ({
        message: note.message,
        ...(note.span && { file: note.span.file, line: note.span.line, column: note.span.column }),
      })),
    })),
  };
  return escapeForJson(report);
}
