/**
 * What is wrong with a text that is no YAML, in words that lead to the cause. In: the text, and what the yaml package says.
 * Out: diagnostics. Markers of a merge and wrong indentation are looked for in the lines, as the package stumbles later.
 */
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../diagnostics/source.ts';
import { type FindProblem, findWrongIndentation } from './indentation.ts';
import { findUnquoted } from './unquoted.ts';

/** An error of the yaml package. */
export interface YamlError {
  readonly code: string;
  readonly message: string;
  /** From and up to, in UTF-16 units. */
  readonly pos: readonly [number, number];
}

/** A broken file often has one cause and thousands of consequences. */
export const MAX_YAML_ERRORS = 20;
/** The lines that git writes around the two sides of a conflict. */
const CONFLICT = /^(?:<{7}|>{7})(?= )/m;

/** Not empty unless the package found nothing. */
export function explainYaml(
  source: SourceFile,
  errors: readonly YamlError[],
  findProblem: FindProblem,
): readonly Diagnostic[] {
  if (errors.length === 0) return [];
  // Where the text ends inside an entry, the lines behind it begin nothing.
  const causes = errors.filter(({ message }, index) => index === 0 || !message.includes('in YAML stream'));
  return (
    explainUnquoted(source, findProblem) ??
    explainIndentation(source, findProblem) ??
    causes.slice(0, MAX_YAML_ERRORS).map((error) => describe(source, error))
  );
}

/** null: nobody has left the markers of a merge in the text. */
export function findConflict(source: SourceFile): Diagnostic | null {
  const match = CONFLICT.exec(source.text);
  if (match === null) return null;
  const message =
    'a merge conflict is left in the file; keep one of its sides, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>';
  return diagnose('yaml-invalid', message, source.span(match.index, match[0].length));
}

function explainUnquoted(source: SourceFile, findProblem: FindProblem): readonly Diagnostic[] | null {
  const found = findUnquoted(source.text, findProblem);
  return (
    found?.map(({ offset, length, newText, kind }) => {
      const span = source.span(offset, length);
      const written = source.text.slice(offset, offset + length);
      const message =
        kind === 'path'
          ? `inside { } and [ ] a value with brackets stands in quotes; write ${newText}`
          : `the quote that opens here is not closed; write ${newText}, with the same quote at its end`;
      const title = `write ${newText} instead of ${written}`;
      const fix = kind === 'path' ? { title, edits: [{ span, newText }] } : null;
      return diagnose('yaml-invalid', message, span, [], fix);
    }) ?? null
  );
}

function explainIndentation(source: SourceFile, findProblem: FindProblem): readonly Diagnostic[] | null {
  const found = findWrongIndentation(source.text, findProblem);
  if (found === null || found.length === 0) return null;
  const starts = [0, ...[...source.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return found.map(({ line, indent, wanted }) => {
    const message = `this line is indented by ${indent}; the keys around it by ${wanted.join(' or ')}`;
    return diagnose('yaml-invalid', message, source.span(starts[line] ?? 0, Math.max(1, indent)));
  });
}

const HINTS: Readonly<Record<string, string>> = {
  BAD_SCALAR_START: '; put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: '; put a value that contains ": " in quotes',
  MISSING_CHAR: '; inside [ ] and { }, put a value that contains one of , [ ] { } in quotes',
  MULTILINE_IMPLICIT_KEY: '; is a ":" missing, or a line indented differently?',
  TAB_AS_INDENT: '; use spaces',
  UNEXPECTED_TOKEN: '; put the whole value in quotes',
};

function describe(source: SourceFile, { code, message, pos: [start, end] }: YamlError): Diagnostic {
  const isQuote = code === 'MISSING_CHAR' && message.includes('quote');
  const hint = isQuote ? '; a text that begins with a quote ends with the same one' : (HINTS[code] ?? '');
  const fact = `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  return diagnose('yaml-invalid', `${fact}${hint}`, source.span(start, Math.max(1, end - start)));
}
