import { readConfig } from '../../runtime/config/config.ts';
import { closeOnSignals, startRuntime } from '../../runtime/processes/serve.ts';
import { type Context, EXIT, type ExitCode, printError } from '../context.ts';
import { targetsReader } from '../targets-file.ts';
import { refuseTrackedState } from '../tracked-state.ts';

/** `sluice serve`: serves a bundle until it is told to stop. Exit 0 after SIGTERM, 1 when it cannot start, 2 for wrong settings. */
export async function serve(
  context: Context,
  options: Record<string, string | boolean | undefined>,
): Promise<ExitCode> {
  const read = readConfig(options, context.env, targetsReader(context));
  if (!read.ok) {
    for (const problem of read.problems) printError(context, problem);
    return EXIT.usage;
  }
  for (const folder of [read.config.stateDir, read.config.spool]) {
    const tracked = folder === null ? null : await refuseTrackedState(context, folder);
    if (tracked === null) continue;
    printError(context, tracked);
    return EXIT.problems;
  }
  const started = await startRuntime(read.config, { announce: (text) => printError(context, text) });
  if (!started.ok) {
    printError(context, started.message);
    return EXIT.problems;
  }
  const { ingressUrl, adminUrl } = started.runtime;
  printError(context, `serving: ingress ${ingressUrl}, admin ${adminUrl}`);
  const { runtime } = started;
  await closeOnSignals(runtime, () => {
    const again = readConfig(options, context.env, targetsReader(context));
    if (again.ok) void runtime.reload(again.config);
    else for (const problem of again.problems) printError(context, `not reloaded: ${problem}`);
  });
  return EXIT.clean;
}
