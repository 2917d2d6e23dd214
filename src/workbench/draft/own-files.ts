/**
 * Which files of a connector may be edited for somebody, and what they say. In: where the connector is, and a path inside
 * it that is not trusted. Out: the text with its digest, or why not. Only the connector file, samples, cases and the
 * script that the connector names; nothing whose name begins with a dot.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectorFiles, type FileKind } from '../../compiler/connector-files.ts';
import type { ConnectorLocation } from '../../compiler/load.ts';

export interface OwnFile {
  /** Inside the connector's folder; of a flat connector the connector file's own name. */
  readonly path: string;
  readonly kind: FileKind;
  readonly text: string;
  /** SHA-256 of the bytes in hex. */
  readonly digest: string;
}

const NAME = '[A-Za-z0-9_][A-Za-z0-9._-]{0,99}';
const SAMPLE = new RegExp(`^samples/${NAME}\\.json$`);
const CASE = new RegExp(`^cases/${NAME}\\.yaml$`);
const SCRIPT = new RegExp(`^(?:${NAME}/){0,4}${NAME}\\.(?:m?js|ts)$`);

/** What a path is edited as; null: it is not. `script`: the one that the connector names, if any. */
export function kindOfFile(
  location: ConnectorLocation,
  path: string,
  script: string | null,
): FileKind | null {
  if (path === location.fileName) return 'connector';
  if (SAMPLE.test(path)) return 'sample';
  if (CASE.test(path)) return 'case';
  return script !== null && path === script && SCRIPT.test(path) ? 'script' : null;
}

/** Those that are there; one that cannot be read is left out, as the compiler says why. */
export function listOwnFiles(location: ConnectorLocation, script: string | null): readonly OwnFile[] {
  const files = new ConnectorFiles(location);
  const paths = [
    location.fileName,
    ...listFolder(location, 'samples'),
    ...listFolder(location, 'cases'),
    ...(script === null ? [] : [script]),
  ];
  return [...new Set(paths)].flatMap((path) => {
    const kind = kindOfFile(location, path, script);
    const content = kind === null ? null : files.read(kind, path);
    if (kind === null || content === null || !content.ok) return [];
    return [{ path, kind, text: content.text, digest: content.digest }];
  });
}

function listFolder(location: ConnectorLocation, name: string): readonly string[] {
  const folder = join(location.folder, name);
  try {
    if (!lstatSync(folder).isDirectory()) return [];
    return readdirSync(folder)
      .sort()
      .map((file) => `${name}/${file}`);
  } catch {
    return [];
  }
}
