/** What a side of a diff is: the text of the command line in; a commit, a bundle or the working tree out. Compiles nothing. */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Bundle, decodeBundle, MAX_BUNDLE_BYTES } from '../../../bundle/codec.ts';
import { splitSignature } from '../../../bundle/signing.ts';
import { quote } from '../../../diagnostics/printable.ts';
import { resolveCommit } from '../../git/git-tree.ts';
import type { GitPlace, GitResult } from '../../git/run-git.ts';

export type SideSource =
  | { readonly kind: 'tree'; readonly name: string }
  | { readonly kind: 'ref'; readonly name: string; readonly commit: string }
  | { readonly kind: 'bundle'; readonly name: string; readonly bundle: Bundle };

/** The working tree. */
const TREE = '.';
/** No commit is written like this. */
const PATH = /^\.{0,2}\//;
/** Where there is no repository, a name can only be a file's. Whatever else git complains about is not passed over. */
const NO_REPOSITORY = /^git (?:is not installed|says: "fatal: not a git repository)/;

/** A failure is wrong usage: neither a commit nor a bundle, both of them, or a bundle that is damaged. */
export async function findSide(place: GitPlace, text: string): Promise<GitResult<SideSource>> {
  if (text === TREE) return { ok: true, value: { kind: 'tree', name: text } };
  const bytes = readBundleFile(resolve(place.cwd, text));
  const commit = PATH.test(text) ? NO_COMMIT : await findCommit(place, text);
  if (!commit.ok && (bytes === null || !NO_REPOSITORY.test(commit.message))) return commit;
  const id = commit.ok ? commit.value : null;
  // Whoever writes a pull request can add a file that is named like the commit which it is compared with.
  if (id !== null && bytes !== null) {
    const message = `${quote(text)} is both a commit and a bundle file here: write ${quote(`./${text}`)} for the file, or remove it to compare with the commit`;
    return { ok: false, message };
  }
  if (id !== null) return { ok: true, value: { kind: 'ref', name: text, commit: id } };
  if (bytes !== null) return readBundle(text, bytes);
  const message = `${quote(text)} is neither a commit of this git repository nor a bundle file; in CI, fetch the branch first`;
  return { ok: false, message };
}

const NO_COMMIT: GitResult<string | null> = { ok: true, value: null };

async function findCommit(place: GitPlace, text: string): Promise<GitResult<string | null>> {
  return text === '' || text.includes('\0') ? NO_COMMIT : resolveCommit(place, text);
}

function readBundle(name: string, bytes: Buffer): GitResult<SideSource> {
  const decoded = decodeBundle(splitSignature(bytes).signed);
  if (!decoded.ok) return { ok: false, message: `${quote(name)} is a damaged bundle: ${decoded.message}` };
  return { ok: true, value: { kind: 'bundle', name, bundle: decoded.bundle } };
}

/** Canonical manifests start with the first of their members in sorted order. */
const MANIFEST_START = '{"connectors":';

/** The bytes of a file that begins like a bundle; null for anything else, which may still be the name of a branch. */
function readBundleFile(file: string): Buffer | null {
  let descriptor: number;
  try {
    // A pipe of that name must not be waited for.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile() || status.size > MAX_BUNDLE_BYTES + 1024) return null;
    const start = Buffer.alloc(MANIFEST_START.length);
    readSync(descriptor, start, 0, start.length, 0);
    return start.toString('latin1') === MANIFEST_START ? readFileSync(file) : null;
  } finally {
    closeSync(descriptor);
  }
}
