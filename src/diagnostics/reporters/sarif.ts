/**
 * Diagnostics as SARIF 2.1.0 for code scanning (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). In: diagnostics and
 * the version of the tool. Out: one JSON document.
 */
import { CODES, type Code } from '../codes.ts';
import type { Diagnostic, Span } from '../diagnostic.ts';
import { escapeForJson } from './json-text.ts';

export function reportSarif(diagnostics: readonly Diagnostic[], toolVersion: string): string {
  const codes = [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].sort();
  return escapeForJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sluice', version: toolVersion, rules: codes.map(describeRule) } },
        // Columns count code points, as spans do.
        columnKind: 'unicodeCodePoints',
        results: diagnostics.map((diagnostic) => describeResult(diagnostic, codes.indexOf(diagnostic.code))),
      },
    ],
  });
}

function describeRule(code: Code): unknown {
  const { severity, title, why, fix } = CODES[code];
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: fix },
    defaultConfiguration: { level: severity },
  };
}

function describeResult({ code, severity, message, span, notes }: Diagnostic, ruleIndex: number): unknown {
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
  };
}

function describePlace(span: Span): unknown {
  return {
    artifactLocation: { uri: span.file.split('/').map(encodeURIComponent).join('/') },
    region: { startLine: span.line, startColumn: span.column, endColumn: span.endColumn },
  };
}

// `[text](target)` in a message is a link (SARIF 3.11.6): a hostile file must not place one in the security tab.
function escapeLinks(text: string): string {
  return text.includes('](') ? text.replace(/[\\[\]]/g, '\\$&') : text;
}
