import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { assembleBundle } from '../../bundle/codec.ts';
import { toolVersion } from '../../bundle/tool-version.ts';
import type { Compilation } from '../../compiler/compile.ts';
import { watchTree } from '../../runtime/bundles/watch.ts';
import { isLoopback, readConfig } from '../../runtime/config/config.ts';
import { openSecretStore } from '../../runtime/config/secrets-of-config.ts';
import { connectorPaths, createUrlKeys, type UrlKeys } from '../../runtime/pipeline/url-keys.ts';
import { closeOnSignals, type Runtime, startRuntime } from '../../runtime/processes/serve.ts';
import { createScriptHost } from '../../runtime/script-host/host.ts';
import { checkStateFolder } from '../../runtime/state-folder/check-state-folder.ts';
import { createHub } from '../../studio/hub.ts';
import { openStudio } from '../../studio/open-studio.ts';
import { pageRequest } from '../../studio/page-request.ts';
import {
  EXAMPLE_FILES,
  ensureExampleSecrets,
  writeExampleFiles,
} from '../../workbench/cases/example-secrets.ts';
import { bundleLines, COMPILING, errorsOf, plansOf } from '../../workbench/compile/compile-folder.ts';
import { compileFolder } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, print, printError } from '../context.ts';
import { DEFAULT_FOLDER } from '../defaults.ts';
import { ownCommand } from '../own-command.ts';
import { report } from '../report.ts';
import { DEFAULT_STATE } from '../runtime-options.ts';
import { count } from '../show.ts';
import { targetsReader } from '../targets-file.ts';
import { refuseTrackedState } from '../tracked-state.ts';

/** `sluice dev [dir]`: compiles on every change, and serves. Secrets that are not set are made up on the first run. */
export async function dev(
  context: Context,
  folder: string,
  options: Record<string, string | boolean | undefined>,
): Promise<ExitCode> {
  // What it compiles itself is signed by nobody.
  const read = readConfig(
    options,
    {
      ...context.env,
      SLUICE_TRUSTED_KEYS: undefined,
      SLUICE_DATABASE_URL: undefined,
      SLUICE_SPOOL: undefined,
    },
    targetsReader(context),
  );
  if (!read.ok) {
    for (const problem of read.problems) printError(context, problem);
    return EXIT.usage;
  }
  if (!statSync(resolve(context.cwd, folder), { throwIfNoEntry: false })?.isDirectory()) {
    printError(
      context,
      `there is no folder "${folder}": name the one with the connectors, or make one with \`${ownCommand(context.cwd)} init\``,
    );
    return EXIT.usage;
  }
  // Secrets that connectors want from files are made up too, unless there is a folder with real ones.
  const ownFiles = read.config.secretsDir === null ? join(read.config.stateDir, EXAMPLE_FILES) : null;
  const config = ownFiles === null ? read.config : { ...read.config, secretsDir: ownFiles };
  // Before anything is written to it: example secrets come before the runtime.
  const unsafe = (await refuseTrackedState(context, config.stateDir)) ?? checkStateFolder(config.stateDir);
  if (unsafe !== null) {
    printError(context, unsafe);
    return EXIT.problems;
  }
  const scripts = createScriptHost(COMPILING);
  try {
    const secretEnv: Record<string, string | undefined> = { ...context.env };
    let builds = 0;
    let latest = compileFolder(context, folder, scripts);
    const compile = async (): Promise<Compiled | null> => {
      if (builds > 0) latest = compileFolder(context, folder, scripts);
      const compiled = assemble(context, await latest, ++builds);
      if (compiled !== null)
        addExampleSecrets(context, config.stateDir, compiled.compilation, secretEnv, ownFiles);
      return compiled;
    };
    const first = await compile();
    const hub = createHub();
    let ingressUrl = '';
    const studio = openStudio({
      folder: resolve(context.cwd, folder),
      cwd: context.cwd,
      display: folder,
      scripts,
      secrets: openSecretStore(config, secretEnv),
      hub,
      env: context.env,
      compilation: () => latest,
      onError: (error) => printError(context, `internal error in the studio, please report it: ${error}`),
    });
    // Whoever may reach the port from elsewhere may not edit files here.
    const hasStudio = isLoopback(config.adminHost);
    const started = await startRuntime(config, {
      announce: (text) => printError(context, text),
      bundle: first?.bytes ?? null,
      isLenient: config.namedTargets === null,
      secretEnv,
      ...(hasStudio
        ? {
            adminMount: { path: '/studio', create: studio.listener },
            inspect: (arrived, outcome, report) =>
              hub.tell({ kind: 'request', request: pageRequest(arrived, outcome, report, ingressUrl) }),
          }
        : {}),
    });
    if (!started.ok) {
      printError(context, started.message);
      return EXIT.problems;
    }
    const { runtime } = started;
    ingressUrl = runtime.ingressUrl;
    if (hasStudio) print(context, `\nstudio  ${studio.url(runtime.adminUrl)}`);
    const urlKeys = config.urlKeys === null ? null : createUrlKeys(config.urlKeys);
    if (first !== null)
      printWelcome(context, runtime, first, urlKeys, clientOptions(folder, config.stateDir));
    const watcher = await watchTree(resolve(context.cwd, folder), async () => {
      const compiled = await compile();
      if (compiled === null) return hub.tell({ kind: 'compiled' });
      const activated = await runtime.activate(compiled.bytes);
      printError(
        context,
        activated.ok ? `serving the change: ${count(compiled.size, 'connector')}` : activated.message,
      );
      hub.tell({ kind: 'compiled' });
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
  /** How many connectors are in it. */
  readonly size: number;
  readonly compilation: Compilation;
}

/** Reports, and makes the bundle. null when there are errors: what serves goes on serving. */
function assemble(context: Context, compilation: Compilation, build: number): Compiled | null {
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
  const lines = bundleLines(compilation);
  const origin = { revision: 'dev', sequence: build, tool: `sluice ${toolVersion()}` };
  return { compilation, size: lines.length, bytes: assembleBundle(lines, origin) };
}

function addExampleSecrets(
  context: Context,
  stateDir: string,
  compilation: Compilation,
  secretEnv: Record<string, string | undefined>,
  /** Where made-up files go; null: there is a folder with real ones. */
  ownFiles: string | null,
): void {
  const plans = plansOf(compilation);
  const { secrets, made } = ensureExampleSecrets(stateDir, plans, context.env, ownFiles === null);
  if (ownFiles !== null) writeExampleFiles(ownFiles, secrets);
  for (const [name, secret] of Object.entries(secrets)) {
    if (name.startsWith('env:')) secretEnv[name.slice('env:'.length)] ??= secret;
  }
  if (made.length > 0)
    printError(
      context,
      `made up ${count(made.length, 'example secret')} (kept in the state folder): ${made.join(', ')}`,
    );
}

/** What a client needs to find this runtime and these files, where they are not in the usual places. */
function clientOptions(folder: string, state: string): string {
  const more = {
    dir: folder === DEFAULT_FOLDER ? null : folder,
    state: state === DEFAULT_STATE ? null : state,
  };
  return Object.entries(more)
    .map(([name, value]) => (value === null ? '' : ` --${name} ${value}`))
    .join('');
}

function printWelcome(
  context: Context,
  runtime: Runtime,
  { size, compilation }: Compiled,
  urlKeys: UrlKeys | null,
  more: string,
): void {
  const send = `${ownCommand(context.cwd)} send`;
  print(
    context,
    `\nsluice ${toolVersion()} serves ${count(size, 'connector')}: ingress ${runtime.ingressUrl}, admin ${runtime.adminUrl}\n`,
  );
  for (const plan of plansOf(compilation)) {
    const url = `${runtime.ingressUrl}${connectorPaths(plan.eventsOf ?? plan.id, urlKeys)[0]}`;
    print(context, `  ${plan.id.padEnd(28)} ${plan.status.padEnd(8)} ${url}`);
    if (plan.status !== 'disabled') print(context, `  ${''.padEnd(28)} try it:  ${send} ${plan.id}${more}`);
  }
  print(
    context,
    '\nTriggers are written to triggers.ndjson in the state folder. Edit a connector: it is served at once.\n',
  );
}
