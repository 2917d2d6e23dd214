/**
 * Connector files for programs: checked, and built into a bundle, as `sluice check` and `sluice build` do. In: a folder. Out:
 * every problem, or the bytes of a bundle. Writes nothing.
 */
import { assembleBundle } from '../bundle/codec.ts';
import { toolVersion } from '../bundle/tool-version.ts';
import type { Compilation } from '../compiler/compile.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { checkTargets } from '../workbench/compile/check-targets.ts';
import { bundleLines, compileFolder, errorsOf, withScripts } from '../workbench/compile/compile-folder.ts';

export interface ConnectorsOptions {
  /** What paths in diagnostics are relative to. Default: the current folder. */
  readonly cwd?: string;
  /** Names of the targets that connectors may use; absent: any. */
  readonly targets?: readonly string[];
}

export interface CheckedConnectors {
  /** No errors; there may be warnings. */
  readonly ok: boolean;
  readonly connectors: number;
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface BuildOptions extends ConnectorsOptions {
  /** What it is built from, such as a commit. Default: unversioned. */
  readonly revision?: string;
  /** Grows from build to build. Default: 0. */
  readonly sequence?: number;
}

export type BuiltBundle =
  | { readonly ok: true; readonly bytes: Buffer; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export async function checkConnectors(
  folder: string,
  options: ConnectorsOptions = {},
): Promise<CheckedConnectors> {
  const compilation = await compile(folder, options);
  const { connectors, diagnostics } = compilation;
  return { ok: errorsOf(compilation) === 0, connectors: connectors.length, diagnostics };
}

/** The same connectors give the same bytes. */
export async function buildBundle(folder: string, options: BuildOptions = {}): Promise<BuiltBundle> {
  const { revision = 'unversioned', sequence = 0 } = options;
  const compilation = await compile(folder, options);
  const { diagnostics } = compilation;
  if (errorsOf(compilation) > 0) return { ok: false, diagnostics };
  const origin = { revision, sequence, tool: `sluice ${toolVersion()}` };
  return { ok: true, bytes: assembleBundle(bundleLines(compilation), origin), diagnostics };
}

async function compile(
  folder: string,
  { cwd = process.cwd(), targets }: ConnectorsOptions,
): Promise<Compilation> {
  const compilation = await withScripts((scripts) =>
    compileFolder({ cwd, env: process.env }, folder, scripts),
  );
  return targets === undefined ? compilation : checkTargets(compilation, targets);
}
