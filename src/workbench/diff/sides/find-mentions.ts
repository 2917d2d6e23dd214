/**
 * Which connectors name a secret, of those that nobody had to look into. In: the secrets, and the connector files of a
 * side. Out: by secret, the names of the connectors. Reads files and compiles nothing: it is asked for new secrets alone.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '../../../bundle/codec.ts';
import { parseYaml } from '../../../compiler/parse.ts';
import { SourceFile } from '../../../diagnostics/source.ts';
import { isJsonObject, type JsonValue } from '../../../stages/json/json-value.ts';
import { readFiles, type TreeEntry } from '../../git/git-tree.ts';
import type { GitPlace, GitResult } from '../../git/run-git.ts';
import { secretNames } from '../plans/shared-secrets.ts';
import { nameOf } from './connector-files.ts';
import type { SideSource } from './side.ts';

/** By secret, such as env:SLUICE_SECRET_SHOP. */
type Mentions = ReadonlyMap<string, readonly string[]>;

/** A side as it is listed, before anything of it is compiled. */
export interface SideFiles {
  readonly source: SideSource;
  /** Of all connectors. */
  readonly names: readonly string[];
  /** Of a commit; else none. */
  readonly entries: readonly TreeEntry[];
}

/** Larger files are refused by the compiler. */
const MAX_READ_BYTES = 1024 * 1024;

/** `folder`: of the connectors in the working tree. `loaded`: names of connectors whose plans are known. */
export async function findMentions(
  place: GitPlace,
  { source, names, entries }: SideFiles,
  folder: string,
  loaded: ReadonlySet<string>,
  secrets: readonly string[],
): Promise<GitResult<Mentions>> {
  const rest = names.filter((name) => !loaded.has(name));
  if (secrets.length === 0 || rest.length === 0) return { ok: true, value: new Map() };
  if (source.kind === 'bundle') return { ok: true, value: mentionsInBundle(secrets, source.bundle, rest) };
  if (source.kind === 'tree') return { ok: true, value: mentionsInFolder(secrets, folder, rest) };
  const others = entries.filter(({ path }) => !loaded.has(nameOf(path) ?? ''));
  return mentionsInCommit(place, secrets, others);
}

async function mentionsInCommit(
  place: GitPlace,
  secrets: readonly string[],
  entries: readonly TreeEntry[],
): Promise<GitResult<Mentions>> {
  const files = entries.filter(
    ({ path, kind, size }) => isConnector(path) && kind === 'file' && size <= MAX_READ_BYTES,
  );
  const contents = await readFiles(place, files);
  if (!contents.ok) return contents;
  const texts = files.map(({ path }, index): Text => [nameOf(path) ?? path, String(contents.value[index])]);
  return { ok: true, value: search(secrets, texts) };
}

/** Links are not followed. */
function mentionsInFolder(secrets: readonly string[], folder: string, names: readonly string[]): Mentions {
  const texts = names.flatMap((name) =>
    [`${name}.yaml`, join(name, 'connector.yaml')].flatMap((path): Text[] => {
      const file = join(folder, path);
      const status = lstatSync(file, { throwIfNoEntry: false });
      if (!status?.isFile() || status.size > MAX_READ_BYTES) return [];
      return [[name, readFileSync(file, 'utf8')]];
    }),
  );
  return search(secrets, texts);
}

function mentionsInBundle(
  secrets: readonly string[],
  { connectors }: Bundle,
  ids: readonly string[],
): Mentions {
  const found = new Map<string, string[]>();
  for (const id of ids) {
    const connector = connectors.get(id);
    const used = connector === undefined ? [] : secretNames(connector);
    for (const secret of secrets.filter((one) => used.includes(one))) add(found, secret, id);
  }
  return found;
}

type Text = readonly [connector: string, text: string];

function isConnector(path: string): boolean {
  return /^[^/]+(?:\.yaml|\/connector\.yaml)$/.test(path);
}

function search(secrets: readonly string[], texts: readonly Text[]): Mentions {
  const found = new Map<string, string[]>();
  const names = secrets.map((secret) => secret.slice(secret.indexOf(':') + 1));
  for (const [connector, text] of texts) {
    // A name can be written otherwise only with an escape; hardly any file has to be read as YAML.
    if (!text.includes('\\') && !names.some((name) => text.includes(name))) continue;
    const used = referencesIn(text);
    for (const [index, secret] of secrets.entries()) {
      const isUsed = used === null ? text.includes(names[index] ?? '') : used.has(secret);
      if (isUsed) add(found, secret, connector);
    }
  }
  return found;
}

/** The secrets that a connector file names, however they are written; null: it cannot be read. */
function referencesIn(text: string): ReadonlySet<string> | null {
  const { document } = parseYaml(new SourceFile('', text.replace(/^\ufeff/, '')));
  if (document === null) return null;
  const found = new Set<string>();
  const visit = (value: JsonValue): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isJsonObject(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      if (REFERENCE_KINDS.has(key) && typeof inner === 'string') found.add(`${key}:${inner}`);
      visit(inner as JsonValue);
    }
  };
  visit(document.value);
  return found;
}

const REFERENCE_KINDS: ReadonlySet<string> = new Set(['env', 'file']);

function add(found: Map<string, string[]>, secret: string, connector: string): void {
  found.set(secret, [...(found.get(secret) ?? []), connector]);
}
