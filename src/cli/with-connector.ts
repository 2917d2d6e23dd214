/** Compiles a folder and hands one of its connectors on, with its problems reported; says so when there is no such one. */
import type { CompiledConnector } from '../compiler/compile.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { ScriptRunner } from '../stages/script/script-runner.ts';
import { withCompilation } from './compile-folder.ts';
import { type Context, EXIT, type ExitCode, printError } from './context.ts';
import { report } from './report.ts';

export interface ConnectorOptions {
  readonly dir: string;
  readonly json?: boolean;
}

export function withConnector(
  context: Context,
  id: string,
  options: ConnectorOptions,
  use: (
    connector: CompiledConnector,
    scripts: ScriptRunner,
    /** Of its own files. */
    diagnostics: readonly Diagnostic[],
  ) => Promise<ExitCode> | ExitCode,
): Promise<ExitCode> {
  return withCompilation(
    context,
    options.dir,
    (compilation, scripts) => {
      const connector = compilation.connectors.find((one) => one.id === id);
      if (connector === undefined) {
        return unknownConnector(context, id, options.dir, compilation.connectors);
      }
      const folder = `${connector.file.slice(0, connector.file.lastIndexOf('/') + 1)}`;
      const own = compilation.diagnostics.filter(
        ({ span }) =>
          span.file === connector.file || (folder.endsWith(`/${id}/`) && span.file.startsWith(folder)),
      );
      report(context, { ...compilation, diagnostics: own, connectors: [connector] }, 'pretty');
      return use(connector, scripts, own);
    },
    { quiet: options.json },
  );
}

/** Says that there is no such connector. */
export function unknownConnector(
  context: Context,
  id: string,
  dir: string,
  connectors: readonly CompiledConnector[],
): ExitCode {
  const nearest = suggest(
    id,
    connectors.map((one) => one.id),
  );
  printError(context, `no connector "${id}" in ${dir}${nearest ? `; did you mean "${nearest}"?` : ''}`);
  return EXIT.usage;
}
