/**
 * What was live before it was taken back to test, disabled or deleted. In: both sides. Out: by id, the last live plan in the
 * first-parent history of the old commit, for connectors that go live. A gate that sees one step at a time passes a
 * weakening in three; what counts is what production had last.
 */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import { quote } from '../../../diagnostics/printable.ts';
import type { ScriptRunner } from '../../../stages/script/script-runner.ts';
import { listTree, readFiles, type TreeEntry } from '../../git/git-tree.ts';
import { type GitPlace, type GitResult, runGit } from '../../git/run-git.ts';
import type { LastLive } from '../plans/sides.ts';
import { type CommitOptions, compileCommit, type LoadedSide } from './compile-commit.ts';
import type { SideSource } from './side.ts';

/** Of each connector, the newest changes of its files on the main line. */
const MAX_COMMITS = 200;
/** Of those, that can have been live and are compiled. */
const MAX_COMPILED = 20;
/** A change that makes more connectors live than this is no ordinary one. */
const MAX_CONNECTORS = 100;

export async function findLastLive(
  place: GitPlace,
  old: SideSource,
  [before, after]: readonly [LoadedSide, LoadedSide],
  options: CommitOptions,
  scripts: ScriptRunner,
): Promise<GitResult<ReadonlyMap<string, LastLive>>> {
  const found = new Map<string, LastLive>();
  if (old.kind !== 'ref') return { ok: true, value: found };
  const isLive = (plan: ConnectorPlan | undefined): boolean => plan?.status === 'live';
  const ids = [...after.connectors.keys()].filter(
    (id) => isLive(planOf(after, id)) && !isLive(planOf(before, id)),
  );
  for (const id of ids.slice(0, MAX_CONNECTORS)) {
    const one = await findOne(place, old.commit, id, options, scripts);
    if (!one.ok) return one;
    if (one.value !== null) found.set(id, one.value);
    else if (await isShallow(place)) {
      const message = `whether ${quote(id)} was live before, and how, is not known, as the history was not fetched: fetch it whole (git fetch --unshallow; fetch-depth: 0 in a workflow)`;
      return { ok: false, message };
    }
  }
  return { ok: true, value: found };
}

async function isShallow(place: GitPlace): Promise<boolean> {
  const result = await runGit(place, ['rev-parse', '--is-shallow-repository']);
  return result.ok && String(result.value.output).trim() === 'true';
}

/** A line of a bundle that is damaged is reported where it is compared. */
function planOf(side: LoadedSide, id: string): ConnectorPlan | undefined {
  try {
    return side.connectors.get(id)?.plan();
  } catch {
    return undefined;
  }
}

async function findOne(
  place: GitPlace,
  commit: string,
  id: string,
  options: CommitOptions,
  scripts: ScriptRunner,
): Promise<GitResult<LastLive | null>> {
  const commits = await listCommits(place, commit, options.dir, id);
  if (!commits.ok) return commits;
  let compiled = 0;
  let last = '';
  for (const version of commits.value) {
    const tree = await listTree(place, version, options.dir, [`${id}/`, `${id}.yaml`]);
    // A tree that git refuses to list was never built.
    if (!tree.ok || !(await mayBeLive(place, tree.value, id))) continue;
    // Merges bring what their branch has said already.
    const content = tree.value.map(({ path, object }) => `${path} ${object}`).join();
    if (content === last) continue;
    last = content;
    compiled += 1;
    if (compiled > MAX_COMPILED) break;
    const side = await compileCommit(place, tree.value, options, scripts);
    if (!side.ok) return side;
    const plan = planOf(side.value, id);
    if (plan?.status === 'live') return { ok: true, value: { plan, commit: version } };
  }
  return { ok: true, value: null };
}

/** Commits of the main line that changed the connector's files, the newest first. */
async function listCommits(
  place: GitPlace,
  commit: string,
  dir: string,
  id: string,
): Promise<GitResult<readonly string[]>> {
  const result = await runGit(place, [
    '--literal-pathspecs',
    'log',
    '--first-parent',
    '--no-show-signature',
    '--no-mailmap',
    '--format=%H',
    `--max-count=${MAX_COMMITS}`,
    '--end-of-options',
    commit,
    '--',
    `${dir}/${id}`,
    `${dir}/${id}.yaml`,
  ]);
  if (!result.ok) return result;
  return { ok: true, value: result.value.output.toString('latin1').split('\n').filter(Boolean) };
}

/** Whether the connector's file has the word at all: most versions need not be compiled. */
async function mayBeLive(place: GitPlace, entries: readonly TreeEntry[], id: string): Promise<boolean> {
  const file = entries.filter(({ path }) => path === `${id}/connector.yaml` || path === `${id}.yaml`);
  const contents = await readFiles(place, file);
  return contents.ok && contents.value.some((content) => content.includes('live'));
}
