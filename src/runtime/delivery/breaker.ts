/**
 * A circuit breaker. In: how attempts went. Out: whether the next may be made. Opens after failures in a row, at once where
 * the other side says how long to wait; then lets a probe through now and then. How long a success took never opens it.
 */

/** Failures in a row after which nothing is sent but probes: one or two are a bad moment. */
const MAX_FAILURES = 5;
/** Between probes. */
const PROBE_MS = 5000;
/** Where a person has to put something right first. */
const PARKED_PROBE_MS = 60_000;
/** Of a Retry-After nothing longer is believed. */
export const RETRY_AFTER_CAP_MS = 3_600_000;

/** What an attempt came to when it failed. */
export interface Failure {
  /** For people. */
  readonly reason: string;
  /** Milliseconds; 0: the other side did not say. */
  readonly retryAfterMs: number;
  /** It is the deployment that is wrong: trying soon helps nobody. */
  readonly isParked: boolean;
  /** It was given up when its time was over. */
  readonly isLate: boolean;
}

export interface BreakerOptions {
  /** 0 to 1: probes of many flows that failed together do not come together. */
  readonly random: () => number;
  /** How many probes at a time, where they are answered quickly. */
  readonly probes: number;
}

/** All times in milliseconds on one clock that is never set back. */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #last: Failure | null = null;
  /** null: closed. */
  #openedAt: number | null = null;
  #closedAt = Number.NEGATIVE_INFINITY;
  #probeAt = 0;
  #probesLeft = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** In a row. */
  get failures(): number {
    return this.#failures;
  }

  /** The last failure; null: none since the last success. */
  get last(): Failure | null {
    return this.#last;
  }

  /** null: closed. */
  get openedAt(): number | null {
    return this.#openedAt;
  }

  /** While open: when the next probe may be made. */
  get probeAt(): number {
    return this.#probeAt;
  }

  /** Whether an attempt may be made now. While open, true hands out a probe. */
  admit(now: number): boolean {
    if (this.#openedAt === null) return true;
    if (now < this.#probeAt) return false;
    if (this.#probesLeft === 0) this.#probesLeft = this.#last?.isLate === true ? 1 : this.#options.probes;
    this.#probesLeft -= 1;
    // The next does not wait for this one to time out.
    if (this.#probesLeft === 0 && this.#last !== null) this.#probeAt = now + this.#wait(this.#last);
    return true;
  }

  succeeded(now: number): void {
    this.#failures = 0;
    this.#last = null;
    if (this.#openedAt !== null) this.#closedAt = now;
    this.#openedAt = null;
  }

  /** `startedAt`: what began before it was last closed is old news. */
  failed(now: number, startedAt: number, failure: Failure): void {
    if (startedAt < this.#closedAt) return;
    this.#failures += 1;
    this.#last = failure;
    const wait = this.#wait(failure);
    const isOpening =
      this.#openedAt === null &&
      (this.#failures >= MAX_FAILURES || failure.retryAfterMs > 0 || failure.isParked);
    if (this.#openedAt !== null) {
      if (failure.retryAfterMs > 0 || this.#probesLeft > 0)
        this.#probeAt = Math.max(this.#probeAt, now + wait);
      this.#probesLeft = 0;
    } else if (isOpening) {
      this.#openedAt = now;
      this.#probeAt = now + wait;
      this.#probesLeft = 0;
    }
  }

  #wait({ retryAfterMs, isParked }: Failure): number {
    if (retryAfterMs > 0) return Math.min(retryAfterMs, RETRY_AFTER_CAP_MS);
    const most = isParked ? PARKED_PROBE_MS : PROBE_MS;
    return most * (0.8 + 0.2 * this.#options.random());
  }
}
