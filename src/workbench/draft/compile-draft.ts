/**
 * A connector as somebody is writing it: compiled in memory, from files of which some are not saved yet. In: where it is,
 * and the texts that differ from the disk. Out: the connector as any other, with what is wrong with it. Writes nothing.
 */
import { decodeConnector } from '../../bundle/connector-line.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import { compileConnector, openConnector } from '../../compiler/compile-connector.ts';
import { ConnectorFiles } from '../../compiler/connector-files.ts';
import type { ConnectorLocation } from '../../compiler/load.ts';
import { type ParsedDocument, parseYaml } from '../../compiler/parse.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { SourceFile } from '../../diagnostics/source.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';

export interface CompiledDraft {
  readonly connector: CompiledConnector;
  readonly diagnostics: readonly Diagnostic[];
  /** The connector file; null: it cannot be read as YAML. */
  readonly document: ParsedDocument | null;
  readonly source: SourceFile;
  /** The files that diagnostics point into, by display path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/** `replaced`: the new texts by display path. */
export async function compileDraft(
  location: ConnectorLocation,
  replaced: ReadonlyMap<string, string>,
  scripts: ScriptRunner,
): Promise<CompiledDraft> {
  const compiled = new ConnectorFiles(location, replaced);
  const { facts, line } = await compileConnector(compiled, scripts);
  const files = new ConnectorFiles(location, replaced);
  const content = files.readConnector();
  const source = new SourceFile(location.display, content.ok ? content.text : '');
  const plan = line === null ? null : (decodeConnector(line, 0, line.length)?.plan() ?? null);
  const { folder, display: file } = location;
  return {
    connector: {
      ...openConnector(files, scripts),
      id: facts.id?.id ?? location.name,
      folder,
      file,
      line,
      plan,
    },
    diagnostics: facts.diagnostics,
    document: parseYaml(source).document,
    source,
    sources: compiled.sources(),
  };
}
