/**
 * What files were on the main line of a history. In: a repository, a commit, paths. Out: each content that they had, the
 * newest first, with the commit that brought it. Bounded, and says so where the bound cuts something off.
 */
import { readObjects } from './git-tree.ts';
import { type GitPlace, type GitResult, runGit } from './run-git.ts';

export interface FileVersion {
  /** Full name of the newest commit that brought the content. */
  readonly commit: string;
  readonly content: Buffer;
}

export interface FileVersions {
  readonly versions: readonly FileVersion[];
  /** False: there are older ones. */
  readonly isWhole: boolean;
}

/** Commits that changed the files. */
const MAX_COMMITS = 2000;
/** A file's place before and after a commit: modes, objects, what was done. */
const CHANGE = /^:\d{6} (\d{6}) [0-9a-f]{40,64} ([0-9a-f]{40,64}) [A-Z]/;
const REGULAR = /^100/;

/** `paths` are relative to where git is started. null: the repository does not have all of it, as it was not fetched whole. */
export async function listVersions(
  place: GitPlace,
  commit: string,
  paths: readonly string[],
): Promise<GitResult<FileVersions | null>> {
  const listing = await runGit(place, [
    '--literal-pathspecs',
    'log',
    '--first-parent',
    '--diff-merges=first-parent',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--root',
    '--no-show-signature',
    '--no-mailmap',
    '--format=%H',
    `--max-count=${MAX_COMMITS + 1}`,
    '--end-of-options',
    commit,
    '--',
    ...paths,
  ]);
  if (!listing.ok) return listing;
  if (listing.value.code !== 0) return { ok: true, value: null };
  const objects = new Map<string, string>();
  let at = '';
  let commits = 0;
  for (const line of listing.value.output.toString('latin1').split('\n')) {
    const [, mode = '', object = ''] = CHANGE.exec(line) ?? [];
    if (/^[0-9a-f]{40,64}$/.test(line)) {
      at = line;
      commits += 1;
    } else if (REGULAR.test(mode) && !objects.has(object)) objects.set(object, at);
  }
  const contents = await readObjects(place, [...objects.keys()]);
  if (!contents.ok) return contents;
  if (contents.value === null) return { ok: true, value: null };
  const versions = [...objects.values()].map((commit, index) => ({
    commit,
    content: contents.value?.[index] ?? Buffer.alloc(0),
  }));
  return { ok: true, value: { versions, isWhole: commits <= MAX_COMMITS } };
}
