/**
 * What a connector would be with one more sample. In: the connector and the changed files. Out: its compilation, from a
 * scratch copy of its folder: nothing of the repository is touched, so that a dry run and a real one say the same.
 */
import { cpSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type Compilation, type CompiledConnector, compileConnectors } from '../../compiler/compile.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { withScratchFolder } from '../files/scratch-folder.ts';

/** No file of a connector is larger, in bytes: what is cannot be part of it. */
const MAX_FILE_BYTES = 2 * 1024 * 1024;

export interface ConnectorPlace {
  /** Absolute path of the folder that holds the connector file, and the file's name there. */
  readonly home: string;
  readonly fileName: string;
  /** A connector file of its own, with its folder beside it. */
  readonly isFlat: boolean;
}

export function placeOf(connector: CompiledConnector, cwd: string): ConnectorPlace {
  const path = resolve(cwd, connector.file);
  const home = dirname(path);
  return { home, fileName: basename(path), isFlat: home !== connector.folder };
}

/** `sampleText` becomes samples/<sampleName>; display paths are as in the repository. */
export function compileCandidate(
  connector: CompiledConnector,
  place: ConnectorPlace,
  cwd: string,
  change: { readonly connectorText: string; readonly sampleName: string; readonly sampleText: string },
  scripts: ScriptRunner,
): Promise<Compilation> {
  return withScratchFolder('sluice-learn-', (scratch) => {
    const folder = join(scratch, displayFolder(dirname(connector.folder), cwd));
    const own = join(folder, basename(connector.folder));
    mkdirSync(folder, { recursive: true });
    if (lstatSync(connector.folder, { throwIfNoEntry: false })?.isDirectory())
      cpSync(connector.folder, own, { recursive: true, verbatimSymlinks: true, filter: isOwnFile });
    mkdirSync(join(own, 'samples'), { recursive: true });
    writeFileSync(join(place.isFlat ? folder : own, place.fileName), change.connectorText);
    writeFileSync(join(own, 'samples', change.sampleName), change.sampleText, { flag: 'wx' });
    return compileConnectors({ folder, cwd: scratch, scripts, isTemporary: true, isPartial: true });
  });
}

function isOwnFile(path: string): boolean {
  const name = basename(path);
  const status = lstatSync(path);
  if (status.isDirectory()) return name !== 'node_modules' && !name.startsWith('.');
  return status.isSymbolicLink() || (status.isFile() && status.size <= MAX_FILE_BYTES);
}

/** The connectors folder as it is called from `cwd`; a name of its own where it lies elsewhere. */
function displayFolder(folder: string, cwd: string): string {
  const path = relative(cwd, folder);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? basename(folder) : path;
}
