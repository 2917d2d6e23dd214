/**
 * `sluice diff <old> <new>`: what a merge would do in production. Exit 0; 1 where the new side does not compile, or with
 * --gate where a gate fails; 2 for a side that is neither a commit nor a bundle.
 */

import type { CompiledConnector } from '../../compiler/compile.ts';
import { quote } from '../../diagnostics/printable.ts';
import { suggest } from '../../diagnostics/suggest.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { withScripts } from '../../workbench/compile/compile-folder.ts';
import { type DiffReport, isOk, makeReport } from '../../workbench/diff/report.ts';
import { type LoadedSides, loadSides } from '../../workbench/diff/sides/load-sides.ts';
import { findSide, type SideSource } from '../../workbench/diff/sides/side.ts';
import { withScratchFolder } from '../../workbench/files/scratch-folder.ts';
import { compileFolder, whileCompiling } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, print, usage, wantsColour } from '../context.ts';
import type { DiffFormat } from '../defaults.ts';
import { printAsJson } from '../diff/print-json.ts';
import { printMarkdown } from '../diff/print-markdown.ts';
import { printPretty } from '../diff/print-pretty.ts';
import { report as reportDiagnostics } from '../report.ts';
import { withoutRunnerCommands } from '../runner-commands.ts';

export interface DiffOptions {
  readonly dir: string;
  readonly gate?: boolean;
  readonly format: DiffFormat;
  readonly json?: boolean;
  /** Connectors folder whose samples and cases stand in for those of bundles. */
  readonly samples?: string;
  readonly connector?: string;
}

export async function diff(
  context: Context,
  old: string,
  current: string,
  options: DiffOptions,
): Promise<ExitCode> {
  const [before, after] = [await findSide(context, old), await findSide(context, current)];
  for (const side of [before, after]) if (!side.ok) return usage(context, side.message);
  if (!before.ok || !after.ok) return EXIT.usage;
  const sources = [before.value, after.value] as const;
  if (options.samples !== undefined && sources.every(({ kind }) => kind !== 'bundle'))
    return usage(
      context,
      '--samples is for bundles: a commit and the working tree have samples of their own',
    );
  return withScratchFolder('sluice-diff-', (scratch) =>
    withScripts((scripts) => compare(context, sources, { ...options, scratch }, scripts)),
  );
}

async function compare(
  context: Context,
  sources: readonly [SideSource, SideSource],
  options: DiffOptions & { readonly scratch: string },
  scripts: ScriptRunner,
): Promise<ExitCode> {
  const loaded = await whileCompiling(context, options.json, (onProgress) =>
    loadSides(context, sources, { ...options, onProgress }, scripts),
  );
  if (!loaded.ok) return usage(context, loaded.message);
  const problem = checkChoice(loaded.value, options);
  if (problem !== null) return usage(context, problem);
  const { connector } = options;
  const ids = connector === undefined ? loaded.value.ids : new Set([connector]);
  const samples = await loadSamples(context, options, scripts);
  const [old, current] = sources;
  const report = await makeReport([old.name, current.name], { ...loaded.value, ids }, samples, scripts);
  const format = options.json ? 'json' : options.format;
  const { compilation } = loaded.value.after;
  if (format !== 'json' && report.errors.length > 0 && compilation !== null)
    reportDiagnostics(context, { ...compilation, diagnostics: report.errors }, 'pretty');
  print(context, render(report, format, wantsColour(context, 'stdout')));
  if (report.errors.length > 0) return EXIT.problems;
  return options.gate && !isOk(report) ? EXIT.problems : EXIT.clean;
}

function render(report: DiffReport, format: DiffOptions['format'], colour: boolean): string {
  if (format === 'json') return printAsJson(report);
  return format === 'markdown' ? printMarkdown(report) : withoutRunnerCommands(printPretty(report, colour));
}

/** Says what is wrong where there is nothing to compare; null: there is. */
function checkChoice({ ids }: LoadedSides, { connector, dir }: DiffOptions): string | null {
  if (ids.size === 0) return `neither side has a connector in ${quote(dir)}; say where they are with --dir`;
  if (connector === undefined || ids.has(connector)) return null;
  const nearest = suggest(connector, [...ids]);
  return `no connector ${quote(connector)} on either side${nearest ? `; did you mean ${quote(nearest)}?` : ''}`;
}

async function loadSamples(
  context: Context,
  { samples }: DiffOptions,
  scripts: ScriptRunner,
): Promise<ReadonlyMap<string, CompiledConnector>> {
  if (samples === undefined) return new Map();
  const { connectors } = await compileFolder(context, samples, scripts);
  return new Map(connectors.map((connector) => [connector.id, connector]));
}
