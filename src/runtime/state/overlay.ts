import type { PauseRecord } from '../../admin-api/records.ts';
/**
 * What the runtime has paused, as an immutable value, and every way in which it may change. It only ever restricts
 * what the connector files say. No clock, no files: the store writes it, the owner asks it for each request.
 */

/** Stands for all connectors; no connector can have this id. */
export const EVERY_CONNECTOR = '*';

export interface Overlay {
  /** Counts the changes. */
  readonly generation: number;
  readonly pauses: ReadonlyMap<string, ConnectorPauses>;
  /** Events that paused a connector that was resumed since (`eventKeyOf`): they never pause it again. Newest last. */
  readonly resumed: ReadonlyMap<string, readonly string[]>;
  /** There when an earlier overlay could not be read: every connector is paused except those resumed since. */
  readonly everything: EverythingPaused | null;
  /** The latest pauses and resumes. Newest last. */
  readonly history: readonly HistoryEntry[];
}

export interface ConnectorPauses {
  readonly manual: PauseRecord | null;
  /** One per behaviour digest, so that a revert to a paused behaviour is paused again. Newest last. */
  readonly automatic: readonly PauseRecord[];
}

export interface EverythingPaused {
  /** ISO 8601. */
  readonly at: string;
  readonly reason: string;
  readonly except: readonly string[];
}

export interface HistoryEntry {
  readonly at: string;
  readonly action: 'pause' | 'resume';
  /** A connector, or EVERY_CONNECTOR. */
  readonly connector: string;
  readonly by: string;
  readonly reason: string;
}

/** Who did something, when and why. */
export interface Note {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

export const EMPTY_OVERLAY: Overlay = {
  generation: 0,
  pauses: new Map(),
  resumed: new Map(),
  everything: null,
  history: [],
};

/** The name that automatic changes carry. */
export const SLUICE = 'sluice';

/** More behaviours than a team tries on one broken connector before it is resumed. */
const MAX_BEHAVIOURS = 20;
const MAX_RESUMED_EVENTS = 100;
const MAX_HISTORY = 200;

const NO_PAUSES: ConnectorPauses = { manual: null, automatic: [] };

/** The pause that applies to a connector with this behaviour, now or as it was called before; the strongest first. */
export function pauseOf(
  overlay: Overlay,
  connector: string,
  behaviour: string,
  before?: string,
): PauseRecord | null {
  if (overlay.everything !== null && !overlay.everything.except.includes(connector)) {
    const { at, reason } = overlay.everything;
    return { kind: 'manual', connector, at, by: SLUICE, reason };
  }
  const pauses = overlay.pauses.get(connector);
  if (pauses === undefined) return null;
  const isOf = (digest: string | undefined) => (pause: PauseRecord) => pause.behaviour === digest;
  if (pauses.manual !== null) return pauses.manual;
  const found = pauses.automatic.find(isOf(behaviour));
  return found ?? (before === undefined ? null : (pauses.automatic.find(isOf(before)) ?? null));
}

/** `keys`: any of them. */
export function wasResumedFor(overlay: Overlay, connector: string, keys: readonly string[]): boolean {
  return overlay.resumed.get(connector)?.some((key) => keys.includes(key)) ?? false;
}

/** Ends only by `resume`. A second one replaces the first. */
export function pauseManually(overlay: Overlay, connector: string, note: Note): Overlay {
  const manual: PauseRecord = { kind: 'manual', connector, ...note };
  const pauses = { ...(overlay.pauses.get(connector) ?? NO_PAUSES), manual };
  return change(overlay, 'pause', connector, note, { pauses: withEntry(overlay.pauses, connector, pauses) });
}

/** Bound to `record.behaviour`. The first pause of a behaviour stays: it is the one that tells what happened. */
export function pauseAutomatically(overlay: Overlay, record: PauseRecord): Overlay {
  const { connector } = record;
  const before = overlay.pauses.get(connector) ?? NO_PAUSES;
  if (before.automatic.some((pause) => pause.behaviour === record.behaviour)) return overlay;
  const pauses = { ...before, automatic: [...before.automatic, record].slice(-MAX_BEHAVIOURS) };
  return change(overlay, 'pause', connector, record, {
    pauses: withEntry(overlay.pauses, connector, pauses),
  });
}

/** Ends every pause of a connector, manual and automatic; EVERY_CONNECTOR ends those of all. */
export function resume(overlay: Overlay, connector: string, note: Note): Overlay {
  if (connector === EVERY_CONNECTOR) {
    let resumed = overlay.resumed;
    for (const [id, pauses] of overlay.pauses) resumed = remembered(resumed, id, pauses);
    return change(overlay, 'resume', EVERY_CONNECTOR, note, { pauses: new Map(), resumed, everything: null });
  }
  const everything =
    overlay.everything === null || overlay.everything.except.includes(connector)
      ? overlay.everything
      : { ...overlay.everything, except: [...overlay.everything.except, connector] };
  const ended = overlay.pauses.get(connector);
  if (ended === undefined && everything === overlay.everything) return overlay;
  const pauses = new Map(overlay.pauses);
  pauses.delete(connector);
  const resumed = ended === undefined ? overlay.resumed : remembered(overlay.resumed, connector, ended);
  return change(overlay, 'resume', connector, note, { pauses, resumed, everything });
}

/** When what was paused before is not known. */
export function pauseEverything(overlay: Overlay, at: string, reason: string): Overlay {
  const everything: EverythingPaused = { at, reason, except: [] };
  return change(overlay, 'pause', EVERY_CONNECTOR, { by: SLUICE, at, reason }, { everything });
}

/** Every pause there is, for status; those of `everything` are not listed one by one. */
export function allPauses(overlay: Overlay): readonly PauseRecord[] {
  return [...overlay.pauses.values()].flatMap(({ manual, automatic }) =>
    manual === null ? automatic : [manual, ...automatic],
  );
}

function remembered(
  resumed: Overlay['resumed'],
  connector: string,
  ended: ConnectorPauses,
): Overlay['resumed'] {
  const keys = ended.automatic.flatMap((pause) => pause.event ?? pause.bodyDigest ?? []);
  if (keys.length === 0) return resumed;
  const all = new Set([...(resumed.get(connector) ?? []), ...keys]);
  return withEntry(resumed, connector, [...all].slice(-MAX_RESUMED_EVENTS));
}

function change(
  overlay: Overlay,
  action: HistoryEntry['action'],
  connector: string,
  { at, by, reason }: Note,
  changes: Partial<Overlay>,
): Overlay {
  const history = [...overlay.history, { at, action, connector, by, reason }].slice(-MAX_HISTORY);
  return { ...overlay, ...changes, history, generation: overlay.generation + 1 };
}

function withEntry<T>(map: ReadonlyMap<string, T>, key: string, value: T): ReadonlyMap<string, T> {
  return new Map(map).set(key, value);
}
