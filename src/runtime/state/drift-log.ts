/** The latest ways in which delivered requests differed from the samples, per connector. In memory only, and few. */
import type { Difference } from '../../stages/shape/difference.ts';

export interface Drift {
  /** When it was last seen, in milliseconds since the epoch. */
  readonly at: number;
  /** How often it was reported. */
  readonly count: number;
  readonly differences: readonly Difference[];
}

const MAX_PER_CONNECTOR = 5;

export class DriftLog {
  readonly #byConnector = new Map<string, Map<string, Drift>>();

  add(connector: string, differences: readonly Difference[], now: number): void {
    const seen = this.#byConnector.get(connector) ?? new Map<string, Drift>();
    this.#byConnector.set(connector, seen);
    const key = JSON.stringify(differences);
    const count = (seen.get(key)?.count ?? 0) + 1;
    // Deleted first, so that it goes to the end: the map is in the order of last sight.
    seen.delete(key);
    seen.set(key, { at: now, count, differences });
    for (const oldest of seen.keys()) {
      if (seen.size <= MAX_PER_CONNECTOR) break;
      seen.delete(oldest);
    }
  }

  /** Newest first. */
  of(connector: string): readonly Drift[] {
    return [...(this.#byConnector.get(connector)?.values() ?? [])].reverse();
  }
}
