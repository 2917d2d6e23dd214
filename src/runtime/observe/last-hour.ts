/** What became of the requests of the last hour, by minutes. In: outcomes. Out: counts by outcome and code. Bounded by the codes that exist. */

const MINUTE_MS = 60_000;
const MINUTES = 60;

export class LastHour {
  readonly #now: () => number;
  /** By minute since the epoch, the oldest first. */
  readonly #minutes = new Map<number, Map<string, number>>();

  /** Milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(outcome: string, code: string): void {
    const minute = Math.floor(this.#now() / MINUTE_MS);
    let counts = this.#minutes.get(minute);
    if (counts === undefined) {
      counts = new Map();
      this.#minutes.set(minute, counts);
      this.#forget(minute);
    }
    const key = `${outcome}\n${code}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  counts(): readonly { readonly outcome: string; readonly code: string; readonly count: number }[] {
    this.#forget(Math.floor(this.#now() / MINUTE_MS));
    const sums = new Map<string, number>();
    for (const counts of this.#minutes.values())
      for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
    return [...sums].map(([key, count]) => {
      const [outcome = '', code = ''] = key.split('\n');
      return { outcome, code, count };
    });
  }

  /** Also what a clock that was set back has left in the future. */
  #forget(minute: number): void {
    for (const one of this.#minutes.keys())
      if (one <= minute - MINUTES || one > minute) this.#minutes.delete(one);
  }
}
