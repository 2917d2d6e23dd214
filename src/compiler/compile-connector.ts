/**
 * Compiles one connector. In: its files. Out: its record. Opens it again later for those who need what a record does not
 * hold: the specification, samples and cases, which would be too much to keep of thousands.
 */
import type { ConnectorPlan } from '../bundle/plan.ts';
import { diagnose } from '../diagnostics/diagnose.ts';
import { type Diagnostic, sortDiagnostics } from '../diagnostics/diagnostic.ts';
import type { Connector } from '../generated/connector.ts';
import type { BodyPlan } from '../stages/plans.ts';
import type { ScriptRunner } from '../stages/script/script-runner.ts';
import { checkConnector } from './check.ts';
import { ConnectorFiles } from './connector-files.ts';
import { ConnectorDraft, type DraftCase, type DraftSample } from './draft.ts';
import type { ConnectorLocation } from './load.ts';
import { parseYaml } from './parse.ts';
import { type ConnectorFacts, type ConnectorRecord, makeRecord } from './record.ts';
import { checkCases } from './rules/cases.ts';
import { checkSamples } from './rules/samples.ts';
import { checkSchema } from './rules/schema.ts';
import { checkSplit } from './rules/split.ts';

/** What the files of a connector say, as far as they can be understood. */
export interface OpenConnector {
  /** null: the file is not a connector. */
  readonly spec: Connector | null;
  readonly samples: readonly DraftSample[];
  /** How bodies are read. */
  readonly reading: BodyPlan;
  readonly cases: readonly DraftCase[];
  /** Files that cases name as bodies, by the name they use. */
  readonly bodyFiles: ReadonlyMap<string, Buffer>;
}

export async function compileConnector(
  files: ConnectorFiles,
  scripts: ScriptRunner,
): Promise<ConnectorRecord> {
  const { draft, diagnostics } = openDraft(files, scripts);
  if (draft === null) return makeRecord(factsOf(files, NO_PLACES, diagnostics), null);
  const found = sortDiagnostics([...diagnostics, ...(await checkConnector(draft))]);
  const hasErrors = found.some(({ severity }) => severity === 'error');
  const plan: ConnectorPlan | null = hasErrors ? null : (draft.parts.plan ?? null);
  return makeRecord(factsOf(files, placesOf(draft), found), plan);
}

type Places = Pick<ConnectorFacts, 'id' | 'eventsOf' | 'mapsNone'>;
const NO_PLACES: Places = { id: null, eventsOf: null, mapsNone: null };

function placesOf(draft: ConnectorDraft): Places {
  const place = (key: 'id' | 'eventsOf') => {
    const id = draft.section(key);
    return id === undefined ? null : { id, span: draft.document.spanOf(`/${key}`) };
  };
  const mapsNone = draft.section('mapping') === 'none' ? draft.document.spanOf('/mapping') : null;
  return { id: place('id'), eventsOf: place('eventsOf'), mapsNone };
}

/** What would be reported about one connector if its files said what `replaced` does, by display path. Writes nothing. */
export async function checkReplaced(
  location: ConnectorLocation,
  replaced: ReadonlyMap<string, string>,
  scripts: ScriptRunner,
): Promise<readonly Diagnostic[]> {
  const { facts } = await compileConnector(new ConnectorFiles(location, replaced), scripts);
  return facts.diagnostics;
}

function factsOf(files: ConnectorFiles, places: Places, diagnostics: readonly Diagnostic[]): ConnectorFacts {
  return { location: files.location, inputs: files.inputs(), stamps: files.stamps(), ...places, diagnostics };
}

/** Runs the rules that read samples and cases; what they report is known from when the connector was compiled. */
export function openConnector(files: ConnectorFiles, scripts: ScriptRunner): OpenConnector {
  const { draft } = openDraft(files, scripts);
  if (draft === null)
    return { spec: null, samples: [], reading: { body: 'json' }, cases: [], bodyFiles: new Map() };
  for (const rule of [checkSchema, checkSplit, checkSamples, checkCases]) rule(draft);
  const { samples, reading, cases, bodyFiles } = draft.parts;
  return { spec: draft.spec, samples, reading, cases, bodyFiles };
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
