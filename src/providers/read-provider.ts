/**
 * The data of providers, read when somebody asks for it. In: the name of a preset. Out: its table, or its events with their
 * samples; nothing where it has none, as where Sluice is installed without this data.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../bundle/tool-version.ts';
import type { JsonValue } from '../stages/json/json-value.ts';
import { PRESETS } from '../stages/signature/presets.ts';
import type { MissingTable } from './missing-table.ts';

/** A file of `events/`: two payloads of an event, in the form that the provider documents, with made-up values. */
export interface ProviderEvent {
  /** As the provider calls it. */
  readonly event: string;
  readonly title: string;
  /** What the form was taken from, and under which licence that is. */
  readonly evidence: string;
  /** Where the one whom the event is about is, if anybody. */
  readonly recipient?: string;
  /** Requests: headers that name the event or belong to it, and the body. */
  readonly samples: readonly { readonly headers?: Record<string, string>; readonly body: JsonValue }[];
}

/** Absolute path of the folder with a folder for each preset. */
export function providersFolder(): string {
  return join(packageFolder(), 'src/providers/data');
}

/** Tables that were read: a connectors folder asks for the same few again and again. */
const tables = new Map<string, MissingTable | null>();

export function readMissingTable(preset: string): MissingTable | null {
  const known = tables.get(preset);
  if (known !== undefined) return known;
  const folder = folderOf(preset);
  const table = folder === null ? null : readJson<MissingTable>(join(folder, 'may-be-missing.json'));
  tables.set(preset, table);
  return table;
}

/** In the order of their names. */
export function readEvents(preset: string): readonly ProviderEvent[] {
  const folder = folderOf(preset);
  if (folder === null) return [];
  const events = join(folder, 'events');
  return namesIn(events)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readJson<ProviderEvent>(join(events, name)))
    .filter((event) => event !== null)
    .sort((left, right) => (left.event < right.event ? -1 : 1));
}

/** Where the data of a preset is: its own folder, or that of a preset whose payloads are the same. */
function folderOf(preset: string): string | null {
  // Names come from files: none but those that are known becomes a path.
  if (!PRESETS.has(preset)) return null;
  const own = join(providersFolder(), preset);
  const same = readJson<{ readonly sameAs: string }>(join(own, 'same-payloads.json'));
  return same === null ? own : join(providersFolder(), same.sameAs);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readJson<Content>(file: string): Content | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  return JSON.parse(text) as Content;
}
