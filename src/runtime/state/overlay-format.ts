/**
 * The overlay as text and back. A file that was cut, edited or written by a newer version is refused as a whole: half
 * an overlay could let through what was paused.
 */

import { createHash } from 'node:crypto';
import type { PauseRecord } from '../../admin-api/records.ts';
import { canonicalJson } from '../../bundle/canonical-json.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';
import { isConnectorId } from './connector-id.ts';
import type { ConnectorPauses, EverythingPaused, HistoryEntry, Overlay } from './overlay.ts';

export const OVERLAY_FORMAT = 1;

export type DecodedOverlay =
  | { readonly ok: true; readonly overlay: Overlay }
  | { readonly ok: false; readonly reason: string };

/** Indented, as operators read it. */
export function encodeOverlay(overlay: Overlay): string {
  const content = {
    format: OVERLAY_FORMAT,
    generation: overlay.generation,
    everything: overlay.everything,
    pauses: Object.fromEntries(overlay.pauses),
    resumed: Object.fromEntries(overlay.resumed),
    history: overlay.history,
  };
  return `${JSON.stringify({ ...content, checksum: checksumOf(content) }, null, 2)}\n`;
}

export function decodeOverlay(text: string): DecodedOverlay {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'it is not JSON' };
  }
  if (!isJsonObject(file)) return { ok: false, reason: 'it is not an object' };
  const { checksum, ...content } = file;
  if (content.format !== OVERLAY_FORMAT) {
    const isNewer = typeof content.format === 'number' && content.format > OVERLAY_FORMAT;
    return {
      ok: false,
      reason: isNewer ? `a newer version wrote it (format ${content.format})` : 'its format is unknown',
    };
  }
  if (checksum !== checksumOf(content)) return { ok: false, reason: 'its checksum is wrong' };
  const { generation, everything, pauses, resumed, history } = content;
  const isWhole =
    typeof generation === 'number' &&
    (everything === null || isEverything(everything)) &&
    isEntries(pauses, isPauses) &&
    isEntries(resumed, isTextList) &&
    Array.isArray(history);
  if (!isWhole) return { ok: false, reason: 'it lacks what every overlay has' };
  return {
    ok: true,
    overlay: {
      generation,
      everything,
      pauses: new Map(Object.entries(pauses)),
      resumed: new Map(Object.entries(resumed)),
      history: history as unknown as readonly HistoryEntry[],
    },
  };
}

/** Over the canonical text, so that indentation and order do not count. */
function checksumOf(content: object): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

function isEntries<T>(value: unknown, isEntry: (entry: unknown) => entry is T): value is Record<string, T> {
  return (
    isJsonObject(value) &&
    Object.entries(value).every(([connector, entry]) => isConnectorId(connector) && isEntry(entry))
  );
}

function isPauses(value: unknown): value is ConnectorPauses {
  if (!isJsonObject(value)) return false;
  const { manual, automatic } = value;
  return (manual === null || isRecord(manual)) && Array.isArray(automatic) && automatic.every(isRecord);
}

function isRecord(value: unknown): value is PauseRecord {
  return (
    isJsonObject(value) && ['at', 'by', 'reason', 'connector'].every((key) => typeof value[key] === 'string')
  );
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isEverything(value: unknown): value is EverythingPaused {
  return (
    isJsonObject(value) &&
    typeof value.at === 'string' &&
    typeof value.reason === 'string' &&
    isTextList(value.except)
  );
}
