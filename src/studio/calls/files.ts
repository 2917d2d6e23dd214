/** The calls `open` and `save`: the files of a connector, read, and written where nobody else has changed them. */
import { ConnectorFiles, FILE_LIMITS } from '../../compiler/connector-files.ts';
import type { ConnectorLocation } from '../../compiler/load.ts';
import { parseYaml } from '../../compiler/parse.ts';
import { SourceFile } from '../../diagnostics/source.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';
import { kindOfFile, listOwnFiles } from '../../workbench/draft/own-files.ts';
import { swapFile } from '../../workbench/files/swap-file.ts';
import type { OpenedConnector, SaveAnswer, SaveRequest } from '../api.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered, refused } from './answer.ts';
import { locate } from './locations.ts';

/** Of a connector that may come to be: none. */
export function open(workspace: Workspace, { name }: { readonly name: string }): Answer<OpenedConnector> {
  const location = locate(workspace, name);
  if (location === null) return refused(404, `there is no connector "${name}" in ${workspace.display}`);
  const { text } = new ConnectorFiles(location).source('connector', location.fileName);
  return answered({ name, file: location.display, files: listOwnFiles(location, scriptOf(text)) });
}

/** All or nothing, as far as others' changes go: every file is compared before the first is written. */
export function save(workspace: Workspace, { name, writes }: SaveRequest): Answer<SaveAnswer> {
  const location = locate(workspace, name);
  if (location === null)
    return refused(404, `"${name}" is no name for a connector: lower-case letters, digits and dashes`);
  const script = scriptOf(textAfter(location, writes));
  const planned: {
    path: string;
    folder: string;
    limit: number;
    seen: string | null;
    bytes: Buffer | null;
  }[] = [];
  for (const { path, seen, text } of writes) {
    const kind = kindOfFile(location, path, script);
    if (kind === null) {
      return refused(
        403,
        `"${path}" is not written here: only the connector file, samples/*.json, cases/*.yaml and the script that it names`,
      );
    }
    const folder = kind === 'connector' ? location.home : location.folder;
    planned.push({
      path,
      folder,
      limit: FILE_LIMITS[kind],
      seen,
      bytes: text === null ? null : Buffer.from(text),
    });
  }
  const files = new ConnectorFiles(location);
  const conflicts = planned.flatMap(({ path, seen }) => {
    const content = files.read(path === location.fileName ? 'connector' : 'sample', path);
    const digest = content.ok ? content.digest : null;
    return digest === seen ? [] : [{ path, text: content.ok ? content.text : null, digest }];
  });
  if (conflicts.length > 0) return answered({ saved: false, conflicts });
  for (const { path, folder, limit, seen, bytes } of planned) {
    const swapped = swapFile(folder, path, seen, bytes, limit);
    if (swapped.ok) continue;
    if (swapped.why === 'refused') return refused(409, swapped.message);
    const { current } = swapped;
    return answered({
      saved: false,
      conflicts: [{ path, text: current?.text ?? null, digest: current?.digest ?? null }],
    });
  }
  return answered({ saved: true, files: listOwnFiles(location, script) });
}

/** The connector file as it will be. */
function textAfter(location: ConnectorLocation, writes: SaveRequest['writes']): string {
  const written = writes.find(({ path }) => path === location.fileName)?.text;
  return written ?? new ConnectorFiles(location).source('connector', location.fileName).text;
}

/** The script that a connector file names; null: none. */
function scriptOf(text: string): string | null {
  const value = parseYaml(new SourceFile('', text)).document?.value ?? null;
  const mapping = isJsonObject(value) ? value.mapping : undefined;
  const script = isJsonObject(mapping ?? null) ? (mapping as Record<string, unknown>).script : undefined;
  return typeof script === 'string' ? script.replace(/^(\.\/+)+/, '') : null;
}
