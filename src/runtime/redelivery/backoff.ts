/** How long to wait before the next attempt: exponential, with jitter, so that what failed together does not come back together. */

const FIRST_MS = 1000;

/**
 * Milliseconds after that many failures in a row (1 or more): at least one second, at most `capMs`, else anything up to
 * 2, 4, 8... seconds. `random` gives 0 to 1.
 */
export function backoff(failures: number, capMs: number, random: () => number): number {
  const most = Math.min(capMs, FIRST_MS * 2 ** failures);
  return FIRST_MS + random() * (most - FIRST_MS);
}
