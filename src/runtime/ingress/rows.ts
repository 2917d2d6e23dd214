/**
 * Requests that arrive in one turn of the event loop are handled in a row: what is warm in the caches for the first of
 * them serves the others. In: whose request it is. Out: its turn. A row is bounded, so that the loop is never held for
 * longer, and connectors alternate in it. Where requests come one at a time, nobody waits.
 */

/**
 * So many in a row at most. Without a bound, a thousand connections that pipeline their requests hold the loop and twice
 * the memory; past 32, a longer row saves nothing more when it was tried.
 */
export const ROW_LENGTH = 32;

export interface Rows {
  /** Resolves when the request may be handled; undefined: at once. */
  turn(connector: string): Promise<void> | undefined;
}

/** `defer`: calls back once everything that has arrived by now was read. */
export function createRows(defer: (callback: () => void) => void = setImmediate): Rows {
  /** Of each connector that waits, its requests; the connector whose turn is next comes first. */
  const waiting = new Map<string, (() => void)[]>();
  let isDeferred = false;
  let arrivedNow = 0;
  let arrivedBefore = 0;

  const begin = (): void => {
    isDeferred = false;
    arrivedBefore = arrivedNow;
    arrivedNow = 0;
    let left = ROW_LENGTH;
    // A connector that is set again comes last, and is met again.
    for (const [connector, requests] of waiting) {
      if (left === 0) break;
      left -= 1;
      waiting.delete(connector);
      requests.shift()?.();
      if (requests.length > 0) waiting.set(connector, requests);
    }
    if (waiting.size > 0) schedule();
  };
  const schedule = (): void => {
    if (isDeferred) return;
    isDeferred = true;
    defer(begin);
  };
  return {
    turn(connector) {
      arrivedNow += 1;
      schedule();
      if (arrivedNow === 1 && arrivedBefore <= 1 && waiting.size === 0) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      const requests = waiting.get(connector);
      if (requests === undefined) waiting.set(connector, [resolve]);
      else requests.push(resolve);
      return promise;
    },
  };
}
