/**
 * Compiles a folder of connectors. In: the folder. Out: every problem found, and for each connector its plan, samples and
 * cases. Reads files only through load.ts; runs scripts only through the runner it is given.
 */
import type { ConnectorPlan } from '../bundle/plan.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { type Diagnostic, sortDiagnostics } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../diagnostics/source.ts';
import type { Connector } from '../generated/connector.ts';
import type { ScriptRunner } from '../stages/script-runner.ts';
import { type CacheEntry, CompileCache } from './cache.ts';
import { checkConnector } from './check.ts';
import { ConnectorDraft, type DraftCase, type DraftSample } from './draft.ts';
import { ConnectorFiles, type ConnectorLocation, findConnectors } from './load.ts';
import { parseYaml } from './parse.ts';
import { checkCases } from './rules/cases.ts';
import { checkUniqueIds } from './rules/identity.ts';
import { checkSamples } from './rules/samples.ts';
import { checkSchema } from './rules/schema.ts';
import { checkSplit } from './rules/split.ts';

export interface CompileOptions {
  /** Absolute path of the folder of connectors. */
  readonly folder: string;
  /** Absolute path that displayed paths are relative to. */
  readonly cwd: string;
  readonly scripts: ScriptRunner;
  /** Where results are kept from run to run; absent: nothing is kept. */
  readonly cacheDir?: string;
  /** Names of folders or flat files to compile, and no others; absent: all. Not together with `cacheDir`. */
  readonly only?: ReadonlySet<string>;
}

export interface Compilation {
  /** Sorted; of all files. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that a diagnostic points into, by display path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** In alphabetical order of their folders. */
  readonly connectors: readonly CompiledConnector[];
  /** How many connectors were taken from the cache as they were. */
  readonly reused: number;
}

export type CompiledSample = DraftSample;
export type CompiledCase = DraftCase;

export interface CompiledConnector {
  /** The id, or the name of the folder where the file has none. */
  readonly id: string;
  /** Absolute path of the connector's own folder. */
  readonly folder: string;
  /** Path of the connector file for people. */
  readonly file: string;
  /** null: the file is not a connector. */
  readonly spec: Connector | null;
  /** null: the connector has errors. */
  readonly plan: ConnectorPlan | null;
  readonly samples: readonly CompiledSample[];
  readonly cases: readonly CompiledCase[];
  /** Files that cases name as bodies, by the name they use. */
  readonly bodyFiles: ReadonlyMap<string, Buffer>;
}

/** Connectors that are compiled at the same time: only scripts are waited for. */
const CONCURRENCY = 8;

export async function compileConnectors(options: CompileOptions): Promise<Compilation> {
  const { folder, cwd, scripts, cacheDir, only } = options;
  const found = findConnectors(folder, cwd);
  const locations = found.locations.filter(({ name }) => only === undefined || only.has(name));
  const cache = CompileCache.open(cacheDir, folder);
  const results: CompileResult[] = [];
  await mapConcurrently(locations, async (location, index) => {
    const files = new ConnectorFiles(location);
    const known = cache.find(location);
    const isUnchanged = known !== undefined && files.matches(known.inputs);
    results[index] = isUnchanged ? reuse(known, files, scripts) : await compileConnector(files, scripts);
  });
  cache.save(results.map(({ entry }) => entry));

  const repeats = checkUniqueIds(results.flatMap(({ entry }) => (entry.id === null ? [] : [entry.id])));
  const repeated = new Set(repeats.map(({ span }) => span.file));
  const sources = results
    .filter(({ entry }) => entry.diagnostics.length > 0 || repeated.has(entry.location.display))
    .flatMap((result) => [...result.sources()]);
  return {
    diagnostics: sortDiagnostics([
      ...found.diagnostics,
      ...results.flatMap(({ entry }) => entry.diagnostics),
      ...repeats,
    ]),
    sources: new Map(sources),
    connectors: results.map(({ connector }) =>
      repeated.has(connector.file) ? { ...connector, plan: null } : connector,
    ),
    reused: results.filter(({ isReused }) => isReused).length,
  };
}

/** What would be reported about one connector if its files said what `replaced` does, by display path. Writes nothing. */
export async function checkReplaced(
  location: ConnectorLocation,
  replaced: ReadonlyMap<string, string>,
  scripts: ScriptRunner,
): Promise<readonly Diagnostic[]> {
  const { entry } = await compileConnector(new ConnectorFiles(location, replaced), scripts);
  return entry.diagnostics;
}

interface CompileResult {
  readonly connector: CompiledConnector;
  readonly entry: CacheEntry;
  readonly isReused: boolean;
  readonly sources: () => ReadonlyMap<string, SourceFile>;
}

async function compileConnector(files: ConnectorFiles, scripts: ScriptRunner): Promise<CompileResult> {
  const opened = openDraft(files, scripts);
  if (opened.draft === null) return withoutDraft(files, opened.diagnostics);
  const { draft } = opened;
  const diagnostics = sortDiagnostics([...opened.diagnostics, ...(await checkConnector(draft))]);
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  const plan = hasErrors ? null : (draft.parts.plan ?? null);
  const id = draft.section('id');
  const entry: CacheEntry = {
    location: files.location,
    inputs: files.inputs(),
    id: id === undefined ? null : { id, span: draft.document.spanOf('/id') },
    diagnostics,
    plan,
  };
  return {
    connector: describeConnector(draft, plan),
    entry,
    isReused: false,
    sources: () => files.sources(),
  };
}

/** Reads and parses the connector file; without a draft there is nothing to check. */
function openDraft(
  files: ConnectorFiles,
  scripts: ScriptRunner,
): { draft: ConnectorDraft | null; diagnostics: readonly Diagnostic[] } {
  const content = files.readConnector();
  const source = files.source('connector', files.location.fileName);
  if (!content.ok) {
    return { draft: null, diagnostics: [diagnose(content.code, content.message, source.span(0, 0))] };
  }
  const { document, diagnostics } = parseYaml(source);
  return {
    draft: document === null ? null : new ConnectorDraft(files, source, document, scripts),
    diagnostics,
  };
}

function describeConnector(draft: ConnectorDraft, plan: ConnectorPlan | null): CompiledConnector {
  const { folder, display } = draft.files.location;
  const { samples, cases, bodyFiles } = draft.parts;
  return { id: draft.id, folder, file: display, spec: draft.spec, plan, samples, cases, bodyFiles };
}

function withoutDraft(files: ConnectorFiles, diagnostics: readonly Diagnostic[]): CompileResult {
  const { name, folder, display } = files.location;
  const nothing = { spec: null, plan: null, samples: [], cases: [], bodyFiles: new Map<string, Buffer>() };
  return {
    connector: { id: name, folder, file: display, ...nothing },
    entry: { location: files.location, inputs: files.inputs(), id: null, diagnostics, plan: null },
    isReused: false,
    sources: () => files.sources(),
  };
}

/** An unchanged connector: its plan and diagnostics as they were, the rest read again only if somebody asks for it. */
function reuse(entry: CacheEntry, files: ConnectorFiles, scripts: ScriptRunner): CompileResult {
  const { location, plan, id } = entry;
  let opened: CompiledConnector | undefined;
  const open = (): CompiledConnector => {
    opened ??= reopen(files, scripts, plan);
    return opened;
  };
  const connector: CompiledConnector = {
    id: id?.id ?? location.name,
    folder: location.folder,
    file: location.display,
    plan,
    get spec() {
      return open().spec;
    },
    get samples() {
      return open().samples;
    },
    get cases() {
      return open().cases;
    },
    get bodyFiles() {
      return open().bodyFiles;
    },
  };
  return { connector, entry, isReused: true, sources: () => files.sourcesOf(entry.inputs) };
}

/** Runs the rules that read samples and cases; what they report is known from when the connector was compiled. */
function reopen(files: ConnectorFiles, scripts: ScriptRunner, plan: ConnectorPlan | null): CompiledConnector {
  const { draft } = openDraft(files, scripts);
  if (draft === null) return withoutDraft(files, []).connector;
  for (const rule of [checkSchema, checkSplit, checkSamples, checkCases]) rule(draft);
  return describeConnector(draft, plan);
}

async function mapConcurrently(
  locations: readonly ConnectorLocation[],
  compile: (location: ConnectorLocation, index: number) => Promise<void>,
): Promise<void> {
  const waiting = locations.entries();
  const work = async (): Promise<void> => {
    for (const [index, location] of waiting) await compile(location, index);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}
