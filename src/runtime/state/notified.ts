/**
 * What the operator's webhook has taken note of, in memory, with somebody who writes it. What is paused and held is durable
 * elsewhere; compared with this after a restart, it says what is still to be told. Written behind the events, never before an
 * answer: where a write is lost, something is told twice.
 */
import { isJsonObject } from '../../stages/json/json-value.ts';
import { isConnectorId } from './connector-id.ts';
import { EVERY_CONNECTOR } from './overlay.ts';

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
  /** null: that it is not paused any more. In memory at once, written soon. */
  tookPause(connector: string, pause: string | null): void;
  tookHold(connector: string, hold: NotifiedHold): void;
  /** Forgets connectors of which nothing is held: their next hold is news. */
  keepHoldsOf(connectors: readonly string[]): void;
  problems(): readonly string[];
  settled(): Promise<void>;
}

export interface NotifiedContent {
  readonly pauses: Map<string, string>;
  readonly holds: Map<string, NotifiedHold>;
}

/** Says it anew in `content`, and calls `changed` where it is to be written. */
export function rememberNotified(
  content: () => NotifiedContent,
  changed: () => void,
): Omit<NotifiedStore, 'problems' | 'settled'> {
  return {
    pauses: () => content().pauses,
    holdOf: (connector) => content().holds.get(connector) ?? null,
    tookPause(connector, pause) {
      const { pauses } = content();
      if (pause === (pauses.get(connector) ?? null)) return;
      if (pause === null) pauses.delete(connector);
      else pauses.set(connector, pause);
      changed();
    },
    tookHold(connector, hold) {
      content().holds.set(connector, hold);
      changed();
    },
    keepHoldsOf(connectors) {
      const { holds } = content();
      const kept = new Set(connectors);
      for (const connector of holds.keys()) if (!kept.has(connector)) holds.delete(connector);
    },
  };
}

export function nothingNotified(): NotifiedContent {
  return { pauses: new Map(), holds: new Map() };
}

export function encodeNotified({ pauses, holds }: NotifiedContent): string {
  const content = { format: 1, pauses: Object.fromEntries(pauses), holds: Object.fromEntries(holds) };
  return `${JSON.stringify(content)}\n`;
}

/** A text: why it cannot be read. */
export function decodeNotified(text: string): NotifiedContent | string {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isJsonObject(file) || file.format !== 1) return 'its format is unknown';
  const { pauses, holds } = file;
  if (!isEntries(pauses, isText, isPausable) || !isEntries(holds, isHold))
    return 'it lacks what it must have';
  return { pauses: new Map(Object.entries(pauses)), holds: new Map(Object.entries(holds)) };
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
