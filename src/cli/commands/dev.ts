import { resolve } from 'node:path';
import { encodeBundle } from '../../bundle/codec.ts';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { toolVersion } from '../../bundle/tool-version.ts';
import { readConfig } from '../../runtime/config.ts';
import { createScriptHost } from '../../runtime/script-host/host.ts';
import { closeOnSignals, type Runtime, startRuntime } from '../../runtime/serve.ts';
import { connectorPaths, createUrlKeys, type UrlKeys } from '../../runtime/url-keys.ts';
import { watchTree } from '../../runtime/watch.ts';
import type { ScriptRunner } from '../../stages/script-runner.ts';
import { COMPILING, compileFolder, errorsOf } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, print, printError } from '../context.ts';
import { ensureExampleSecrets } from '../example-secrets.ts';
import { report } from '../report.ts';

/** `sluice dev [dir]`: compiles on every change, and serves. Secrets that are not set are made up on the first run. */
export async function dev(
  context: Context,
  folder: string,
  options: Record<string, string | boolean | undefined>,
): Promise<ExitCode> {
  // What it compiles itself is signed by nobody.
  const read = readConfig(options, { ...context.env, SLUICE_TRUSTED_KEYS: undefined });
  if (!read.ok) {
    for (const problem of read.problems) printError(context, problem);
    return EXIT.usage;
  }
  const { config } = read;
  const scripts = createScriptHost(COMPILING);
  try {
    const secretEnv: Record<string, string | undefined> = { ...context.env };
    let builds = 0;
    const compile = async (): Promise<Compiled | null> => {
      const compiled = await compileOnce(context, folder, scripts, ++builds);
      if (compiled !== null) addExampleSecrets(context, config.stateDir, compiled.plans, secretEnv);
      return compiled;
    };
    const first = await compile();
    const started = await startRuntime(config, {
      announce: (text) => printError(context, text),
      bundle: first?.bytes ?? null,
      secretEnv,
    });
    if (!started.ok) {
      printError(context, started.message);
      return EXIT.problems;
    }
    const { runtime } = started;
    const urlKeys = config.urlKeys === null ? null : createUrlKeys(config.urlKeys);
    if (first !== null) printWelcome(context, runtime, first.plans, urlKeys);
    const watcher = await watchTree(resolve(context.cwd, folder), async () => {
      const compiled = await compile();
      if (compiled === null) return;
      const activated = await runtime.activate(compiled.bytes);
      printError(
        context,
        activated.ok ? `serving the change: ${compiled.plans.length} connectors` : activated.message,
      );
    });
    await closeOnSignals(runtime);
    await watcher.close();
    return EXIT.clean;
  } finally {
    await scripts.close();
  }
}

interface Compiled {
  readonly bytes: Buffer;
  readonly plans: readonly ConnectorPlan[];
}

/** Compiles and reports. null when there are errors: what serves goes on serving. */
async function compileOnce(
  context: Context,
  folder: string,
  scripts: ScriptRunner,
  build: number,
): Promise<Compiled | null> {
  const compilation = await compileFolder(context, folder, scripts);
  report(context, compilation, 'pretty');
  if (errorsOf(compilation) > 0) {
    printError(
      context,
      build === 1
        ? 'nothing is served until the errors above are fixed'
        : 'the last good connectors go on serving',
    );
    return null;
  }
  const plans = compilation.connectors
    .map((connector) => connector.plan)
    .filter((plan): plan is ConnectorPlan => plan !== null);
  return {
    plans,
    bytes: encodeBundle(plans, { revision: 'dev', sequence: build, tool: `sluice ${toolVersion()}` }),
  };
}

function addExampleSecrets(
  context: Context,
  stateDir: string,
  plans: readonly ConnectorPlan[],
  secretEnv: Record<string, string | undefined>,
): void {
  const { secrets, made } = ensureExampleSecrets(stateDir, plans, context.env);
  for (const [name, secret] of Object.entries(secrets)) {
    if (name.startsWith('env:')) secretEnv[name.slice('env:'.length)] ??= secret;
  }
  if (made.length > 0)
    printError(
      context,
      `made up ${made.length} example secrets (kept in the state folder): ${made.join(', ')}`,
    );
}

function printWelcome(
  context: Context,
  runtime: Runtime,
  plans: readonly ConnectorPlan[],
  urlKeys: UrlKeys | null,
): void {
  print(
    context,
    `\nsluice ${toolVersion()} serves ${plans.length} connectors: ingress ${runtime.ingressUrl}, admin ${runtime.adminUrl}\n`,
  );
  for (const plan of plans) {
    const url = `${runtime.ingressUrl}${connectorPaths(plan.id, urlKeys)[0]}`;
    print(context, `  ${plan.id.padEnd(28)} ${plan.status.padEnd(8)} ${url}`);
    if (plan.status !== 'disabled')
      print(context, `  ${''.padEnd(28)} try it:  npm run sluice -- send ${plan.id}`);
  }
  print(
    context,
    '\nTriggers are written to triggers.ndjson in the state folder. Edit a connector: it is served at once.\n',
  );
}
