/**
 * Compiles a connectors folder as people and CI do: with the real script host, and with what was kept from the last time.
 * In: a folder and where somebody works. Out: the compilation. Prints nothing.
 */
import { resolve } from 'node:path';
import type { ConnectorLine } from '../../bundle/codec.ts';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { type Compilation, compileConnectors } from '../../compiler/compile.ts';
import { createScriptHost, type ScriptHostOptions } from '../../runtime/script-host/host.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { cacheFolder } from './cache-folder.ts';

/** Where somebody works: what is relative is meant from there. */
export interface Workplace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface CompileOptions {
  /** False: everything is compiled anew. */
  readonly cache?: boolean | undefined;
  /** Hears how many connectors are done, and of how many. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Nobody but the one who compiles waits for these scripts, and on a busy machine longer than a sender would. */
export const COMPILING: ScriptHostOptions = { givesWay: false, waitMs: 15_000, countsProcessorTime: true };

/** Runs `use` with a script host for compiling, and closes it again. */
export async function withScripts<T>(use: (scripts: ScriptRunner) => Promise<T> | T): Promise<T> {
  const scripts = createScriptHost(COMPILING);
  try {
    return await use(scripts);
  } finally {
    await scripts.close();
  }
}

export function compileFolder(
  { cwd, env }: Workplace,
  folder: string,
  scripts: ScriptRunner,
  { cache = true, onProgress }: CompileOptions = {},
): Promise<Compilation> {
  const cacheDir = cache ? cacheFolder(env) : undefined;
  return compileConnectors({
    folder: resolve(cwd, folder),
    cwd,
    scripts,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(cacheDir === undefined ? {} : { cacheDir }),
  });
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
