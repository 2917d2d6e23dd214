/**
 * The results of cases as JUnit XML, which CI systems show. In: the runs, and the errors of connectors that do not compile,
 * which would otherwise look like a green run. Out: one document; text of files stays text in it.
 */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { escapeControls } from '../../diagnostics/printable.ts';
import { describeFailure } from '../../workbench/cases/describe-failure.ts';
import { type CaseRun, holds, placeOf } from '../../workbench/cases/run-cases.ts';

export function reportJunit(runs: readonly CaseRun[], errors: readonly Diagnostic[]): string {
  const failed = runs.filter((run) => !holds(run)).length;
  const suites = [...Map.groupBy(runs, ({ connector }) => connector.id)].map(([id, ofConnector]) =>
    suite(id, ofConnector.filter((run) => !holds(run)).length, 0, ofConnector.map(testCase)),
  );
  if (errors.length > 0) suites.unshift(suite('sluice check', 0, errors.length, errors.map(errorCase)));
  const counts = { tests: runs.length + errors.length, failures: failed, errors: errors.length };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'sluice test', ...counts })}>`,
    ...suites,
    '</testsuites>',
  ].join('\n');
}

function suite(name: string, failures: number, errors: number, cases: readonly string[]): string {
  const counts = attributes({ name, tests: cases.length, failures, errors, skipped: 0 });
  return [`  <testsuite${counts}>`, ...cases, '  </testsuite>'].join('\n');
}

function testCase(run: CaseRun): string {
  const { connector, one, result } = run;
  const place = { classname: connector.id, name: one.note, file: one.file, line: one.line };
  const opening = `    <testcase${attributes(place)}`;
  if (holds(run)) return `${opening}/>`;
  const [first, ...others] = describeFailure(result).map(({ text }) => text);
  const text = [placeOf(run), first, ...others].join('\n');
  const type = result.ran ? 'difference' : 'invalid case';
  return `${opening}>\n      <failure${attributes({ message: first ?? '', type })}>${escapeXml(text)}</failure>\n    </testcase>`;
}

function errorCase({ code, message, span }: Diagnostic): string {
  const place = { classname: 'sluice check', name: message, file: span.file, line: span.line };
  const text = `${span.file}:${span.line}:${span.column}: ${message} [${code}]`;
  return `    <testcase${attributes(place)}>\n      <error${attributes({ message, type: code })}>${escapeXml(escapeControls(text))}</error>\n    </testcase>`;
}

/** In an attribute a line break would become a space; as all controls it is written out. */
function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(escapeControls(String(value)))}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** What remains that XML 1.0 cannot hold in any form: two characters that are none (section 2.2). */
function escapeXml(text: string): string {
  return text.replace(/[&<>"\ufffe\uffff]/g, (character) => ENTITIES[character] ?? '\ufffd');
}
