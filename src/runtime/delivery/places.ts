/**
 * A bulkhead: places for attempts that are under way, shared by all flows of a process. A flow may have half of what the
 * others leave, and no more than its own limit: however many hang, the next one finds room.
 */

export interface PlaceLimits {
  /** Of a process. */
  readonly total: number;
  readonly perFlow: number;
}

export const DEFAULT_PLACES: PlaceLimits = { total: 512, perFlow: 128 };

export class Places {
  readonly #limits: PlaceLimits;
  #used = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  get used(): number {
    return this.#used;
  }

  /** How many a flow may have that has `own` now. */
  most(own: number): number {
    const { total, perFlow } = this.#limits;
    return Math.min(perFlow, Math.ceil((total - (this.#used - own)) / 2));
  }

  /** `own`: how many the flow has. False: it gets no more now. */
  take(own: number): boolean {
    if (this.#used >= this.#limits.total || own >= this.most(own)) return false;
    this.#used += 1;
    return true;
  }

  giveBack(): void {
    this.#used -= 1;
  }
}
