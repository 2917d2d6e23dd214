/**
 * Remembers connectors whose scripts had to be stopped several times in a row, so that one of them cannot keep the
 * script processes busy dying. In: how each run ended. Out: whether the next may start.
 */

/** Stops in a row, no two more than WINDOW_MS apart, after which a connector's script is not run for a while. */
const MAX_STRIKES = 3;
const WINDOW_MS = 60_000;
const REST_MS = 30_000;

interface Record {
  readonly digest: string;
  strikes: number;
  lastAt: number;
}

export class Circuit {
  readonly #now: () => number;
  readonly #records = new Map<string, Record>();

  /** `now`: milliseconds on a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** How long the connector's script still rests, in milliseconds; 0: it may run. A changed script starts afresh. */
  restsFor(connector: string, digest: string): number {
    const record = this.#records.get(connector);
    if (record === undefined || record.digest !== digest || record.strikes < MAX_STRIKES) return 0;
    return Math.max(0, record.lastAt + REST_MS - this.#now());
  }

  /** The script had to be stopped. After a rest, one more strike is enough for the next. */
  strike(connector: string, digest: string): void {
    const now = this.#now();
    const record = this.#records.get(connector);
    if (record === undefined || record.digest !== digest || now - record.lastAt > WINDOW_MS) {
      this.#records.set(connector, { digest, strikes: 1, lastAt: now });
      return;
    }
    record.strikes += 1;
    record.lastAt = now;
  }

  /** The script ended by itself. */
  clear(connector: string): void {
    this.#records.delete(connector);
  }
}
