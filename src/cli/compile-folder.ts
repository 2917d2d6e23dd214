/** Compiles a connectors folder for a command: with its progress on a terminal, and the script host closed at the end. */
import type { Compilation } from '../compiler/compile.ts';
import type { ScriptRunner } from '../stages/script/script-runner.ts';
import { compileFolder as compile, withScripts } from '../workbench/compile/compile-folder.ts';
import type { Context } from './context.ts';
import { type ShowProgress, withProgress } from './progress.ts';

export interface CompileFolderOptions {
  /** False: everything is compiled anew. */
  readonly cache?: boolean | undefined;
  /** The output is for a machine: no progress is shown. */
  readonly quiet?: boolean | undefined;
}

/** Compiles, and runs `use` with the script host still there. */
export function withCompilation<T>(
  context: Context,
  folder: string,
  use: (compilation: Compilation, scripts: ScriptRunner) => Promise<T> | T,
  options: CompileFolderOptions = {},
): Promise<T> {
  return withScripts(async (scripts) => use(await compileFolder(context, folder, scripts, options), scripts));
}

export function compileFolder(
  context: Context,
  folder: string,
  scripts: ScriptRunner,
  { cache, quiet }: CompileFolderOptions = {},
): Promise<Compilation> {
  return whileCompiling(context, quiet, (onProgress) =>
    compile(context, folder, scripts, { cache, onProgress }),
  );
}

/** Shows how far compiling is. */
export function whileCompiling<T>(
  context: Context,
  quiet: boolean | undefined,
  work: (show: ShowProgress) => Promise<T>,
): Promise<T> {
  return withProgress(context, { verb: 'compiling', noun: 'connectors', quiet }, work);
}
