/**
 * How much processor time a connector's script usually takes. In: what each run took. Out: whether its next run can be
 * expected to be over soon, so that it may go where slow ones must not. Waiting does not count: on a busy machine a quick
 * script stays a quick one.
 */

/** A mapping takes a tenth of a millisecond; what takes longer than this on average waits with its like. */
const QUICK_MS = 10;

/** Below this, several calls at once are handed to one process: the last of them hardly waits. */
const INSTANT_MS = 2;

/** Weight of the last run: a script that is slow now and then is a slow one. */
const WEIGHT = 0.25;

export class Pace {
  /** By connector. */
  readonly #usualMs = new Map<string, number>();

  note(connector: string, tookMs: number): void {
    const before = this.#usualMs.get(connector) ?? tookMs;
    this.#usualMs.set(connector, before + (tookMs - before) * WEIGHT);
  }

  /** false: slow, or never run. */
  isQuick(connector: string): boolean {
    return (this.#usualMs.get(connector) ?? Number.POSITIVE_INFINITY) < QUICK_MS;
  }

  isInstant(connector: string): boolean {
    return (this.#usualMs.get(connector) ?? Number.POSITIVE_INFINITY) < INSTANT_MS;
  }

  /** Order of turns: 0 for quick ones, 1 for those that have never run, 2 for slow ones. */
  rank(connector: string): number {
    if (this.isQuick(connector)) return 0;
    return this.#usualMs.has(connector) ? 2 : 1;
  }
}
