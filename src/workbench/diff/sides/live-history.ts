/**
 * What was live before it was taken back to test, disabled or deleted. In: both sides. Out: by id, every form of security
 * that was live in the first-parent history of the old commit, for connectors that go live or are gone. A gate that sees one
 * step at a time passes a weakening in three, and the newest live version alone may be a step of them: a branch whose
 * commits land one by one can hold what was never served.
 */
import { canonicalJson } from '../../../bundle/canonical-json.ts';
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import { parseYaml } from '../../../compiler/parse.ts';
import { quote } from '../../../diagnostics/printable.ts';
import { SourceFile } from '../../../diagnostics/source.ts';
import { isJsonObject } from '../../../stages/json/json-value.ts';
import type { ScriptRunner } from '../../../stages/script/script-runner.ts';
import { type FileVersion, listVersions } from '../../git/file-versions.ts';
import { listTree } from '../../git/git-tree.ts';
import { type GitPlace, type GitResult, runGit } from '../../git/run-git.ts';
import type { LiveHistory, LiveVersion } from '../plans/sides.ts';
import { type CommitOptions, compileCommit, type LoadedSide } from './compile-commit.ts';
import type { SideSource } from './side.ts';

/** Of each connector, forms of its security that are compiled: the newest. */
const MAX_FORMS = 50;
/** A change that makes more connectors live than this is no ordinary one. */
const MAX_CONNECTORS = 1000;

const UNKNOWN: LiveHistory = { versions: [], isWhole: false };

export async function findLiveHistory(
  place: GitPlace,
  old: SideSource,
  [before, after]: readonly [LoadedSide, LoadedSide],
  options: CommitOptions,
  scripts: ScriptRunner,
): Promise<GitResult<ReadonlyMap<string, LiveHistory>>> {
  const found = new Map<string, LiveHistory>();
  if (old.kind !== 'ref') return { ok: true, value: found };
  const isLive = (plan: ConnectorPlan | undefined): boolean => plan?.status === 'live';
  const goLive = [...after.connectors.keys()].filter(
    (id) => isLive(planOf(after, id)) && !isLive(planOf(before, id)),
  );
  // One that is gone may be one that goes live, under another id.
  const isAdded = goLive.some((id) => !before.connectors.has(id));
  const gone = isAdded ? [...before.connectors.keys()].filter((id) => !after.connectors.has(id)) : [];
  for (const [index, id] of [...goLive, ...gone].entries()) {
    const one: GitResult<LiveHistory> =
      index < MAX_CONNECTORS
        ? await findOne(place, old.commit, id, options, scripts)
        : { ok: true, value: UNKNOWN };
    if (!one.ok) return one;
    found.set(id, one.value);
  }
  if (found.size === 0 || !(await isShallow(place))) return { ok: true, value: found };
  return notFetched(goLive[0] ?? '');
}

async function isShallow(place: GitPlace): Promise<boolean> {
  const result = await runGit(place, ['rev-parse', '--is-shallow-repository']);
  return result.ok && String(result.value.output).trim() === 'true';
}

function notFetched(id: string): GitResult<never> {
  const message = `whether ${quote(id)} was live before, and how, is not known, as the history was not fetched: fetch it whole (git fetch --unshallow; in a workflow, fetch-depth: 0 and no filter)`;
  return { ok: false, message };
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
): Promise<GitResult<LiveHistory>> {
  const { dir } = options;
  const listed = await listVersions(place, commit, [`${dir}/${id}/connector.yaml`, `${dir}/${id}.yaml`]);
  if (!listed.ok) return listed;
  if (listed.value === null) return notFetched(id);
  const forms = formsOf(listed.value.versions);
  const versions: LiveVersion[] = [];
  for (const { commit: version, owner } of forms.slice(0, MAX_FORMS)) {
    // What comes by the URL of another was proven as that one says.
    const names = owner === null ? [id] : [id, owner];
    const paths = names.flatMap((name) => [`${name}/`, `${name}.yaml`]);
    const tree = await listTree(place, version, dir, paths);
    // A tree that git refuses to list was never built.
    const side = tree.ok ? await compileCommit(place, tree.value, options, scripts) : null;
    if (side?.ok === false) return side;
    const plan = side === null ? undefined : planOf(side.value, id);
    if (plan?.status === 'live') versions.push({ plan, commit: version });
  }
  const isWhole =
    listed.value.isWhole && forms.length <= MAX_FORMS && (versions.length > 0 || forms.length === 0);
  return { ok: true, value: { versions, isWhole } };
}

/** Members of a connector file that decide who may call, and whose events pass. */
const SECURITY = ['security', 'when', 'testWhen', 'idempotency', 'eventsOf'];

interface LiveForm {
  readonly commit: string;
  /** The connector whose URL brought its events; null: it had one of its own. */
  readonly owner: string | null;
}

/** Anything else is no name of a file, and might mean something to git. */
const ID = /^[a-z0-9-]+$/;

/** The newest commit of each form of security that says it is live. */
function formsOf(versions: readonly FileVersion[]): readonly LiveForm[] {
  const forms = new Map<string, LiveForm>();
  for (const { commit, content } of versions) {
    const { document } = parseYaml(new SourceFile('', content.toString('utf8').replace(/^\ufeff/, '')));
    const spec = document?.value;
    if (!isJsonObject(spec) || spec.status !== 'live') continue;
    const form = canonicalJson(SECURITY.map((name) => spec[name] ?? null));
    const owner = typeof spec.eventsOf === 'string' && ID.test(spec.eventsOf) ? spec.eventsOf : null;
    if (!forms.has(form)) forms.set(form, { commit, owner });
  }
  return [...forms.values()];
}
