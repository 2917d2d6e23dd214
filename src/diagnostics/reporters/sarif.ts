/**
 * Diagnostics as SARIF 2.1.0 for code scanning (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). In: diagnostics, the
 * sources they point into, and the version of the tool. Out: one JSON document.
 */
import { hash } from 'node:crypto';
import { CODES, type Code } from '../codes.ts';
import type { Diagnostic, Fix, Span } from '../diagnostic.ts';
import { type Side, showSide } from '../examples/example.ts';
import { EXAMPLES } from '../examples/examples.ts';
import { secretRanges } from '../secret-ranges.ts';
import type { SourceFile } from '../source.ts';
import { escapeForJson } from './json-text.ts';

export interface SarifOptions {
  readonly toolVersion: string;
  /** By display path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/** What URIs are relative to: the folder that the tool ran in, which is the root of the repository in CI. */
const ROOT = '%SRCROOT%';

export function reportSarif(diagnostics: readonly Diagnostic[], options: SarifOptions): string {
  const codes = [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].sort();
  const fingerprints = makeFingerprints(diagnostics, options.sources);
  return escapeForJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sluice', version: options.toolVersion, rules: codes.map(describeRule) } },
        originalUriBaseIds: { [ROOT]: { description: { text: 'The root of the repository.' } } },
        // Columns count code points, as spans do.
        columnKind: 'unicodeCodePoints',
        results: diagnostics.map((diagnostic, index) => ({
          ...describeResult(diagnostic, codes.indexOf(diagnostic.code)),
          partialFingerprints: { 'sluice/v1': fingerprints[index] },
        })),
      },
    ],
  });
}

function describeRule(code: Code): object {
  const { severity, title, why, fix } = CODES[code];
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: {
      text: `${why}\n\n${fix}`,
      markdown: `${escapeMarkdown(why)}\n\n${escapeMarkdown(fix)}${showExample(code)}`,
    },
    defaultConfiguration: { level: severity },
    properties: { 'problem.severity': severity, tags: [code.split('-')[0]] },
  };
}

function showExample(code: Code): string {
  const example = EXAMPLES[code];
  if (typeof example === 'string') return '';
  const block = (side: Side): string => `\`\`\`\n${showSide(side)}\n\`\`\``;
  return `\n\nWrong:\n\n${block(example.wrong)}\n\nRight:\n\n${block(example.right)}`;
}

function describeResult(
  { code, severity, message, span, notes, fix, silenced }: Diagnostic,
  ruleIndex: number,
): object {
  const hints = notes.filter((note) => note.span === undefined).map((note) => note.message);
  const places = notes.flatMap((note) => (note.span === undefined ? [] : [{ ...note, span: note.span }]));
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: escapeLinks([message, ...hints].join('\n')) },
    locations: [{ physicalLocation: describePlace(span) }],
    ...(places.length > 0 && {
      relatedLocations: places.map((note, id) => ({
        id,
        message: { text: escapeLinks(note.message) },
        physicalLocation: describePlace(note.span),
      })),
    }),
    ...(fix && { fixes: [describeFix(fix)] }),
    // Present on every result, as the standard wants it where one has any (3.27.23); empty: not silenced.
    suppressions: silenced === undefined ? [] : [{ kind: 'inSource', justification: silenced }],
  };
}

function describeFix({ title, edits }: Fix): object {
  const files = Object.entries(Object.groupBy(edits, ({ span }) => span.file));
  return {
    description: { text: escapeLinks(title) },
    artifactChanges: files.map(([file, changes = []]) => ({
      artifactLocation: describeFile(file),
      replacements: changes.map(({ span, newText }) => ({
        deletedRegion: describeRegion(span),
        insertedContent: { text: newText },
      })),
    })),
  };
}

function describePlace(span: Span): object {
  return { artifactLocation: describeFile(span.file), region: describeRegion(span) };
}

function describeFile(file: string): object {
  return { uri: file.toWellFormed().split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT };
}

function describeRegion({ line, column, endLine, endColumn }: Span): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/**
 * What a problem is known by from run to run, wherever its line moves to: code, file and the text of the line; problems
 * that share those are numbered. (GitHub's own primaryLocationLineHash is added when the file is uploaded.)
 */
function makeFingerprints(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceFile>,
): readonly string[] {
  const seen = new Map<string, number>();
  const secrets = secretRanges(diagnostics);
  return diagnostics.map(({ code, span }) => {
    // A digest of a line with a secret would be something to guess it by.
    const text = secrets.has(span.file) ? '' : (sources.get(span.file)?.lineText(span.line) ?? '');
    const digest = hash('sha256', JSON.stringify([code, span.file, text.trim()]), 'hex').slice(0, 16);
    const number = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, number);
    return `${digest}:${number}`;
  });
}

// `[text](target)` in a message is a link (SARIF 3.11.6): a hostile file must not place one in the security tab.
function escapeLinks(text: string): string {
  return text.includes('](') ? text.replace(/[\\[\]]/g, '\\$&') : text;
}

/** The texts of codes are plain but for `code`: what else looks like Markdown, such as a path with *, stays as it is. */
function escapeMarkdown(text: string): string {
  const pieces = text.split(/(`[^`]*`)/);
  return pieces
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replace(/[\\*_[\]<>#|]/g, '\\$&')))
    .join('');
}
