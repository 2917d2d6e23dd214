/**
 * Whether the target may be asked now, and by how many at a time. One that fails is left alone for growing times and
 * then probed with one hold; one that comes back is not run over. A refusal is an answer: the target is well.
 */
import { backoff } from './backoff.ts';

/** A target that is down is probed at least this often. */
const CAP_MS = 60_000;
const MAX_CONCURRENT = 8;

export class TargetGate {
  readonly #random: () => number;
  #failures = 0;
  #closedUntil = 0;
  #places = 1;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Attempts in a row that failed. */
  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds on the caller's clock. */
  get closedUntil(): number {
    return this.#closedUntil;
  }

  /** How many holds may be sent at the same time. */
  get places(): number {
    return this.#places;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#closedUntil = 0;
    this.#places = Math.min(this.#places * 2, MAX_CONCURRENT);
  }

  /** `failuresBefore`: `failures` when the attempt began. Of several that were under way together, the first is news. */
  failed(now: number, retryAfterMs: number, failuresBefore: number): void {
    if (this.#failures === failuresBefore) this.#failures += 1;
    this.#places = 1;
    const wait = Math.max(backoff(this.#failures, CAP_MS, this.#random), retryAfterMs);
    this.#closedUntil = Math.max(this.#closedUntil, now + wait);
  }
}
