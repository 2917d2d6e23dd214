import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readOwnFile } from '../../compiler/read-file.ts';
import { suggest } from '../../diagnostics/suggest.ts';
import { MAX_SCRIPT_BYTES } from '../../stages/script/script-runner.ts';
import { SCRIPT_PRESETS, scriptText } from '../../workbench/new/script-presets.ts';
import {
  nameInFolder,
  readScriptTypes,
  scriptOf,
  writeScriptTypes,
} from '../../workbench/new/script-types.ts';
import { withCompilation } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { unknownConnector } from '../with-connector.ts';

export interface NewScriptOptions {
  readonly dir: string;
  /** Name of a preset. */
  readonly script: string;
  readonly json?: boolean;
}

const DEFAULT_NAME = 'mapping.js';

/** `sluice new <id> --script <preset>`: a mapping script for an existing connector, and its types. Replaces nothing. */
export function newScript(context: Context, id: string, options: NewScriptOptions): Promise<ExitCode> {
  const name = options.script;
  const preset = Object.hasOwn(SCRIPT_PRESETS, name) ? SCRIPT_PRESETS[name] : undefined;
  if (preset === undefined) {
    const names = Object.keys(SCRIPT_PRESETS);
    const nearest = suggest(name, names);
    const hint = nearest ? `did you mean "${nearest}"?` : `there are ${names.join(', ')}`;
    printError(context, `no script preset "${name}"; ${hint}`);
    return Promise.resolve(EXIT.usage);
  }
  return withCompilation(context, options.dir, async ({ connectors }) => {
    const connector = connectors.find((one) => one.id === id);
    if (connector === undefined) return unknownConnector(context, id, options.dir, connectors);
    const named = scriptOf(connector);
    const script = named ?? DEFAULT_NAME;
    const shown = nameInFolder(connector, script);
    const fail = (message: string): ExitCode => {
      printError(context, message);
      return EXIT.problems;
    };
    const present = readOwnFile(connector.folder, script, MAX_SCRIPT_BYTES);
    if (present.ok) return fail(`${shown} exists and is left as it is; move it away to start anew`);
    if (present.code !== 'reference-missing') return fail(present.message);
    const types = await readScriptTypes(connector, script);
    const path = join(connector.folder, script);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, scriptText(preset, script, basename(types.path)), { flag: 'wx' });
    } catch (error) {
      return fail(`${shown} cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
    const failure = await writeScriptTypes(types);
    if (failure !== null) return fail(failure);
    const files = [shown, types.name];
    if (options.json) printJson(context, { files, isNamed: named !== null });
    else {
      for (const file of files) print(context, `wrote ${file}`);
      if (named === null) print(context, `name it in ${connector.file}: mapping: { script: ${script} }`);
      print(context, `then: sluice preview ${id}`);
    }
    return EXIT.clean;
  });
}
