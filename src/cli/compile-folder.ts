/** Compiles a connectors folder with the real script host behind it, and closes the host again. */
import { resolve } from 'node:path';
import type { ConnectorLine } from '../bundle/codec.ts';
import type { ConnectorPlan } from '../bundle/plan.ts';
import { type Compilation, compileConnectors } from '../compiler/compile.ts';
import { createScriptHost, type ScriptHostOptions } from '../runtime/script-host/host.ts';
import type { ScriptRunner } from '../stages/script/script-runner.ts';
import { cacheFolder } from './cache-folder.ts';
import type { Context } from './context.ts';
import { withProgress } from './progress.ts';

export const DEFAULT_FOLDER = 'connectors';

export interface CompileFolderOptions {
  /** False: everything is compiled anew. */
  readonly cache?: boolean | undefined;
  /** The output is for a machine: no progress is shown. */
  readonly quiet?: boolean | undefined;
}

/** Nobody but the one who compiles waits for these scripts, and on a busy machine longer than a sender would. */
export const COMPILING: ScriptHostOptions = { givesWay: false, waitMs: 15_000 };

/** Compiles, and runs `use` with the script host still there. */
export async function withCompilation<T>(
  context: Context,
  folder: string,
  use: (compilation: Compilation, scripts: ScriptRunner) => Promise<T> | T,
  options: CompileFolderOptions = {},
): Promise<T> {
  const scripts = createScriptHost(COMPILING);
  try {
    return await use(await compileFolder(context, folder, scripts, options), scripts);
  } finally {
    await scripts.close();
  }
}

export function compileFolder(
  context: Context,
  folder: string,
  scripts: ScriptRunner,
  options: CompileFolderOptions = {},
): Promise<Compilation> {
  const cacheDir = options.cache === false ? undefined : cacheFolder(context.env);
  const progress = { verb: 'compiling', noun: 'connectors', quiet: options.quiet };
  return withProgress(context, progress, (onProgress) =>
    compileConnectors({
      folder: resolve(context.cwd, folder),
      cwd: context.cwd,
      scripts,
      onProgress,
      ...(cacheDir === undefined ? {} : { cacheDir }),
    }),
  );
}

/** The connectors without errors, as a bundle takes them. */
export function bundleLines({ connectors }: Compilation): readonly ConnectorLine[] {
  return connectors.flatMap(({ id, line }) => (line === null ? [] : [{ id, line }]));
}

/** The plans of the connectors without errors, one after the other: only the last one is kept. */
export function* plansOf({ connectors }: Compilation): Generator<ConnectorPlan> {
  for (const { plan } of connectors) if (plan !== null) yield plan;
}

export function errorsOf(compilation: Compilation): number {
  return compilation.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
}
