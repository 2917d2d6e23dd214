/** `sluice test --watch`: runs all cases once, then those of the connectors whose files change, until a signal ends it. */

import { resolve, sep } from 'node:path';
import type { CompiledConnector } from '../../compiler/compile.ts';
import { createTurns } from '../../outcomes/in-turn.ts';
import { watchTree } from '../../runtime/bundles/watch.ts';
import { closeOnSignals } from '../../runtime/processes/serve.ts';
import { createScriptHost } from '../../runtime/script-host/host.ts';
import { holds, runCases } from '../../workbench/cases/run-cases.ts';
import { COMPILING, errorsOf } from '../../workbench/compile/compile-folder.ts';
import { measureCoverage } from '../../workbench/coverage/measure.ts';
import { compileFolder } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, print } from '../context.ts';
import { coverageLines } from '../coverage/print-coverage.ts';
import { report } from '../report.ts';
import { unknownConnector } from '../with-connector.ts';
import { printRuns } from './print-runs.ts';

export interface WatchOptions {
  readonly connector?: string;
  readonly coverage?: boolean;
}

export async function watchCases(context: Context, folder: string, options: WatchOptions): Promise<ExitCode> {
  const scripts = createScriptHost(COMPILING);
  /** How many cases of each connector fail, by its file. */
  const failing = new Map<string, number>();
  const run = async (isAffected: (connector: CompiledConnector) => boolean): Promise<void> => {
    const compilation = await compileFolder(context, folder, scripts);
    report(context, compilation, 'pretty');
    const { connectors } = compilation;
    const chosen = connectors.filter(({ id }) => options.connector === undefined || id === options.connector);
    if (chosen.length === 0 && options.connector !== undefined)
      unknownConnector(context, options.connector, folder, connectors);
    const affected = chosen.filter(isAffected);
    const runs = await runCases(affected, scripts);
    printRuns(context, runs);
    if (options.coverage)
      for (const line of coverageLines(measureCoverage(affected, runs))) print(context, line);
    const files = new Set(chosen.map(({ file }) => file));
    for (const file of failing.keys()) if (!files.has(file)) failing.delete(file);
    for (const { file } of affected)
      failing.set(file, runs.filter((one) => one.connector.file === file && !holds(one)).length);
    const failed = failing.values().reduce((sum, count) => sum + count, 0);
    const errors = errorsOf(compilation);
    const troubles = [
      ...(chosen.length === 0 ? ['nothing to run'] : []),
      ...(errors > 0 ? [`${errors} ${errors === 1 ? 'error' : 'errors'} in connectors`] : []),
      ...(failed > 0 ? [`${failed} failed in all`] : []),
    ];
    const state = troubles.length === 0 ? 'all cases hold' : troubles.join(', ');
    print(context, `\nwatching ${folder}: ${state}; Ctrl-C ends`);
  };
  try {
    const inTurn = createTurns();
    // Before the first run: what is saved during it is not missed.
    const watcher = await watchTree(resolve(context.cwd, folder), (paths) =>
      inTurn(() => run((connector) => isAmong(paths, context.cwd, connector))),
    );
    const closed = closeOnSignals(watcher);
    await inTurn(() => run(() => true));
    await closed;
    await inTurn(() => {});
    return EXIT.clean;
  } finally {
    await scripts.close();
  }
}

/** The connector's own file, or anything in its folder. */
function isAmong(paths: ReadonlySet<string>, cwd: string, { file, folder }: CompiledConnector): boolean {
  const own = resolve(cwd, file);
  return [...paths].some((path) => path === own || path.startsWith(`${folder}${sep}`));
}
