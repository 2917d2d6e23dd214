/**
 * Diagnostics as GitHub workflow commands, which show up as annotations in a pull request.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
import type { Diagnostic } from '../diagnostic.ts';
import { escapeControls } from '../printable.ts';

/** One line per diagnostic. */
export function reportGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${renderCommand(diagnostic)}\n`).join('');
}

function renderCommand({ code, severity, message, span, notes }: Diagnostic): string {
  const properties = {
    file: span.file,
    line: span.line,
    col: span.column,
    endColumn: span.endColumn,
    title: code,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const lines = [
    message,
    ...notes.map(
      (note) =>
        `${note.span ? `${note.span.file}:${note.span.line}:${note.span.column}: ` : ''}note: ${note.message}`,
    ),
  ];
  return `::${severity} ${list.join(',')}::${lines.map(escapeData).join('%0A')}`;
}

// Without this a file name or a quoted value could end the line and begin a command of its own.
function escapeData(text: string): string {
  return escapeControls(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
