/**
 * Reads the files of a commit without a checkout: no hooks, no filters, no attributes, nothing of the repository runs. In:
 * a repository and a commit. Out: the list of files below a folder, and their content written to an empty folder.
 * What a tree holds is not trusted: paths stay inside, links stay unfollowed, sizes are bounded.
 */
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { quote } from '../../diagnostics/printable.ts';
import { type GitPlace, type GitResult, runGit } from './run-git.ts';

export interface TreeEntry {
  /** Below the folder that was listed, with forward slashes. */
  readonly path: string;
  readonly kind: 'file' | 'link' | 'other';
  /** Name of the object that holds the content. */
  readonly object: string;
  /** Bytes. */
  readonly size: number;
}

/** The largest file that the compiler reads, in bytes: of larger ones only the size counts, which it then refuses. */
const MAX_FILE_BYTES = 1024 * 1024;
/** All files that are written together, in bytes: ten thousand connectors with their samples take about 100 MB. */
const MAX_TREE_BYTES = 512 * 1024 * 1024;
const MAX_ENTRIES = 1_000_000;

/** The full name of the commit that a ref means; null: there is no such commit. Anything may be given: it is never an option. */
export async function resolveCommit(place: GitPlace, ref: string): Promise<GitResult<string | null>> {
  const result = await runGit(place, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  ]);
  if (!result.ok) return result;
  const { code, output, error } = result.value;
  // 1: there is no such thing. Anything else is about the repository, such as one that belongs to another user.
  if (code !== 0 && code !== 1) return { ok: false, message: `git says: ${quote(error)}` };
  const name = output.toString('latin1').trim();
  if (code !== 0 || !/^[0-9a-f]{40,64}$/.test(name)) return { ok: true, value: null };
  const others = await findNamesakes(place, ref);
  if (!others.ok) return others;
  if (others.value.length === 0) return { ok: true, value: name };
  const message = `${quote(ref)} may mean ${others.value.map(quote).join(' or ')}: write the one that is meant`;
  return { ok: false, message };
}

/** Where git looks for a name, in its order. Whoever may push a tag but no branch must not stand before the branch. */
const PLACES = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'];

/** What a name may mean; empty where that is one commit. */
async function findNamesakes(place: GitPlace, ref: string): Promise<GitResult<readonly string[]>> {
  // What follows the name leads on from it: main~1, main@{upstream}.
  const [short = ''] = ref.split(/[~^:]|@\{/, 1);
  const names = new Set(PLACES.map((folder) => `${folder}${short}`));
  const refs = await runGit(place, [
    'for-each-ref',
    '--format=%(objectname) %(refname)',
    ...[...names].filter((name) => name.startsWith('refs/')),
  ]);
  if (!refs.ok) return refs;
  const lines = String(refs.value.output)
    .split('\n')
    .map((line) => line.split(' ', 2));
  const found = lines.filter(([, name = '']) => names.has(name));
  if (found.length > 0 && /^[0-9a-f]{4,39}$/.test(short)) {
    const objects = await runGit(place, ['rev-parse', `--disambiguate=${short}`]);
    if (!objects.ok) return objects;
    for (const object of String(objects.value.output).split('\n'))
      if (object !== '') found.push([object, object]);
  }
  const isOne = new Set(found.map(([object]) => object)).size <= 1;
  return { ok: true, value: isOne ? [] : found.map(([, name = '']) => name) };
}

/** The files below `dir` (relative to `cwd`) in a commit; none where it has no such folder. `only`: paths below it. */
export async function listTree(
  place: GitPlace,
  commit: string,
  dir: string,
  only: readonly string[] = [],
): Promise<GitResult<readonly TreeEntry[]>> {
  const prefix = await findPrefix(place, dir);
  if (!prefix.ok) return prefix;
  const folder = prefix.value.replace(/\/$/, '') || '.';
  const tree = folder === '.' ? `${commit}^{tree}` : `${commit}:${folder}`;
  const found = await runGit(place, ['rev-parse', '--verify', '--quiet', '--end-of-options', tree]);
  if (!found.ok) return found;
  if (found.value.code !== 0) return { ok: true, value: [] };
  const object = found.value.output.toString('latin1').trim();
  const type = await runGit(place, ['cat-file', '-t', object]);
  if (!type.ok) return type;
  // A submodule is a commit of another repository, which may be in this one as well.
  if (folder !== '.' && type.value.output.toString('latin1').trim() === 'commit')
    return {
      ok: false,
      message: `${quote(dir)} is a submodule in the commit, a repository of its own: put the connectors themselves there`,
    };
  const listing = await runGit(place, ['ls-tree', '-r', '-l', '-z', '--full-tree', object, '--', ...only]);
  if (!listing.ok) return listing;
  if (listing.value.code !== 0)
    return {
      ok: false,
      message: `git cannot list ${quote(dir)} of the commit: it is no folder there, or the commit was not fetched whole`,
    };
  return parseListing(listing.value.output);
}

/** Where `dir` (relative to `cwd`) is from the top of the repository: empty, or ending in a slash. */
export async function findPrefix(place: GitPlace, dir: string): Promise<GitResult<string>> {
  const prefix = await runGit(place, ['rev-parse', '--show-prefix']);
  if (!prefix.ok) return prefix;
  const folder = posix
    .normalize(`${prefix.value.output.toString('utf8').trimEnd()}${dir}`)
    .replace(/\/$/, '');
  if (folder.startsWith('..') || folder.startsWith('/'))
    return { ok: false, message: `the folder "${dir}" is outside of the git repository` };
  return { ok: true, value: folder === '.' ? '' : `${folder}/` };
}

const LINE = /^(\d{6}) (\w+) ([0-9a-f]{40,64}) +(\d+|-)\t(.+)$/s;

function parseListing(output: Buffer): GitResult<readonly TreeEntry[]> {
  const lines = output
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '');
  if (lines.length > MAX_ENTRIES)
    return { ok: false, message: `the commit has more than ${MAX_ENTRIES} files` };
  const entries: TreeEntry[] = [];
  for (const line of lines) {
    const [, mode = '', type = '', object = '', size = '', path = ''] = LINE.exec(line) ?? [];
    // git refuses to check such a tree out, but a hand-made one can hold it.
    if (object === '' || path.split('/').some((part) => part === '' || part === '.' || part === '..'))
      return { ok: false, message: 'the commit holds a path that leads out of its folder' };
    const kind = type !== 'blob' ? 'other' : mode === '120000' ? 'link' : 'file';
    entries.push({ path, kind, object, size: Number(size) || 0 });
  }
  return { ok: true, value: entries };
}

/** Writes entries below `target`, an existing empty folder. Links lead nowhere: whoever finds one refuses it anyway. */
export async function extractTree(
  place: GitPlace,
  entries: readonly TreeEntry[],
  target: string,
): Promise<GitResult<null>> {
  const files = entries.filter(({ kind }) => kind === 'file');
  const read = files.filter(({ size }) => size <= MAX_FILE_BYTES);
  const contents = await readFiles(place, read);
  if (!contents.ok) return contents;
  try {
    const writer = new TreeWriter(target);
    for (const [index, { path }] of read.entries()) writer.writeFile(path, contents.value[index] as Buffer);
    for (const { path, size } of files) {
      if (size > MAX_FILE_BYTES) truncateSync(writer.writeFile(path, Buffer.alloc(0)), MAX_FILE_BYTES + 1);
    }
    // Last, so that no file is written through one.
    for (const { path, kind } of entries) if (kind === 'link') writer.writeLink(path);
    return { ok: true, value: null };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return {
      ok: false,
      message: `the files of the commit cannot be written to a temporary folder (${code})`,
    };
  }
}

/** Writes files below a folder: never over something that is there, nor through a link. */
class TreeWriter {
  readonly #target: string;
  readonly #folders = new Set<string>();

  constructor(target: string) {
    this.#target = target;
  }

  writeFile(path: string, content: Buffer): string {
    const file = this.#place(path);
    writeFileSync(file, content, { flag: 'wx' });
    return file;
  }

  writeLink(path: string): void {
    symlinkSync('nowhere', this.#place(path));
  }

  #place(path: string): string {
    const file = join(this.#target, path);
    const folder = dirname(file);
    if (!this.#folders.has(folder)) mkdirSync(folder, { recursive: true });
    this.#folders.add(folder);
    return file;
  }
}

/** The content of each file, in order. Refused where they are too large together. */
export async function readFiles(
  place: GitPlace,
  entries: readonly TreeEntry[],
): Promise<GitResult<readonly Buffer[]>> {
  if (entries.length === 0) return { ok: true, value: [] };
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > MAX_TREE_BYTES)
    return {
      ok: false,
      message: `the files of the commit are larger than ${MAX_TREE_BYTES / 1024 / 1024} MiB together`,
    };
  const input = entries.map(({ object }) => `${object}\n`).join('');
  const limit = total + entries.length * 128;
  const result = await runGit(place, ['cat-file', '--batch'], { input, limit });
  if (!result.ok) return result;
  const { output } = result.value;
  const contents: Buffer[] = [];
  let position = 0;
  for (const { object, size } of entries) {
    const header = `${object} blob ${size}\n`;
    const start = position + header.length;
    if (output.toString('latin1', position, start) !== header)
      return { ok: false, message: 'git has not all files of the commit: fetch it whole' };
    contents.push(output.subarray(start, start + size));
    position = start + size + 1;
  }
  return { ok: true, value: contents };
}

/** One that is not there says so by its header; the largest is as large as the compiler reads. */
const HEADER = /^[0-9a-f]{40,64} blob (\d+)$/;

/** Objects whose sizes nobody knows, in order; empty ones for those that no connector may be as large as. null: some are missing. */
export async function readObjects(
  place: GitPlace,
  objects: readonly string[],
): Promise<GitResult<readonly Buffer[] | null>> {
  if (objects.length === 0) return { ok: true, value: [] };
  const input = objects.map((object) => `${object}\n`).join('');
  const result = await runGit(place, ['cat-file', '--batch'], { input, limit: MAX_TREE_BYTES });
  if (!result.ok) return result;
  const { output } = result.value;
  const contents: Buffer[] = [];
  let position = 0;
  for (const _ of objects) {
    const end = output.indexOf('\n', position);
    const [, size] = HEADER.exec(output.toString('latin1', position, Math.max(end, position))) ?? [];
    if (size === undefined) return { ok: true, value: null };
    const start = end + 1;
    position = start + Number(size);
    contents.push(Number(size) > MAX_FILE_BYTES ? Buffer.alloc(0) : output.subarray(start, position));
    position += 1;
  }
  return { ok: true, value: contents };
}
