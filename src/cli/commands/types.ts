import { readScriptTypes, scriptOf, writeScriptTypes } from '../../workbench/new/script-types.ts';
import { withCompilation } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { unknownConnector } from '../with-connector.ts';

export interface TypesOptions {
  readonly dir: string;
  /** Write nothing; exit 1 when something would be written. */
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `sluice types [id]`: writes declarations beside mapping scripts, from which editors know the request and the trigger. */
export function types(context: Context, id: string | undefined, options: TypesOptions): Promise<ExitCode> {
  return withCompilation(context, options.dir, async ({ connectors }) => {
    const chosen = id === undefined ? connectors : connectors.filter((connector) => connector.id === id);
    if (id !== undefined && chosen.length === 0)
      return unknownConnector(context, id, options.dir, connectors);
    const changed: string[] = [];
    const current: string[] = [];
    for (const connector of chosen) {
      const script = scriptOf(connector);
      if (script === null) {
        if (id === undefined) continue;
        const why =
          connector.spec === null ? 'its file has errors: sluice check' : 'its mapping is no script';
        printError(context, `"${id}" has no types: ${why}`);
        return EXIT.problems;
      }
      const declarations = await readScriptTypes(connector, script);
      (declarations.isCurrent ? current : changed).push(declarations.name);
      if (declarations.isCurrent || options.check) continue;
      const failure = await writeScriptTypes(declarations);
      if (failure === null) continue;
      printError(context, failure);
      return EXIT.problems;
    }
    if (options.json) printJson(context, { changed, current });
    else for (const name of changed) print(context, `${options.check ? 'out of date' : 'wrote'} ${name}`);
    if (!options.check || changed.length === 0) return EXIT.clean;
    printError(context, 'the samples or the version have changed: run "sluice types" and commit the result');
    return EXIT.problems;
  });
}
