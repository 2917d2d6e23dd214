/**
 * Diagnostics for people: `file:line:col: severity: message [code]`, the source line with marks, notes, and a summary.
 * In: diagnostics and the sources they point into. Out: text; coloured only when told so. Never prints a secret or a control.
 */
import { styleText } from 'node:util';
import { type Range, renderCodeFrame } from '../codeframe.ts';
import { type Diagnostic, type Span, withoutSilenced } from '../diagnostic.ts';
import { escapeControls } from '../printable.ts';
import { secretRanges } from '../secret-ranges.ts';
import type { SourceFile } from '../source.ts';

export interface PrettyOptions {
  /** By display path. A file without a source gets no frame. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** How many connectors were looked at, for the summary. */
  readonly connectors: number;
  readonly colour: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** Ends with the summary line and a line break. */
export function reportPretty(diagnostics: readonly Diagnostic[], options: PrettyOptions): string {
  const paint = (style: Style, text: string): string =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;
  const masked = secretRanges(diagnostics);
  const counted = withoutSilenced(diagnostics);
  const blocks = counted.map((diagnostic) =>
    [
      renderHeadline(diagnostic, paint),
      ...renderFrame(diagnostic, options.sources, masked.get(diagnostic.span.file) ?? [], paint),
      ...diagnostic.notes.map((note) => {
        const place = note.span === undefined ? '' : `${renderPlace(note.span)}: `;
        return `  ${place}${paint('cyan', 'note')}: ${escapeControls(note.message)}`;
      }),
      ...(diagnostic.fix === undefined
        ? []
        : [`  ${paint('green', 'help')}: ${escapeControls(diagnostic.fix.title)}`]),
      '',
    ].join('\n'),
  );
  return [...blocks, `${summarise(diagnostics, options.connectors)}\n`].join('\n');
}

/** "2 errors, 1 warning in 3 connectors", and what else is to be known, a line each. */
function summarise(diagnostics: readonly Diagnostic[], connectors: number): string {
  const counted = withoutSilenced(diagnostics);
  const errors = counted.filter((diagnostic) => diagnostic.severity === 'error').length;
  const warnings = counted.length - errors;
  const fixable = counted.filter(({ fix }) => fix !== undefined).length;
  const silenced = diagnostics.length - counted.length;
  const problems =
    counted.length === 0 ? 'no problems' : `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  return [
    `${problems} in ${count(connectors, 'connector')}`,
    ...(silenced === 0 ? [] : [`${count(silenced, 'warning')} silenced`]),
    ...(fixable === 0 ? [] : [`${fixable} can be fixed by \`sluice check --fix\``]),
  ].join('\n');
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function renderPlace(span: Span): string {
  return `${escapeControls(span.file)}:${span.line}:${span.column}`;
}

function renderHeadline(diagnostic: Diagnostic, paint: (style: Style, text: string) => string): string {
  const style: Style = diagnostic.severity === 'error' ? ['bold', 'red'] : ['bold', 'yellow'];
  const place = paint('bold', `${renderPlace(diagnostic.span)}:`);
  const message = escapeControls(diagnostic.message);
  return `${place} ${paint(style, `${diagnostic.severity}:`)} ${message} ${paint('dim', `[${diagnostic.code}]`)}`;
}

function renderFrame(
  { span, severity }: Diagnostic,
  sources: ReadonlyMap<string, SourceFile>,
  masked: readonly Range[],
  paint: (style: Style, text: string) => string,
): readonly string[] {
  const source = sources.get(span.file);
  if (source === undefined || source.text.length === 0) return [];
  const frame = renderCodeFrame(source, span, masked);
  return frame.lines.map((line, index) => {
    const bar = line.indexOf('|') + 1;
    const style: Style = severity === 'error' ? 'red' : 'yellow';
    const rest = index === frame.marks ? paint(style, line.slice(bar)) : line.slice(bar);
    return `${paint('dim', line.slice(0, bar))}${rest}`;
  });
}
