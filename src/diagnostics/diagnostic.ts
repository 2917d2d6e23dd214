/**
 * What the compiler says about connector files: one record per problem, with the exact place.
 * Comes in from the checks, goes out to the reporters. Never holds a secret or a payload value beyond what the file quotes.
 */
import type { Code, Severity } from './codes.ts';

/**
 * A place in a file. Line and column are 1-based, columns count characters (code points); offset and length count UTF-16
 * units from the start of the text.
 */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Line of the last character; line breaks at the end of a span do not count. */
  readonly endLine: number;
  /** Column after the last character, on that line. */
  readonly endColumn: number;
  readonly offset: number;
  readonly length: number;
}

/** A second place that explains the problem, or a hint without a place. */
export interface Note {
  readonly message: string;
  readonly span?: Span;
}

/** Puts a text in the place of a span; an empty one takes the place out. */
export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

/** A change that can be made without asking: what it means is beyond doubt, and it makes nothing less safe. */
export interface Fix {
  /** What it does, such as `write "shape" instead of "shap"`. */
  readonly title: string;
  /** In one file, apart from each other. */
  readonly edits: readonly Edit[];
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** The fact in lower case, the value quoted, then what to do. */
  readonly message: string;
  readonly span: Span;
  readonly notes: readonly Note[];
  readonly fix?: Fix;
  /** Of a warning that the connector file silences: the reason it gives. It is listed apart and does not count. */
  readonly silenced?: string;
}

/** Those that count: no reason in the file silences them. */
export function withoutSilenced(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ silenced }) => silenced === undefined);
}

/** Orders by file, line, column, then code: the order in which people read. */
export function compareDiagnostics(left: Diagnostic, right: Diagnostic): number {
  return (
    compareText(left.span.file, right.span.file) ||
    left.span.line - right.span.line ||
    left.span.column - right.span.column ||
    compareText(left.code, right.code) ||
    compareText(left.message, right.message)
  );
}

/** Sorts, and drops exact repeats (two rules may see the same problem). */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = [...diagnostics].sort(compareDiagnostics);
  return sorted.filter((diagnostic, index) => {
    const previous = sorted[index - 1];
    return previous === undefined || compareDiagnostics(previous, diagnostic) !== 0;
  });
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
