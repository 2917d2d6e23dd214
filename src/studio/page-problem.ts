/** A diagnostic as the page shows it: in a file of the connector, and beside a field of its form. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CompiledDraft } from '../workbench/draft/compile-draft.ts';
import { pointerAt } from '../workbench/draft/pointer-at.ts';
import type { PageProblem } from './api.ts';

/** `pathOf`: display path to the path inside the connector's folder. */
export function pageProblem(
  diagnostic: Diagnostic,
  draft: CompiledDraft | null,
  pathOf: (display: string) => string,
): PageProblem {
  const { severity, code, message, span, notes, fix, silenced } = diagnostic;
  const isInConnector = draft?.document != null && span.file === draft.source.path;
  return {
    severity,
    code,
    message,
    file: pathOf(span.file),
    line: span.line,
    column: span.column,
    offset: span.offset,
    length: span.length,
    notes: notes.map((note) => note.message),
    pointer: isInConnector && draft.document !== null ? pointerAt(draft.document, span.offset) : null,
    fix:
      fix === undefined || fix.edits.some((edit) => edit.span.file !== span.file)
        ? null
        : {
            title: fix.title,
            edits: fix.edits.map(({ span: place, newText }) => ({
              offset: place.offset,
              length: place.length,
              text: newText,
            })),
          },
    silenced: silenced ?? null,
  };
}
