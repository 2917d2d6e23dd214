/**
 * Both sides of a diff, ready to be compared. In: what they are. Out: plans, and the samples and cases of those sides that
 * have files. Compiles only connectors whose files differ, each commit in a folder of its own below the scratch folder,
 * which must stay until the sides are no longer used: samples and cases are read when they are asked for.
 */
import { resolve } from 'node:path';
import { compileConnectors } from '../../../compiler/compile.ts';
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { ScriptRunner } from '../../../stages/script/script-runner.ts';
import { type CompileOptions, compileFolder, type Workplace } from '../../compile/compile-folder.ts';
import { type ConvertedFile, findConverted } from '../../git/checkout-attributes.ts';
import { findPrefix, listTree, type TreeEntry } from '../../git/git-tree.ts';
import type { GitResult } from '../../git/run-git.ts';
import { addedSecrets } from '../plans/shared-secrets.ts';
import { type CommitOptions, compileCommit, type LoadedSide, NOTHING, sideOf } from './compile-commit.ts';
import {
  type ConnectorPrints,
  findDiffering,
  nameOf,
  printsOfFolder,
  printsOfTree,
  type Stray,
  straysOfConverted,
  straysOfFolder,
  straysOfTree,
} from './connector-files.ts';
import { findMentions } from './find-mentions.ts';
import { findLiveHistory } from './live-history.ts';
import { findOwners, withSharedUrls } from './shared-urls.ts';
import type { SideSource } from './side.ts';
import { diagnoseStrays, withoutStrays } from './strays.ts';

export interface LoadedSides {
  readonly before: LoadedSide;
  readonly after: LoadedSide;
  /** Ids on either side, also of connectors that nobody had to look into. */
  readonly ids: ReadonlySet<string>;
  /** Ids of connectors whose files differ, or all where a side has none. */
  readonly differing: ReadonlySet<string>;
  /** What is wrong with the new side and no connector of it: entries that are no files. */
  readonly errors: readonly Diagnostic[];
}

export interface LoadOptions extends CommitOptions {
  /** Only this connector; absent: all. */
  readonly connector?: string | undefined;
  /** Hears how far the compiling of a working tree is. */
  readonly onProgress?: CompileOptions['onProgress'];
}

export async function loadSides(
  place: Workplace,
  sources: readonly [SideSource, SideSource],
  options: LoadOptions,
  scripts: ScriptRunner,
): Promise<GitResult<LoadedSides>> {
  const listed = await listSides(place, sources, options);
  if (!listed.ok) return listed;
  const [old, current] = listed.value;
  const strays = [...old.strays, ...current.strays].flatMap(({ path }) => nameOf(path) ?? []);
  const ids = new Set([...old.names, ...current.names, ...strays]);
  const chosen =
    old.prints === null || current.prints === null ? ids : findDiffering(old.prints, current.prints);
  const folder = resolve(place.cwd, options.dir);
  const owners = await findOwners(place, chosen.size === 0 ? [] : listed.value, folder);
  if (!owners.ok) return owners;
  const { connector } = options;
  const related = withSharedUrls(chosen, owners.value);
  const only = connector === undefined ? related : new Set([...related].filter((name) => name === connector));
  const compiled = withSharedUrls(only, owners.value);
  const before = await loadSide(place, old, options, compiled, scripts);
  if (!before.ok) return before;
  const after = await loadSide(place, current, options, compiled, scripts);
  if (!after.ok) return after;
  // Compiled for the sake of others.
  const aside = new Set([...compiled].filter((name) => !only.has(name)));
  const whole = [
    without(withoutStrays(before.value, old.strays), aside),
    without(withoutStrays(after.value, current.strays), aside),
  ] as const;
  const live = await findLiveHistory(place, old.source, whole, options, scripts);
  if (!live.ok) return live;
  const loaded = [
    { ...withoutDamaged(whole[0], whole[1]), live: live.value },
    withoutDamaged(whole[1], whole[0]),
  ] as const;
  const secrets = addedSecrets(...loaded);
  const sides: LoadedSide[] = [];
  for (const [index, side] of loaded.entries()) {
    const rest = listed.value[index as 0 | 1];
    const mentions = await findMentions(place, rest, folder, only, secrets);
    if (!mentions.ok) return mentions;
    sides.push({ ...side, mentions: mentions.value });
  }
  const differing = new Set([...only].filter((name) => chosen.has(name)));
  const errors = diagnoseStrays(current.strays, options.dir);
  const [was, is] = sides as [LoadedSide, LoadedSide];
  return { ok: true, value: { before: was, after: is, ids, differing, errors } };
}

function without(side: LoadedSide, names: ReadonlySet<string>): LoadedSide {
  const rest = <Value>(map: ReadonlyMap<string, Value>) => new Map([...map].filter(([id]) => !names.has(id)));
  return {
    ...side,
    connectors: rest(side.connectors),
    broken: rest(side.broken),
    files: rest(side.files),
  };
}

/** A side before it is compiled. */
interface ListedSide {
  readonly source: SideSource;
  readonly names: readonly string[];
  /** null: a bundle, which has no files. */
  readonly prints: ConnectorPrints | null;
  readonly entries: readonly TreeEntry[];
  readonly strays: readonly Stray[];
}

async function listSides(
  place: Workplace,
  sources: readonly [SideSource, SideSource],
  { dir, scratch }: CommitOptions,
): Promise<GitResult<readonly [ListedSide, ListedSide]>> {
  const listed: ListedSide[] = [];
  const objectLength = sources.find((one) => one.kind === 'ref')?.commit.length ?? 40;
  for (const source of sources) {
    if (source.kind === 'bundle') {
      listed.push({
        source,
        names: [...source.bundle.connectors.keys()],
        prints: null,
        entries: [],
        strays: [],
      });
      continue;
    }
    const tree = source.kind === 'ref' ? await listTree(place, source.commit, dir) : null;
    if (tree?.ok === false) return tree;
    const entries = tree?.value ?? [];
    const folder = resolve(place.cwd, dir);
    const prints = tree === null ? printsOfFolder(folder, objectLength) : printsOfTree(entries);
    const converted =
      source.kind === 'ref' ? await findConvertedBelow(place, source.commit, entries, dir, scratch) : null;
    if (converted?.ok === false) return converted;
    const strays =
      converted === null
        ? straysOfFolder(folder)
        : [...straysOfTree(entries), ...straysOfConverted(converted.value)];
    listed.push({ source, names: [...prints.keys()], prints, entries, strays });
  }
  return { ok: true, value: listed as unknown as readonly [ListedSide, ListedSide] };
}

async function findConvertedBelow(
  place: Workplace,
  commit: string,
  entries: readonly TreeEntry[],
  dir: string,
  scratch: string,
): Promise<GitResult<readonly ConvertedFile[]>> {
  const prefix = await findPrefix(place, dir);
  return prefix.ok ? findConverted(place, commit, entries, prefix.value, scratch) : prefix;
}

async function loadSide(
  place: Workplace,
  { source, names, entries }: ListedSide,
  options: LoadOptions,
  only: ReadonlySet<string>,
  scripts: ScriptRunner,
): Promise<GitResult<LoadedSide>> {
  if (source.kind === 'bundle') {
    const connectors = [...source.bundle.connectors].filter(([id]) => only.has(id));
    return { ok: true, value: { ...NOTHING, connectors: new Map(connectors) } };
  }
  const wanted = names.filter((name) => only.has(name));
  if (wanted.length === 0) return { ok: true, value: NOTHING };
  if (source.kind === 'ref') {
    const chosen = entries.filter(({ path }) => only.has(nameOf(path) ?? ''));
    return compileCommit(place, chosen, options, scripts, false);
  }
  // With all of them the cache of `check` helps, and is not narrowed to a few.
  const compilation =
    wanted.length === names.length
      ? await compileFolder(place, options.dir, scripts, options)
      : await compileConnectors({
          folder: resolve(place.cwd, options.dir),
          cwd: place.cwd,
          scripts,
          only,
          isPartial: false,
        });
  return { ok: true, value: sideOf(compilation) };
}

/** A line of a bundle may not be what its digest says: only a bundle that was made by hand has such. */
function withoutDamaged(side: LoadedSide, other: LoadedSide): LoadedSide {
  const broken = new Map(side.broken);
  const connectors = new Map(side.connectors);
  for (const [id, connector] of side.connectors) {
    if (other.connectors.get(id)?.digest === connector.digest) continue;
    try {
      connector.plan();
    } catch (error) {
      connectors.delete(id);
      broken.set(id, { error: error instanceof Error ? error.message : String(error), text: '' });
    }
  }
  return { ...side, connectors, broken };
}
