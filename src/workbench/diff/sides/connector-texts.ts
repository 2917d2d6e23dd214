/**
 * The connector files of a side, as texts: of a commit without a checkout, of the working tree without following links.
 * Reads, and compiles nothing.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFiles, type TreeEntry } from '../../git/git-tree.ts';
import type { GitPlace, GitResult } from '../../git/run-git.ts';
import { nameOf } from './connector-files.ts';

export type ConnectorText = readonly [connector: string, text: string];

/** Larger files are refused by the compiler. */
const MAX_READ_BYTES = 1024 * 1024;

/** `entries`: of the commit, of the connectors that are asked for. */
export async function readTextsOfCommit(
  place: GitPlace,
  entries: readonly TreeEntry[],
): Promise<GitResult<readonly ConnectorText[]>> {
  const files = entries.filter(
    ({ path, kind, size }) => isConnector(path) && kind === 'file' && size <= MAX_READ_BYTES,
  );
  const contents = await readFiles(place, files);
  if (!contents.ok) return contents;
  const texts = files.map(
    ({ path }, index): ConnectorText => [nameOf(path) ?? path, String(contents.value[index])],
  );
  return { ok: true, value: texts };
}

export function readTextsOfFolder(folder: string, names: readonly string[]): readonly ConnectorText[] {
  return names.flatMap((name) =>
    [`${name}.yaml`, join(name, 'connector.yaml')].flatMap((path): ConnectorText[] => {
      const file = join(folder, path);
      const status = lstatSync(file, { throwIfNoEntry: false });
      if (!status?.isFile() || status.size > MAX_READ_BYTES) return [];
      return [[name, readFileSync(file, 'utf8')]];
    }),
  );
}

function isConnector(path: string): boolean {
  return /^[^/]+(?:\.yaml|\/connector\.yaml)$/.test(path);
}
