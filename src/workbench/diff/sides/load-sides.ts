/**
 * Both sides of a diff, ready to be compared. In: what they are. Out: plans, and the samples and cases of those sides that
 * have files. Compiles only connectors whose files differ, each commit in a folder of its own below the scratch folder,
 * which must stay until the sides are no longer used: samples and cases are read when they are asked for.
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { isAbsolute, join, normalize, resolve } from 'node:path';
import { decodeConnector } from '../../../bundle/connector-line.ts';
import { type Compilation, type CompiledConnector, compileConnectors } from '../../../compiler/compile.ts';
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { ScriptRunner } from '../../../stages/script/script-runner.ts';
import { type CompileOptions, compileFolder, type Workplace } from '../../compile/compile-folder.ts';
import { extractTree, listTree, type TreeEntry } from '../../git/git-tree.ts';
import type { GitResult } from '../../git/run-git.ts';
import { addedSecrets } from '../plans/shared-secrets.ts';
import type { BrokenConnector, DiffConnector, DiffSide } from '../plans/sides.ts';
import {
  type ConnectorPrints,
  findDiffering,
  nameOf,
  printsOfFolder,
  printsOfTree,
} from './connector-files.ts';
import { findMentions } from './find-mentions.ts';
import type { SideSource } from './side.ts';

export interface LoadedSide extends DiffSide {
  /** Samples and cases, by id; empty for a bundle. */
  readonly files: ReadonlyMap<string, CompiledConnector>;
  /** What was compiled; null: nothing. */
  readonly compilation: Compilation | null;
}

export interface LoadedSides {
  readonly before: LoadedSide;
  readonly after: LoadedSide;
  /** Ids on either side, also of connectors that nobody had to look into. */
  readonly ids: ReadonlySet<string>;
}

export interface LoadOptions {
  /** Connectors folder, relative to the working folder: in a commit as in the working tree. */
  readonly dir: string;
  /** Only this connector; absent: all. */
  readonly connector?: string | undefined;
  /** Absolute path of an empty folder, for the files of commits. */
  readonly scratch: string;
  /** Hears how far the compiling of a working tree is. */
  readonly onProgress?: CompileOptions['onProgress'];
}

export async function loadSides(
  place: Workplace,
  sources: readonly [SideSource, SideSource],
  options: LoadOptions,
  scripts: ScriptRunner,
): Promise<GitResult<LoadedSides>> {
  const listed = await listSides(place, sources, options.dir);
  if (!listed.ok) return listed;
  const [old, current] = listed.value;
  const ids = new Set([...old.names, ...current.names]);
  const chosen =
    old.prints === null || current.prints === null ? ids : findDiffering(old.prints, current.prints);
  const { connector } = options;
  const only = connector === undefined ? chosen : new Set([...chosen].filter((name) => name === connector));
  const before = await loadSide(place, old, options, only, scripts);
  if (!before.ok) return before;
  const after = await loadSide(place, current, options, only, scripts);
  if (!after.ok) return after;
  const loaded = [
    withoutDamaged(before.value, after.value),
    withoutDamaged(after.value, before.value),
  ] as const;
  const secrets = addedSecrets(...loaded);
  const sides: LoadedSide[] = [];
  for (const [index, side] of loaded.entries()) {
    const rest = listed.value[index as 0 | 1];
    const mentions = await findMentions(place, rest, resolve(place.cwd, options.dir), only, secrets);
    if (!mentions.ok) return mentions;
    sides.push({ ...side, mentions: mentions.value });
  }
  return { ok: true, value: { before: sides[0] as LoadedSide, after: sides[1] as LoadedSide, ids } };
}

/** A side before it is compiled. */
interface ListedSide {
  readonly source: SideSource;
  readonly names: readonly string[];
  /** null: a bundle, which has no files. */
  readonly prints: ConnectorPrints | null;
  readonly entries: readonly TreeEntry[];
}

async function listSides(
  place: Workplace,
  sources: readonly [SideSource, SideSource],
  dir: string,
): Promise<GitResult<readonly [ListedSide, ListedSide]>> {
  const listed: ListedSide[] = [];
  const objectLength = sources.find((one) => one.kind === 'ref')?.commit.length ?? 40;
  for (const source of sources) {
    if (source.kind === 'bundle') {
      listed.push({ source, names: [...source.bundle.connectors.keys()], prints: null, entries: [] });
      continue;
    }
    const tree = source.kind === 'ref' ? await listTree(place, source.commit, dir) : null;
    if (tree?.ok === false) return tree;
    const entries = tree?.value ?? [];
    const prints =
      tree === null ? printsOfFolder(resolve(place.cwd, dir), objectLength) : printsOfTree(entries);
    listed.push({ source, names: [...prints.keys()], prints, entries });
  }
  return { ok: true, value: listed as unknown as readonly [ListedSide, ListedSide] };
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
    return compileCommit(place, chosen, options, scripts);
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
        });
  return { ok: true, value: sideOf(compilation) };
}

const NOTHING: LoadedSide = {
  connectors: new Map(),
  broken: new Map(),
  mentions: new Map(),
  files: new Map(),
  compilation: null,
};

async function compileCommit(
  place: Workplace,
  entries: readonly TreeEntry[],
  { dir, scratch }: LoadOptions,
  scripts: ScriptRunner,
): Promise<GitResult<LoadedSide>> {
  const cwd = mkdtempSync(join(scratch, 'commit-'));
  // Named as in the repository, for the messages; a folder elsewhere must not lead out of the temporary one.
  const name = normalize(dir);
  const folder = join(cwd, isAbsolute(name) || name.startsWith('..') ? 'connectors' : name);
  mkdirSync(folder, { recursive: true });
  const extracted = await extractTree(place, entries, folder);
  if (!extracted.ok) return extracted;
  return { ok: true, value: sideOf(await compileConnectors({ folder, cwd, scripts })) };
}

function sideOf(compilation: Compilation): LoadedSide {
  const connectors = new Map<string, DiffConnector>();
  const broken = new Map<string, BrokenConnector>();
  for (const connector of compilation.connectors) {
    const { id, line } = connector;
    const decoded = line === null ? null : decodeConnector(line, 0, line.length);
    if (decoded === null) {
      const text = compilation.sources.get(connector.file)?.text ?? '';
      broken.set(id, { error: describeErrors(connector, compilation.diagnostics), text });
    } else connectors.set(id, decoded);
  }
  const files = new Map(compilation.connectors.map((connector) => [connector.id, connector]));
  return { ...NOTHING, connectors, broken, files, compilation };
}

/** The first of a connector's errors. */
function describeErrors({ file }: CompiledConnector, diagnostics: readonly Diagnostic[]): string {
  const own = file.endsWith('/connector.yaml')
    ? file.slice(0, -'connector.yaml'.length)
    : `${file.replace(/\.yaml$/, '')}/`;
  const errors = diagnostics.filter(
    ({ severity, span }) => severity === 'error' && (span.file === file || span.file.startsWith(own)),
  );
  const [first] = errors;
  if (first === undefined) return 'another connector has the same id';
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
  return `${first.span.file}:${first.span.line}:${first.span.column}: ${first.message} [${first.code}]${more}`;
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
