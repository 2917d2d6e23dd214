/**
 * Where one connector of a folder is, or would be. In: the folder, and a name that a page or a person gave. Out: its
 * location, or null for what is no name of a connector. Reads nothing of the connector.
 */
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { CompiledConnector } from '../../compiler/compile.ts';
import { type ConnectorLocation, findConnectors } from '../../compiler/load.ts';

export interface Folder {
  /** Absolute path of the folder of connectors. */
  readonly folder: string;
  /** Absolute path that displayed paths are relative to. */
  readonly cwd: string;
  /** The folder as people write it. */
  readonly display: string;
}

/** As the schema has it: what is no id cannot become a connector. */
const ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The connector of that name that is there; null: there is none. */
export function findConnector({ folder, cwd }: Folder, name: string): ConnectorLocation | null {
  return findConnectors(folder, cwd).locations.find((location) => location.name === name) ?? null;
}

/** Where a compiled connector came from, whatever its id is. `cwd`: what its path is relative to. */
export function locationOf({ folder, file }: CompiledConnector, cwd: string): ConnectorLocation {
  const path = resolve(cwd, file);
  const home = dirname(path);
  return { name: basename(folder), folder, home, fileName: basename(path), display: file };
}

/** Where a new connector goes; null: the id cannot be one. */
export function placeOfNew({ folder, cwd }: Folder, id: string): ConnectorLocation | null {
  if (!ID.test(id)) return null;
  const home = join(folder, id);
  const fileName = 'connector.yaml';
  const display = relative(cwd, join(home, fileName)).split(sep).join('/');
  return { name: id, folder: home, home, fileName, display };
}
