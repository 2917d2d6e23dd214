/**
 * Compiles a folder of connectors. In: the folder. Out: every problem found, and for each connector its plan, samples and
 * cases. Of thousands of connectors it keeps their bytes alone; the rest is parsed or read again when asked for.
 */
import { decodeConnector } from '../bundle/connector-line.ts';
import type { ConnectorPlan } from '../bundle/plan.ts';
import { type Diagnostic, sortDiagnostics } from '../diagnostics/diagnostic.ts';
import type { ScriptRunner } from '../stages/script/script-runner.ts';
import { CompileCache } from './cache.ts';
import { type OpenConnector, openConnector } from './compile-connector.ts';
import { compileLocations } from './compile-threads.ts';
import { ConnectorFiles } from './connector-files.ts';
import type { DraftCase } from './draft.ts';
import { createSourceLookup, type SourceLookup } from './find-source.ts';
import { type LinkedEvents, linkEvents } from './link-events.ts';
import { type ConnectorLocation, findConnectors } from './load.ts';
import { type ConnectorRecord, restamp } from './record.ts';
import { checkUniqueIds, joinRepeats } from './rules/identity.ts';

export type CompiledCase = DraftCase;

export interface CompileOptions {
  /** Absolute path of the folder of connectors. */
  readonly folder: string;
  /** Absolute path that displayed paths are relative to. */
  readonly cwd: string;
  readonly scripts: ScriptRunner;
  /** Where results are kept from run to run; absent: nothing is kept. */
  readonly cacheDir?: string;
  /** The folder is removed afterwards: what is otherwise read when somebody asks for it is read now, and kept. */
  readonly isTemporary?: boolean;
  /** Further threads that compile; absent: as many as pay. */
  readonly threads?: number;
  /** Called after each connector, from the cache or not. */
  readonly onProgress?: (done: number, total: number) => void;
  /** The folder holds a part of the connectors: what one of them names may be missing. */
  readonly isPartial?: boolean;
  /** Names of folders or flat files to compile, and no others; absent: all. Not together with `cacheDir`. */
  readonly only?: ReadonlySet<string>;
}

export interface Compilation {
  /** Sorted; of all files. */
  readonly diagnostics: readonly Diagnostic[];
  /** The files that diagnostics point into, by display path. */
  readonly sources: SourceLookup;
  /** In alphabetical order of their folders. */
  readonly connectors: readonly CompiledConnector[];
  /** How many connectors were taken from the cache as they were. */
  readonly reused: number;
}

/** The members of an open connector are read from its files when one is asked for; those of one connector are kept. */
export interface CompiledConnector extends OpenConnector {
  /** The id, or the name of the folder where the file has none. */
  readonly id: string;
  /** Absolute path of the connector's own folder. */
  readonly folder: string;
  /** Path of the connector file for people. */
  readonly file: string;
  /** Its line of a bundle; null: the connector has errors. */
  readonly line: Buffer | null;
  /** null: the connector has errors. Parsed anew for each connector that is asked. */
  readonly plan: ConnectorPlan | null;
}

export async function compileConnectors(options: CompileOptions): Promise<Compilation> {
  const {
    folder,
    cwd,
    scripts,
    cacheDir,
    only,
    threads,
    isTemporary = false,
    isPartial = only !== undefined,
    onProgress = () => {},
  } = options;
  const found = findConnectors(folder, cwd);
  const locations = found.locations.filter(({ name }) => only === undefined || only.has(name));
  const total = locations.length;
  const cache = CompileCache.open(cacheDir, folder);
  const records = new Array<ConnectorRecord>(total);
  const changed: number[] = [];
  let done = 0;
  for (const [index, location] of locations.entries()) {
    const record = findUnchanged(cache, location);
    if (record === undefined) {
      changed.push(index);
    } else {
      records[index] = record;
      onProgress(++done, total);
    }
  }
  const compiled = changed.map((index) => locations[index] as ConnectorLocation);
  await compileLocations(
    compiled,
    { scripts, ...(threads !== undefined && { threads }) },
    (index, record) => {
      records[changed[index] as number] = record;
      onProgress(++done, total);
    },
  );
  cache.save(records);

  const repeats = checkUniqueIds(
    records.flatMap(({ facts: { id, location } }) => (id === null ? [] : [{ ...id, name: location.name }])),
  );
  const repeated = new Set(repeats.map(({ span }) => span.file));
  const openRecord = ({ facts }: ConnectorRecord): OpenConnector =>
    openConnector(new ConnectorFiles(facts.location), scripts);
  const linked = linkEvents(records, { isPartial, samplesOf: (record) => openRecord(record).samples });
  const diagnostics = sortDiagnostics([
    ...found.diagnostics,
    ...linked.diagnostics,
    ...joinRepeats(
      records.flatMap(({ facts }) => facts.diagnostics),
      repeats,
    ),
  ]);
  const sources = createSourceLookup(records);
  return {
    diagnostics,
    sources: isTemporary ? readSources(sources, diagnostics) : sources,
    connectors: openConnectors(
      records,
      linked.lines,
      repeated,
      isTemporary ? readAll(records, openRecord) : keepLast(openRecord),
    ),
    reused: total - changed.length,
  };
}

/** The stamps are a hint: where they differ, the content decides. */
function findUnchanged(cache: CompileCache, location: ConnectorLocation): ConnectorRecord | undefined {
  const known = cache.find(location);
  if (known === undefined) return undefined;
  const files = new ConnectorFiles(location);
  if (files.haveStamps(known.facts.stamps)) return known;
  if (!files.matches(known.facts.inputs)) return undefined;
  const stamps = files.stamps();
  return stamps === null && known.facts.stamps === null ? known : restamp(known, stamps);
}

function openConnectors(
  records: readonly ConnectorRecord[],
  linked: LinkedEvents['lines'],
  repeated: ReadonlySet<string>,
  open: (record: ConnectorRecord) => OpenConnector,
): readonly CompiledConnector[] {
  const lineOf = (record: ConnectorRecord): Buffer | null => {
    const line = linked.get(record);
    return line === undefined ? record.line : line;
  };
  const planOf = keepLast((record: ConnectorRecord): ConnectorPlan | null => {
    const line = lineOf(record);
    return line === null ? null : (decodeConnector(line, 0, line.length)?.plan() ?? null);
  });
  return records.map((record): CompiledConnector => {
    const { location, id } = record.facts;
    const isRepeated = repeated.has(location.display);
    return {
      id: id?.id ?? location.name,
      folder: location.folder,
      file: location.display,
      line: isRepeated ? null : lineOf(record),
      get plan() {
        return isRepeated ? null : planOf(record);
      },
      get spec() {
        return open(record).spec;
      },
      get samples() {
        return open(record).samples;
      },
      get reading() {
        return open(record).reading;
      },
      get cases() {
        return open(record).cases;
      },
      get bodyFiles() {
        return open(record).bodyFiles;
      },
    };
  });
}

function readAll<Result>(
  records: readonly ConnectorRecord[],
  make: (record: ConnectorRecord) => Result,
): (record: ConnectorRecord) => Result {
  const results = new Map(records.map((record) => [record, make(record)]));
  return (record) => results.get(record) as Result;
}

function readSources(sources: SourceLookup, diagnostics: readonly Diagnostic[]): SourceLookup {
  const files = new Set(diagnostics.map(({ span }) => span.file));
  const read = [...files].flatMap((file) => {
    const source = sources.get(file);
    return source === undefined ? [] : [[file, source] as const];
  });
  return new Map(read);
}

/** Of the last record that was asked for the result is kept: who goes through all of them needs no other. */
function keepLast<Result>(make: (record: ConnectorRecord) => Result): (record: ConnectorRecord) => Result {
  let last: { readonly record: ConnectorRecord; readonly result: Result } | undefined;
  return (record) => {
    if (last?.record !== record) last = { record, result: make(record) };
    return last.result;
  };
}
