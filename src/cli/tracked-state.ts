/**
 * Whether git brought the state folder along. In: where the command runs, and the folder. Out: why it is not used, or null.
 * What a commit holds there (pauses, tokens, secrets, links to other files) is whoever wrote it, not this machine's.
 */
import { relative, resolve, sep } from 'node:path';
import { quote } from '../diagnostics/printable.ts';
import { runGit } from '../workbench/git/run-git.ts';
import type { Context } from './context.ts';

export async function refuseTrackedState(
  context: Pick<Context, 'cwd' | 'env'>,
  state: string,
): Promise<string | null> {
  const path = relative(context.cwd, resolve(context.cwd, state));
  const steps = path.split(sep).filter(Boolean);
  // git looks at nothing beyond a link: the first step that is not the way up says what is tracked below it.
  const first = steps.slice(0, steps.lastIndexOf('..') + 2).join('/') || '.';
  const listed = await runGit(context, ['ls-files', '-z', '--', `:(literal,icase)${first}`]);
  if (!listed.ok) return null;
  const { code, output, error } = listed.value;
  if (code !== 0) return NO_REPOSITORY.test(error) ? null : cannotTell(state, error);
  const folder = steps.join('/').toLowerCase();
  const tracked = String(output)
    .split('\0')
    .find((name) => isOnTheWay(name.toLowerCase(), folder));
  if (tracked === undefined) return null;
  return `the state folder "${state}" is not used: git tracks "${tracked}", so it came with somebody's commit; take it out (git rm -r --cached '${tracked}') and look at it, or name another folder with --state`;
}

/** Also where the way leads out of the repository. */
const NO_REPOSITORY = /not a git repository|is outside repository/;

/** Such as a repository that belongs to somebody else, which git does not look into. */
function cannotTell(state: string, error: string): string {
  return `the state folder "${state}" is not used: whether it came with somebody's commit is not known, as git says: ${quote(error)}; mend that, or name another folder with --state`;
}

/** The folder, what is in it, or what leads to it. */
function isOnTheWay(name: string, folder: string): boolean {
  if (name === '') return false;
  return folder === '' || name === folder || name.startsWith(`${folder}/`) || folder.startsWith(`${name}/`);
}
