import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Compilation } from '../../compiler/compile.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { describeRun, holds, runCases } from '../../workbench/cases/run-cases.ts';
import { updateCases } from '../../workbench/cases/update-cases.ts';
import { measureCoverage } from '../../workbench/coverage/measure.ts';
import { reportJunit } from '../cases/junit.ts';
import { printRuns } from '../cases/print-runs.ts';
import { watchCases } from '../cases/watch-cases.ts';
import { withCompilation } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { coverageLines } from '../coverage/print-coverage.ts';
import { DEFAULT_FOLDER, type TestFormat } from '../defaults.ts';
import { withProgress } from '../progress.ts';
import { report } from '../report.ts';
import { withoutRunnerCommands } from '../runner-commands.ts';
import { unknownConnector } from '../with-connector.ts';

export interface TestOptions {
  readonly connector?: string;
  readonly format: TestFormat;
  readonly coverage?: boolean;
  readonly minCoverage?: string;
  readonly update?: boolean;
  readonly updateAll?: boolean;
  readonly watch?: boolean;
}

/**
 * `sluice test [dir]`: runs every case of every connector through the real pipeline. Exit 1 when one does not hold, a
 * connector has errors, or the cases show less than --min-coverage.
 */
export async function test(context: Context, folder: string, options: TestOptions): Promise<ExitCode> {
  const problem = checkOptions(context, options);
  if (problem !== null) {
    printError(context, problem);
    return EXIT.usage;
  }
  if (isConnector(context, folder)) {
    printError(context, `"${folder}" is a connector, and no folder of them: use --connector ${folder}`);
    return EXIT.usage;
  }
  if (options.watch) return watchCases(context, folder, options);
  const { format } = options;
  const minimum = options.minCoverage === undefined ? null : Number(options.minCoverage);
  // What machines read is alone on standard output.
  const tell = (text: string): void =>
    (format === 'pretty' ? print : printError)(context, withoutRunnerCommands(text));
  const quiet = format !== 'pretty';
  const use = async (compilation: Compilation, scripts: ScriptRunner): Promise<ExitCode> => {
    const errors = compilation.diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      report(context, compilation, 'pretty');
      printError(context, 'the connectors have errors; cases of those without run all the same');
    }
    const { connectors } = compilation;
    const chosen = connectors.filter(({ id }) => options.connector === undefined || id === options.connector);
    if (options.connector !== undefined && chosen.length === 0)
      return unknownConnector(context, options.connector, folder, connectors);

    const progress = { verb: 'testing', noun: 'connectors', quiet };
    const runs = await withProgress(context, progress, (show) => runCases(chosen, scripts, show));
    const coverage = options.coverage || minimum !== null ? measureCoverage(chosen, runs) : null;
    if (format === 'json')
      printJson(context, { cases: runs.map(describeRun), ...(coverage === null ? {} : { coverage }) });
    else if (format === 'junit') print(context, reportJunit(runs, errors));
    else printRuns(context, runs);
    if (coverage !== null && format !== 'json') for (const line of coverageLines(coverage)) tell(line);
    let failed = runs.filter((run) => !holds(run)).length;
    if (options.update || options.updateAll) {
      const { lines, updated, left } = await updateCases(context, runs, options.updateAll === true);
      for (const line of lines) tell(line);
      tell(`${updated} updated, ${left} left`);
      failed = left;
    }
    const isEnough = minimum === null || coverage === null || coverage.percent >= minimum;
    if (!isEnough) printError(context, `coverage is ${coverage.percent} %, and has to be ${minimum} %`);
    return failed === 0 && errors.length === 0 && isEnough ? EXIT.clean : EXIT.problems;
  };
  return withCompilation(context, folder, use, { quiet });
}

/** Somebody named a connector where its folder's folder is wanted. */
function isConnector({ cwd }: Context, folder: string): boolean {
  if (!/^[a-z0-9-]+$/.test(folder) || existsSync(join(cwd, folder))) return false;
  return ['', '.yaml', '.yml'].some((end) => existsSync(join(cwd, DEFAULT_FOLDER, `${folder}${end}`)));
}

/** What is wrong with the options; null: nothing. */
function checkOptions({ env }: Context, options: TestOptions): string | null {
  const { minCoverage, format } = options;
  if (minCoverage !== undefined && !(/^\d+(\.\d+)?$/.test(minCoverage) && Number(minCoverage) <= 100))
    return `--min-coverage "${minCoverage}" is not a percentage, such as 80`;
  if (options.watch && format !== 'pretty') return `--watch prints for people; leave out --format ${format}`;
  const isCi = env.CI !== undefined && !['', '0', 'false'].includes(env.CI);
  if (isCi && (options.update || options.updateAll))
    return `--update writes case files, which nobody would commit here (CI=${env.CI}); run it on your machine and commit what it wrote`;
  return null;
}
