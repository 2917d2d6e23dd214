/**
 * What the operator's webhook has taken note of: notified.json. What is paused and held is durable elsewhere; compared with
 * this after a restart, it says what is still to be told. Written behind the events, never before an answer: where a write
 * is lost, something is told twice.
 */
import { join } from 'node:path';
import { isJsonObject } from '../../../stages/json/json-value.ts';
import { isConnectorId } from '../connector-id.ts';
import { EVERY_CONNECTOR } from '../overlay.ts';
import { coalesce } from './coalesce.ts';
import { replaceFile, WRITTEN, type Written } from './durable-file.ts';
import { describeFailure, type FileSystem, isMissing } from './file-system.ts';

/** Up to where it is known that a connector holds requests. */
export interface NotifiedHold {
  /** Id of the hold; empty: nothing was held. */
  readonly id: string;
  /** When it was received, in milliseconds since the epoch. */
  readonly at: number;
  /** Whether what is held soon after belongs to what was told. */
  readonly goesOn: boolean;
}

export interface NotifiedStore {
  /** By connector, or `*` where everything is: which pause. */
  pauses(): ReadonlyMap<string, string>;
  holdOf(connector: string): NotifiedHold | null;
  /** null: that it is not paused any more. In memory at once, on disk soon. */
  tookPause(connector: string, pause: string | null): void;
  tookHold(connector: string, hold: NotifiedHold): void;
  /** Forgets connectors of which nothing is held: their next hold is news. */
  keepHoldsOf(connectors: readonly string[]): void;
  /** The folder was gone: writes it again. Never rejects. */
  restore(): Promise<void>;
  problems(): readonly string[];
  settled(): Promise<void>;
}

const FILE = 'notified.json';
/** A hundred thousand connectors. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Never rejects: what cannot be read is told again. */
export async function openNotifiedStore(fileSystem: FileSystem, folder: string): Promise<NotifiedStore> {
  const path = join(folder, FILE);
  const { pauses, holds, problem: unread } = await read(fileSystem, path);
  let problem = unread;
  let writing: Promise<Written> = Promise.resolve(WRITTEN);
  const persist = coalesce(async (): Promise<Written> => {
    const content = { format: 1, pauses: Object.fromEntries(pauses), holds: Object.fromEntries(holds) };
    try {
      await replaceFile(fileSystem, path, Buffer.from(`${JSON.stringify(content)}\n`));
      problem = null;
      return WRITTEN;
    } catch (error) {
      problem = `${FILE} cannot be written: ${describeFailure(error)}; after a restart some notifications are sent again`;
      return { ok: false, reason: problem };
    }
  });
  const changed = (): void => {
    writing = persist();
  };
  return {
    pauses: () => pauses,
    holdOf: (connector) => holds.get(connector) ?? null,
    tookPause(connector, pause) {
      if (pause === (pauses.get(connector) ?? null)) return;
      if (pause === null) pauses.delete(connector);
      else pauses.set(connector, pause);
      changed();
    },
    tookHold(connector, hold) {
      holds.set(connector, hold);
      changed();
    },
    keepHoldsOf(connectors) {
      const kept = new Set(connectors);
      for (const connector of holds.keys()) if (!kept.has(connector)) holds.delete(connector);
    },
    async restore() {
      changed();
      await writing;
    },
    problems: () => (problem === null ? [] : [problem]),
    async settled() {
      await writing;
    },
  };
}

interface Content {
  readonly pauses: Map<string, string>;
  readonly holds: Map<string, NotifiedHold>;
  readonly problem: string | null;
}

async function read(fileSystem: FileSystem, path: string): Promise<Content> {
  const empty = (why: string | null): Content => ({
    pauses: new Map(),
    holds: new Map(),
    problem: why === null ? null : `${FILE} cannot be read (${why}): what is paused and held is told again`,
  });
  try {
    const file: unknown = JSON.parse((await fileSystem.read(path, MAX_BYTES)).toString('utf8'));
    if (!isJsonObject(file) || file.format !== 1) return empty('its format is unknown');
    const { pauses, holds } = file;
    if (!isEntries(pauses, isText, isPausable) || !isEntries(holds, isHold))
      return empty('it lacks what it must have');
    return { pauses: new Map(Object.entries(pauses)), holds: new Map(Object.entries(holds)), problem: null };
  } catch (error) {
    if (isMissing(error)) return empty(null);
    return empty(error instanceof SyntaxError ? 'it is not JSON' : describeFailure(error));
  }
}

function isEntries<T>(
  value: unknown,
  isEntry: (entry: unknown) => entry is T,
  isKey = isConnectorId,
): value is Record<string, T> {
  return (
    isJsonObject(value) &&
    Object.entries(value).every(([connector, entry]) => isKey(connector) && isEntry(entry))
  );
}

function isPausable(key: string): boolean {
  return key === EVERY_CONNECTOR || isConnectorId(key);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isHold(value: unknown): value is NotifiedHold {
  return (
    isJsonObject(value) &&
    typeof value.id === 'string' &&
    typeof value.at === 'number' &&
    typeof value.goesOn === 'boolean'
  );
}
