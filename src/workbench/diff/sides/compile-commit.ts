/**
 * Compiles files of a commit. In: entries of its tree. Out: a side of a diff. Each commit has a folder of its own below the
 * scratch folder, which must stay until the side is no longer used: samples and cases are read when they are asked for.
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { decodeConnector } from '../../../bundle/connector-line.ts';
import { type Compilation, type CompiledConnector, compileConnectors } from '../../../compiler/compile.ts';
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { ScriptRunner } from '../../../stages/script/script-runner.ts';
import type { Workplace } from '../../compile/compile-folder.ts';
import { extractTree, type TreeEntry } from '../../git/git-tree.ts';
import type { GitResult } from '../../git/run-git.ts';
import type { BrokenConnector, DiffConnector, DiffSide } from '../plans/sides.ts';

export interface CommitOptions {
  /** Connectors folder, relative to the working folder: in a commit as in the working tree. */
  readonly dir: string;
  /** Absolute path of an empty folder, for the files of commits. */
  readonly scratch: string;
}

export interface LoadedSide extends DiffSide {
  /** Samples and cases, by id; empty for a bundle. */
  readonly files: ReadonlyMap<string, CompiledConnector>;
  /** What was compiled; null: nothing. */
  readonly compilation: Compilation | null;
}

/** What neither side has. */
export const NOTHING: LoadedSide = {
  connectors: new Map(),
  broken: new Map(),
  mentions: new Map(),
  files: new Map(),
  compilation: null,
};

/** Compiles files of a commit, in a folder of their own below `scratch`. `isPartial`: who shares a URL with these may be missing. */
export async function compileCommit(
  place: Workplace,
  entries: readonly TreeEntry[],
  { dir, scratch }: CommitOptions,
  scripts: ScriptRunner,
  isPartial = true,
): Promise<GitResult<LoadedSide>> {
  const cwd = mkdtempSync(join(scratch, 'commit-'));
  // Named as in the repository, for the messages; a folder elsewhere must not lead out of the temporary one.
  const name = normalize(dir);
  const folder = join(cwd, isAbsolute(name) || name.startsWith('..') ? 'connectors' : name);
  mkdirSync(folder, { recursive: true });
  const extracted = await extractTree(place, entries, folder);
  if (!extracted.ok) return extracted;
  return { ok: true, value: sideOf(await compileConnectors({ folder, cwd, scripts, isPartial })) };
}

export function sideOf(compilation: Compilation): LoadedSide {
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
