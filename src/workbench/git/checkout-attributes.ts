/**
 * Files that a checkout writes otherwise than the commit has them: attributes of the repository can have git convert what is
 * compared here into something else that is built. In: a commit, and files of it. Out: those, with the attribute.
 */
import { join } from 'node:path';
import type { TreeEntry } from './git-tree.ts';
import { type GitPlace, type GitResult, runGit } from './run-git.ts';

/** Ends of lines are left out: they mean the same to all that reads connectors. */
const CONVERTING = ['filter', 'ident', 'working-tree-encoding'] as const;
const FILE = '.gitattributes';

export interface ConvertedFile {
  /** Below the folder that was listed. */
  readonly path: string;
  readonly attribute: string;
}

/** `prefix`: of the folder that `entries` are below, from the top of the repository, such as `a/connectors/`. `scratch`: an absolute path. */
export async function findConverted(
  place: GitPlace,
  commit: string,
  entries: readonly TreeEntry[],
  prefix: string,
  scratch: string,
): Promise<GitResult<readonly ConvertedFile[]>> {
  const files = entries.filter(({ kind }) => kind === 'file');
  if (files.length === 0) return { ok: true, value: [] };
  const above = await hasAttributesAbove(place, commit, prefix);
  if (!above.ok) return above;
  if (!above.value && !entries.some(({ path }) => `/${path}`.endsWith(`/${FILE}`)))
    return { ok: true, value: [] };
  // Attributes of a commit are only looked up in an index: one of its own, as the repository's is somebody's work.
  const index = join(scratch, `index-${commit}`);
  const read = await runGit(place, ['read-tree', `${commit}^{tree}`], { index });
  if (!read.ok) return read;
  const input = files.map(({ path }) => `${prefix}${path}\0`).join('');
  const checked = await runGit(place, ['check-attr', '--cached', '--stdin', '-z', ...CONVERTING], {
    index,
    input,
  });
  if (!checked.ok) return checked;
  if (read.value.code !== 0 || checked.value.code !== 0)
    return { ok: false, message: 'git cannot read the attributes of the commit: fetch it whole' };
  return { ok: true, value: parse(String(checked.value.output), prefix) };
}

async function hasAttributesAbove(
  place: GitPlace,
  commit: string,
  prefix: string,
): Promise<GitResult<boolean>> {
  const steps = prefix.split('/').slice(0, -1);
  const paths = [[], ...steps.map((_, index) => steps.slice(0, index + 1))].map((above) =>
    [...above, FILE].join('/'),
  );
  const listed = await runGit(place, ['ls-tree', '--name-only', '--full-tree', commit, '--', ...paths]);
  return listed.ok ? { ok: true, value: listed.value.output.length > 0 } : listed;
}

/** Path, attribute and value, each ended by NUL. */
function parse(output: string, prefix: string): readonly ConvertedFile[] {
  const found: ConvertedFile[] = [];
  const fields = output.split('\0');
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', attribute = '', value = ''] = fields.slice(at, at + 3);
    if (value !== 'unspecified' && value !== 'unset')
      found.push({ path: path.slice(prefix.length), attribute });
  }
  return found;
}
