/**
 * In: changes of the state folder and of the active bundle. Out: what an operator wants to be told: a connector paused,
 * resumed, or began to hold requests. Each pause is told once, for as long as it applies; what was not taken before a
 * restart is told after it.
 */
import type { HoldSummary, PauseRecord } from '../../admin-api/records.ts';
import type { Timer } from '../../outcomes/timer.ts';
import { EVERY_CONNECTOR } from '../state/overlay.ts';
import type { StateChange, StateOwner } from '../state/state-owner.ts';
import { type BodySources, notificationOf, type Told } from './notify-body.ts';
import type { Notification } from './notify-sender.ts';
import { HoldSeries } from './notify-series.ts';

interface Served {
  readonly behaviour: string;
  readonly behaviourBefore?: string;
  readonly owner?: string;
}

export interface NotifySources extends BodySources {
  readonly owner: Pick<
    StateOwner,
    'pauses' | 'pauseOf' | 'everythingPaused' | 'history' | 'holds' | 'notified' | 'subscribe'
  >;
  /** Whether a bundle is active. */
  readonly isReady: () => boolean;
  /** As the active bundle has it; null: it does not have it. */
  readonly connector: (id: string) => Served | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow: () => number;
  readonly timer: Timer;
}

/** A pause applies before the request that caused it is kept; to count that one too, its notification waits so long. */
const KEEPING_MS = 1000;

const SLUICE = 'sluice';

/** Of a pause that nobody was told of before it was lifted. */
const KEPT_IN_A_PAUSE =
  'requests that arrived while the connector was paused are still kept: look at them, then replay them';

export class NotifyEvents {
  readonly #sources: NotifySources;
  readonly #send: (notification: Notification) => void;
  /** The pause of each connector that applies and has been told, or is about to be. */
  readonly #applied: Map<string, string>;
  readonly #series: HoldSeries;
  /** Called when a connector's next request is held. */
  readonly #onHeld = new Map<string, () => void>();
  #everything: PauseRecord | null = null;
  /** A start before this one has told that everything is paused, and nobody that it is not any more. */
  #wasAllPaused: boolean;
  /** Resumed, while everything else is still paused. */
  #except: ReadonlySet<string> = new Set();
  #isStarted = false;

  /** That everything is paused is told at each start; of the rest, what the receiver has not taken yet. */
  constructor(sources: NotifySources, send: (notification: Notification) => void) {
    this.#sources = sources;
    this.#send = send;
    this.#applied = new Map(sources.owner.notified.pauses());
    this.#wasAllPaused = this.#applied.delete(EVERY_CONNECTOR);
    this.#series = new HoldSeries(sources);
    this.bundleChanged();
  }

  stateChanged(change: StateChange): void {
    if (change.kind === 'overlay') this.#compare('state');
    else if (change.kind === 'held') this.#noticeHold(change.id);
  }

  /** An automatic pause applies to what a connector was: another bundle may lift it, or bring it back. */
  bundleChanged(): void {
    if (!this.#sources.isReady()) return;
    if (this.#isStarted) {
      this.#compare('bundle');
      return;
    }
    this.#isStarted = true;
    // That everything is paused says it of these too.
    for (const connector of this.#applied.keys())
      if (this.#isPausedWithAll(connector)) this.#applied.delete(connector);
    this.#compare('start');
    for (const hold of this.#series.untold()) this.#tellHold(hold);
  }

  /** Tells what applies now and did not before, and the other way round. */
  #compare(cause: 'start' | 'bundle' | 'state'): void {
    if (!this.#isStarted) return;
    const { owner } = this.#sources;
    const candidates = new Set([
      ...owner.pauses().map(({ connector }) => connector),
      ...this.#applied.keys(),
    ]);
    for (const connector of candidates) {
      const before = this.#applied.get(connector) ?? null;
      const pause = this.#pauseOf(connector);
      if (before === (pause === null ? null : keyOf(pause))) continue;
      if (pause !== null) {
        this.#applied.set(connector, keyOf(pause));
        const at = cause === 'bundle' ? this.#time() : pause.at;
        this.#tellPause(pause, at, cause === 'state' ? this.#whenHeld(pause) : null);
        continue;
      }
      this.#applied.delete(connector);
      if (this.#sources.connector(connector) !== null) this.#tellResume(connector, before);
      // Nobody waits for news of a connector that is gone.
      else owner.notified.tookPause(connector, null);
    }
    this.#compareEverything();
  }

  #compareEverything(): void {
    const everything = this.#sources.owner.everythingPaused();
    const before = this.#everything;
    const except = new Set(everything?.except);
    for (const connector of except) {
      if (before !== null && !this.#except.has(connector)) this.#tellResume(connector, null);
    }
    this.#except = except;
    if (everything === null) {
      this.#everything = null;
      if (before !== null || this.#wasAllPaused) this.#tellResume(EVERY_CONNECTOR, null);
      this.#wasAllPaused = false;
      return;
    }
    const { at, reason } = everything;
    this.#everything = { kind: 'manual', connector: EVERY_CONNECTOR, at, by: SLUICE, reason };
    if (before === null) this.#tellPause(this.#everything, at, null);
  }

  #noticeHold(id: string): void {
    const hold = this.#series.newHold(id);
    if (hold === null) return;
    this.#onHeld.get(hold.connector)?.();
    const series = this.#series.begins(hold);
    if (series !== null) this.#tellHold(hold, series.since);
  }

  /** `since`: how many of its kind were held since the last one that was told. */
  #tellHold({ id, connector, code, message, receivedAt }: HoldSummary, since = 0): void {
    const { owner } = this.#sources;
    this.#tell({
      type: 'connector.holding',
      connector,
      at: new Date(receivedAt).toISOString(),
      by: SLUICE,
      code,
      reason:
        code === 'paused'
          ? KEPT_IN_A_PAUSE
          : since === 0
            ? message
            : `${message} (and ${since} more of the kind since the last message)`,
      differences: async () => (await owner.holds.get(id))?.differences ?? [],
      taken: () => owner.notified.tookHold(connector, { id, at: receivedAt, goesOn: true }),
    });
  }

  /** Resolves when the request that caused a pause is kept, or was not in time; null: no request caused it. */
  #whenHeld({ kind, connector }: PauseRecord): Promise<void> | null {
    if (kind === 'manual') return null;
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#onHeld.delete(connector);
        resolve();
      };
      const cancel = this.#sources.timer.start(KEEPING_MS, end);
      this.#onHeld.get(connector)?.();
      this.#onHeld.set(connector, end);
    });
  }

  #tellPause(pause: PauseRecord, at: string, kept: Promise<void> | null): void {
    const { connector, by, code, reason, differences = [] } = pause;
    this.#tell({
      type: 'connector.paused',
      connector,
      at,
      by,
      code,
      reason,
      differences: async () => {
        await kept;
        return differences;
      },
      taken: () => this.#tookPause(pause),
    });
  }

  /** `before` is still on record where a bundle lifted it. */
  #tellResume(connector: string, before: string | null): void {
    const { owner } = this.#sources;
    const ended = this.#series.end(connector);
    const isOnRecord = owner.pauses().some((pause) => keyOf(pause) === before);
    const resumed = isOnRecord
      ? undefined
      : owner
          .history()
          .findLast(
            (entry) => entry.action === 'resume' && [connector, EVERY_CONNECTOR].includes(entry.connector),
          );
    const { at, by, reason } = resumed ?? {
      at: this.#time(),
      by: SLUICE,
      reason: 'the active bundle has another version of the connector, to which the pause does not apply',
    };
    this.#tell({
      type: 'connector.resumed',
      connector,
      at,
      by,
      reason,
      differences: async () => [],
      taken: () => {
        owner.notified.tookPause(connector, null);
        for (const [one, newest] of ended) owner.notified.tookHold(one, { ...newest, goesOn: false });
      },
    });
  }

  /** With the pause it is said that requests are held. */
  #tookPause(pause: PauseRecord): void {
    const { connector } = pause;
    const { notified } = this.#sources.owner;
    notified.tookPause(connector, keyOf(pause));
    if (connector === EVERY_CONNECTOR) return;
    notified.tookHold(connector, { ...this.#series.newestOf(connector), goesOn: true });
  }

  #tell(told: Told): void {
    this.#send(notificationOf(told, this.#sources));
  }

  #pauseOf(connector: string): PauseRecord | null {
    const { owner, connector: find } = this.#sources;
    const found = find(connector);
    const pause = found === null ? null : owner.pauseOf(connector, found.behaviour, found.behaviourBefore);
    // That everything is paused is told once, not for each connector.
    return this.#isPausedWithAll(connector) ? null : pause;
  }

  #isPausedWithAll(connector: string): boolean {
    const everything = this.#sources.owner.everythingPaused();
    return everything !== null && !everything.except.includes(connector);
  }

  #time(): string {
    return new Date(this.#sources.now()).toISOString();
  }
}

function keyOf({ connector, kind, behaviour, at, by }: PauseRecord): string {
  return JSON.stringify([connector, kind, behaviour, at, by]);
}
