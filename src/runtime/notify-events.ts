/**
 * In: changes of the state folder and of the active bundle. Out: what an operator wants to be told: a connector paused,
 * resumed, or began to hold requests. Each pause is told once, for as long as it applies. Carries no payload values.
 */
import type { Difference } from '../stages/shape/difference.ts';
import type { Timer } from './deliver.ts';
import type { Notification } from './notify-sender.ts';
import { HoldSeries } from './notify-series.ts';
import type { HoldCode } from './outcome.ts';
import { EVERY_CONNECTOR } from './state/overlay.ts';
import type { PauseRecord } from './state/state.ts';
import type { StateChange, StateOwner } from './state/state-owner.ts';

export interface NotifySources {
  readonly owner: Pick<
    StateOwner,
    'pauses' | 'pauseOf' | 'everythingPaused' | 'history' | 'holds' | 'subscribe'
  >;
  /** Whether a bundle is active. */
  readonly isReady: () => boolean;
  /** As the active bundle has it; null: it does not have it. */
  readonly connector: (id: string) => { readonly behaviour: string; readonly owner?: string } | null;
  /** Where to look further; null: nowhere that others can reach. */
  readonly statusUrl: () => string | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow: () => number;
  readonly timer: Timer;
}

interface Told {
  readonly type: 'connector.paused' | 'connector.resumed' | 'connector.holding';
  readonly connector: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  readonly code?: HoldCode | undefined;
  readonly reason: string;
  readonly differences: () => Promise<readonly Difference[]>;
}

/** A pause applies before the request that caused it is kept; to count that one too, its notification waits so long. */
const KEEPING_MS = 1000;

const SLUICE = 'sluice';

export class NotifyEvents {
  readonly #sources: NotifySources;
  readonly #send: (notification: Notification) => void;
  /** The pause of each connector that applies and has been told. */
  readonly #applied = new Map<string, PauseRecord>();
  readonly #series: HoldSeries;
  /** Called when a connector's next request is held. */
  readonly #onHeld = new Map<string, () => void>();
  #everything: PauseRecord | null = null;
  /** Resumed, while everything else is still paused. */
  #except: ReadonlySet<string> = new Set();
  #isStarted = false;

  /** What is paused already was told before; only that everything is paused is told at each start. */
  constructor(sources: NotifySources, send: (notification: Notification) => void) {
    this.#sources = sources;
    this.#send = send;
    this.#series = new HoldSeries(sources);
    this.bundleChanged();
  }

  stateChanged(change: StateChange): void {
    if (change.kind === 'overlay') this.#compare(false);
    else if (change.kind === 'held') this.#noticeHold(change.id);
  }

  /** An automatic pause applies to what a connector was: another bundle may lift it, or bring it back. */
  bundleChanged(): void {
    if (!this.#sources.isReady()) return;
    if (this.#isStarted) {
      this.#compare(true);
      return;
    }
    this.#isStarted = true;
    for (const { connector } of this.#sources.owner.pauses()) {
      const pause = this.#pauseOf(connector);
      if (pause !== null) this.#applied.set(connector, pause);
    }
    this.#compareEverything();
  }

  /** Tells what applies now and did not before, and the other way round. */
  #compare(byBundle: boolean): void {
    if (!this.#isStarted) return;
    const { owner } = this.#sources;
    const candidates = new Set([
      ...owner.pauses().map(({ connector }) => connector),
      ...this.#applied.keys(),
    ]);
    for (const connector of candidates) {
      const before = this.#applied.get(connector) ?? null;
      const pause = this.#pauseOf(connector);
      if (keyOf(before) === keyOf(pause)) continue;
      if (pause === null) this.#applied.delete(connector);
      else this.#applied.set(connector, pause);
      if (pause !== null && byBundle) this.#tellPause(pause, this.#time(), null);
      else if (pause !== null) this.#tellPause(pause, pause.at, this.#whenHeld(pause));
      else if (this.#sources.connector(connector) !== null) this.#tellResume(connector, before);
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
      if (before !== null) this.#tellResume(EVERY_CONNECTOR, null);
      return;
    }
    const { at, reason } = everything;
    this.#everything = { kind: 'manual', connector: EVERY_CONNECTOR, at, by: SLUICE, reason };
    if (before === null) this.#tellPause(this.#everything, at, null);
  }

  #noticeHold(id: string): void {
    const { owner } = this.#sources;
    const hold = this.#series.newHold(id);
    if (hold === null) return;
    this.#onHeld.get(hold.connector)?.();
    if (!this.#series.begins(hold)) return;
    this.#tell({
      type: 'connector.holding',
      connector: hold.connector,
      at: new Date(hold.receivedAt).toISOString(),
      by: SLUICE,
      code: hold.code,
      reason: hold.message,
      differences: async () => (await owner.holds.get(id))?.differences ?? [],
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
    });
  }

  /** `before` is still on record where a bundle lifted it. */
  #tellResume(connector: string, before: PauseRecord | null): void {
    const { owner } = this.#sources;
    this.#series.end(connector);
    const isOnRecord = owner.pauses().some((pause) => keyOf(pause) === keyOf(before));
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
    this.#tell({ type: 'connector.resumed', connector, at, by, reason, differences: async () => [] });
  }

  #tell({ type, connector, at, by, code, reason, differences }: Told): void {
    const { owner, connector: find, statusUrl } = this.#sources;
    const isAll = connector === EVERY_CONNECTOR;
    this.#send({
      type,
      connector,
      compose: async () => {
        const url = statusUrl();
        return {
          type,
          connector,
          owner: isAll ? null : (find(connector)?.owner ?? null),
          at,
          by,
          code: code ?? null,
          // A script may put anything into its errors, and notifications leave the deployment.
          reason: code === 'script-error' ? 'the mapping script failed: `sluice held show` says how' : reason,
          differences: await differences(),
          held: owner.holds.counts(isAll ? undefined : connector).count,
          ...(url === null ? {} : { statusUrl: url }),
        };
      },
    });
  }

  #pauseOf(connector: string): PauseRecord | null {
    const { owner, connector: find } = this.#sources;
    const found = find(connector);
    const pause = found === null ? null : owner.pauseOf(connector, found.behaviour);
    // That everything is paused is told once, not for each connector.
    const everything = owner.everythingPaused();
    return everything !== null && !everything.except.includes(connector) ? null : pause;
  }

  #time(): string {
    return new Date(this.#sources.now()).toISOString();
  }
}

function keyOf(pause: PauseRecord | null): string {
  return pause === null
    ? ''
    : JSON.stringify([pause.connector, pause.kind, pause.behaviour, pause.at, pause.by]);
}
