/**
 * Which connectors have different files on two sides, before anything is compiled: the same files give the same plan. In:
 * the files of a commit, or of a folder. Out: by connector, a text that is equal where all its files are.
 */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ConvertedFile } from '../../git/checkout-attributes.ts';
import type { TreeEntry } from '../../git/git-tree.ts';

/** A connector's name, as its folder or flat file has it, against the names and contents of its files. */
export type ConnectorPrints = ReadonlyMap<string, string>;

/** Larger files are refused by the compiler: they are not read here either. */
const MAX_READ_BYTES = 1024 * 1024;

export function printsOfTree(entries: readonly TreeEntry[]): ConnectorPrints {
  return collect(entries.map(({ path, kind, object }) => ({ path, print: `${kind} ${object}` })));
}

/** An entry that is no file as the commit has it. Links that stand in place of a connector are for the compiler to refuse. */
export interface Stray {
  /** Below the connectors folder. */
  readonly path: string;
  /** Follows the path: what it is, and what to do. */
  readonly fact: string;
}

const UNSEEN = 'put the files themselves there, as nobody who reviews a change sees what it leads to';
const LINK = `is a symbolic link: ${UNSEEN}`;
const SUBMODULE = `is a submodule, a repository of its own: ${UNSEEN}`;
const SPECIAL = `is no file, but a device, pipe or socket: ${UNSEEN}`;

export function straysOfTree(entries: readonly TreeEntry[]): readonly Stray[] {
  return entries
    .filter(({ path, kind }) => kind !== 'file' && nameOf(path) !== null)
    .filter(({ path, kind }) => kind !== 'link' || path.includes('/'))
    .map(({ path, kind }) => ({ path, fact: kind === 'link' ? LINK : SUBMODULE }));
}

/** Files of a commit that a checkout changes. */
export function straysOfConverted(files: readonly ConvertedFile[]): readonly Stray[] {
  return files
    .filter(({ path }) => nameOf(path) !== null)
    .map(({ path, attribute }) => ({
      path,
      fact: `is not checked out as the commit has it (the attribute ${attribute} in .gitattributes): take the attribute away from connectors, as what is built from a checkout is not what is compared here`,
    }));
}

/** The same as of a tree in the working tree, where a submodule is a folder with a repository's file in it. */
export function straysOfFolder(folder: string): readonly Stray[] {
  const found: Stray[] = [];
  const visit = (path: string): void => {
    const status = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (status === undefined || status.isFile()) return;
    if (status.isDirectory()) {
      const names = readdirSync(join(folder, path));
      if (path !== '' && names.includes('.git')) found.push({ path, fact: SUBMODULE });
      else for (const name of names) if (path !== '' || nameOf(name) !== null) visit(join(path, name));
    } else if (!status.isSymbolicLink()) found.push({ path, fact: SPECIAL });
    else if (path.includes('/')) found.push({ path, fact: LINK });
  };
  try {
    visit('');
  } catch {
    // What cannot be read is for the compiler to report.
  }
  return found;
}

/** Reads every file below the folder; links are not followed. Empty where there is no folder. `objectLength`: of git's names, in hex digits. */
export function printsOfFolder(folder: string, objectLength: number): ConnectorPrints {
  const algorithm = objectLength === 64 ? 'sha256' : 'sha1';
  const files: FilePrint[] = [];
  const visit = (path: string): void => {
    const place = join(folder, path);
    const status = lstatSync(place, { throwIfNoEntry: false });
    if (status === undefined) return;
    if (status.isDirectory())
      for (const name of readdirSync(place)) visit(path === '' ? name : `${path}/${name}`);
    else if (status.isSymbolicLink())
      files.push({ path, print: `link ${hashBlob(algorithm, readlinkSync(place, 'buffer'))}` });
    else if (status.isFile() && status.size <= MAX_READ_BYTES)
      files.push({ path, print: `file ${hashBlob(algorithm, readFileSync(place))}` });
    else files.push({ path, print: 'not read' });
  };
  try {
    for (const name of readdirSync(folder)) if (nameOf(name) !== null) visit(name);
  } catch {
    // What cannot be read is for the compiler to report: it differs from everything.
    return new Map();
  }
  return collect(files);
}

/** Names that are on one side only, or differ. */
export function findDiffering(before: ConnectorPrints, after: ConnectorPrints): ReadonlySet<string> {
  const names = new Set([...before.keys(), ...after.keys()]);
  return new Set([...names].filter((name) => before.get(name) !== after.get(name)));
}

/** The name of the connector that a path below the connectors folder belongs to; null: of none. */
export function nameOf(path: string): string | null {
  const [first = ''] = path.split('/', 1);
  if (first.startsWith('.') || first === 'node_modules') return null;
  return first.replace(/\.yaml$/, '');
}

interface FilePrint {
  readonly path: string;
  readonly print: string;
}

/** Other files beside the connectors belong to none. */
function collect(files: readonly FilePrint[]): ConnectorPrints {
  const lines = new Map<string, string[]>();
  const connectors = new Set<string>();
  for (const { path, print } of files) {
    const name = nameOf(path);
    if (name === null) continue;
    // A link is for the compiler to refuse.
    const isFlat = !path.includes('/') && (path.endsWith('.yaml') || print.startsWith('link '));
    if (isFlat || path === `${name}/connector.yaml`) connectors.add(name);
    const known = lines.get(name);
    if (known === undefined) lines.set(name, [`${path}\0${print}`]);
    else known.push(`${path}\0${print}`);
  }
  return new Map(
    [...lines].filter(([name]) => connectors.has(name)).map(([name, list]) => [name, list.sort().join('\0')]),
  );
}

/** The name that git gives the content. */
function hashBlob(algorithm: string, content: Buffer): string {
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest('hex');
}
