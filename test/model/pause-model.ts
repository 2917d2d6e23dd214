/**
 * What the runtime promises about pausing, said a second time and in another way: payloads by name instead of shapes,
 * sets instead of overlays and files. Knows nothing of the code that it judges.
 */

/** What git says of the one connector. */
export interface Version {
  readonly name: string;
  /** Equal for versions that treat payloads alike. */
  readonly behaviour: string;
  readonly status: 'live' | 'test' | 'disabled';
  readonly pauseAfter: number;
  /** Amounts may be text. */
  readonly takesText: boolean;
}

export const KINDS = [
  'good',
  'drifted',
  'without user',
  'user is a number',
  'without amount',
  'amount is text',
  'of another type',
  'without type',
] as const;

export interface Sent {
  readonly event: string;
  readonly kind: (typeof KINDS)[number];
}

/** Whether a delivery is right; otherwise what the connector does with what is wrong. */
export function judge(kind: Sent['kind'], version: Version): 'fits' | 'pause' | 'hold' | 'not ours' {
  switch (kind) {
    case 'good':
    case 'drifted':
      return 'fits';
    case 'user is a number':
      return 'pause';
    case 'amount is text':
      return version.takesText ? 'fits' : 'pause';
    case 'without user':
    case 'without amount':
    case 'without type':
      return 'hold';
    case 'of another type':
      return 'not ours';
  }
}

export type Expected = 'delivered' | 'ignored' | 'held' | 'captured' | 'unavailable' | 'rejected';

type Mode = 'live' | 'test';

interface HeldModel extends Sent {
  readonly mode: Mode;
  /** The mode of the triggers that wait for the target; null: it is held for another reason. */
  undelivered: Mode | null;
  /** Another request of the event was sent instead. */
  superseded: boolean;
}

export class PauseModel {
  version: Version;
  isTargetDown = false;
  isWindowOpen = false;
  /** False while a pause could not be written: a crash would forget it, and status says so. */
  isDurable = true;
  /** All requests so far, to be sent again. */
  readonly sent: Sent[] = [];
  held: HeldModel[] = [];
  #isPausedByHand = false;
  /** Behaviour, and the event that paused it. */
  #pausedBy = new Map<string, string>();
  readonly #forgiven = new Set<string>();
  #streak: { behaviour: string; events: ReadonlySet<string> } | null = null;

  constructor(version: Version) {
    this.version = version;
  }

  get isPaused(): boolean {
    return this.#isPausedByHand || this.#pausedBy.has(this.version.behaviour);
  }

  pauseByHand(): void {
    this.#isPausedByHand = true;
    this.isDurable = true;
  }

  resume(): void {
    for (const event of this.#pausedBy.values()) this.#forgiven.add(event);
    this.#pausedBy.clear();
    this.#isPausedByHand = false;
    this.#streak = null;
    this.isDurable = true;
  }

  /** What is not on disk is gone: streaks and capture windows. */
  restart(): void {
    this.#streak = null;
    this.isWindowOpen = false;
    this.isDurable = true;
  }

  receive(request: Sent, isGenuine: boolean, isDiskFull: boolean): Expected {
    const { status } = this.version;
    if (this.isWindowOpen && status === 'test') {
      if (isDiskFull) return 'unavailable';
      this.isWindowOpen = false;
      return 'captured';
    }
    if (!isGenuine) return 'rejected';
    if (status === 'disabled') return 'ignored';
    if (!isDiskFull) this.isWindowOpen = false;
    const verdict = judge(request.kind, this.version);
    if (verdict === 'not ours') return 'ignored';
    if (this.isPaused) return this.#hold(request, false, isDiskFull);
    if (verdict === 'fits') {
      this.#streak = null;
      return this.isTargetDown ? this.#hold(request, true, isDiskFull) : 'delivered';
    }
    this.#count(request, verdict, isDiskFull);
    return this.#hold(request, false, isDiskFull);
  }

  /** What is delivered when everything held is replayed; the rest stays. */
  replay(): readonly (Sent & { readonly mode: Mode })[] {
    if (this.isPaused || this.version.status === 'disabled') return [];
    const delivered: (Sent & { mode: Mode })[] = [];
    for (const hold of [...this.held]) {
      if (hold.superseded || this.#newerThatFits(hold)) continue;
      const mode = hold.mode === 'live' ? this.#mode : 'test';
      const fits = judge(hold.kind, this.version) === 'fits';
      hold.undelivered = fits ? mode : null;
      if (!fits) continue;
      for (const other of this.#othersOf(hold)) {
        other.superseded = true;
        other.undelivered = null;
      }
      if (this.isTargetDown) continue;
      delivered.push({ event: hold.event, kind: hold.kind, mode });
      this.held = this.held.filter((one) => one !== hold);
    }
    return delivered;
  }

  #othersOf({ event, kind, mode }: HeldModel): readonly HeldModel[] {
    return this.held.filter((one) => one.event === event && one.mode === mode && one.kind !== kind);
  }

  /** Of what one event said at different times the newest that fits goes out, and nothing else. */
  #newerThatFits(hold: HeldModel): boolean {
    const newer = this.held.slice(this.held.indexOf(hold) + 1);
    return this.#othersOf(hold).some(
      (other) => newer.includes(other) && !other.superseded && judge(other.kind, this.version) === 'fits',
    );
  }

  #count({ event }: Sent, verdict: 'pause' | 'hold', isDiskFull: boolean): void {
    const { behaviour, pauseAfter } = this.version;
    if (this.#forgiven.has(event)) return;
    if (verdict === 'hold') {
      const before = this.#streak?.behaviour === behaviour ? this.#streak.events : [];
      const events = new Set([...before, event]);
      this.#streak = { behaviour, events };
      if (events.size < pauseAfter) return;
    }
    this.#pausedBy.set(behaviour, event);
    this.#streak = null;
    this.isDurable = !isDiskFull;
  }

  #hold(request: Sent, isUndelivered: boolean, isDiskFull: boolean): Expected {
    if (this.#find(request, isUndelivered) !== undefined) return 'held';
    if (isDiskFull) return 'unavailable';
    const mode = this.#mode;
    this.held.push({ ...request, mode, undelivered: isUndelivered ? mode : null, superseded: false });
    return 'held';
  }

  /** The hold that a retry is counted to: of the same event, and saying the same. */
  #find({ event, kind }: Sent, isUndelivered: boolean): HeldModel | undefined {
    const mode = this.#mode;
    const undelivered = isUndelivered ? mode : null;
    return this.held.find(
      (hold) =>
        hold.event === event && hold.kind === kind && hold.mode === mode && hold.undelivered === undelivered,
    );
  }

  get #mode(): Mode {
    return this.version.status === 'live' ? 'live' : 'test';
  }
}
