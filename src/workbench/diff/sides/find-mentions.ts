/**
 * Which connectors name a secret, of those that nobody had to look into. In: the secrets, and the connector files of a
 * side. Out: by secret, the names of the connectors. Reads files and compiles nothing: it is asked for new secrets alone.
 */
import type { Bundle } from '../../../bundle/codec.ts';
import { parseYaml } from '../../../compiler/parse.ts';
import { SourceFile } from '../../../diagnostics/source.ts';
import { isJsonObject, type JsonValue } from '../../../stages/json/json-value.ts';
import type { TreeEntry } from '../../git/git-tree.ts';
import type { GitPlace, GitResult } from '../../git/run-git.ts';
import { secretNames } from '../plans/shared-secrets.ts';
import { nameOf } from './connector-files.ts';
import { type ConnectorText, readTextsOfCommit, readTextsOfFolder } from './connector-texts.ts';
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
  if (source.kind === 'tree') return { ok: true, value: search(secrets, readTextsOfFolder(folder, rest)) };
  const others = entries.filter(({ path }) => !loaded.has(nameOf(path) ?? ''));
  return mentionsInCommit(place, secrets, others);
}

async function mentionsInCommit(
  place: GitPlace,
  secrets: readonly string[],
  entries: readonly TreeEntry[],
): Promise<GitResult<Mentions>> {
  const texts = await readTextsOfCommit(place, entries);
  return texts.ok ? { ok: true, value: search(secrets, texts.value) } : texts;
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

function search(secrets: readonly string[], texts: readonly ConnectorText[]): Mentions {
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
