/**
 * Diagnostics as GitHub workflow commands, which show up as annotations in a pull request.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
import { type Diagnostic, type Span, withoutSilenced } from '../diagnostic.ts';
import { escapeControls } from '../printable.ts';

/** One line per diagnostic that counts. */
export function reportGithub(diagnostics: readonly Diagnostic[]): string {
  return withoutSilenced(diagnostics)
    .map((diagnostic) => `${renderCommand(diagnostic)}\n`)
    .join('');
}

function renderCommand({ code, severity, message, span, notes, fix }: Diagnostic): string {
  const properties = { file: span.file, ...describeRegion(span), title: code };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const lines = [
    message,
    ...notes.map((note) => `${note.span === undefined ? '' : placeOf(note.span)}note: ${note.message}`),
    ...(fix === undefined ? [] : [`help: ${fix.title}`]),
  ];
  return `::${severity} ${list.join(',')}::${lines.map(escapeData).join('%0A')}`;
}

/** The runner takes columns only within one line. */
function describeRegion({ line, column, endLine, endColumn }: Span): Readonly<Record<string, number>> {
  return endLine === line ? { line, endLine, col: column, endColumn } : { line, endLine };
}

function placeOf({ file, line, column }: Span): string {
  return `${file}:${line}:${column}: `;
}

// Without this a file name or a quoted value could end the line and begin a command of its own.
function escapeData(text: string): string {
  return escapeControls(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
