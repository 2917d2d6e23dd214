/** Counts what would have become of past payloads, and how they differ from the samples. Bounded, however many there are. */
import type { Difference } from '../../stages/shape/difference.ts';
import type { Judged } from './judge-payload.ts';

/** Kinds of differences that are told apart. */
const MAX_KINDS = 1_000;
/** Entries that could not be read and are named. */
const MAX_NAMED = 100;

export interface DifferenceCount extends Difference {
  /** Payloads held that have it. */
  held: number;
  /** Payloads delivered all the same. */
  drifted: number;
}

export interface Numbers {
  readonly judged: number;
  readonly delivered: number;
  /** Of those delivered: how many do not quite look like the samples. */
  readonly drifted: number;
  /** By code. */
  readonly ignored: Readonly<Record<string, number>>;
  /** By code. */
  readonly held: Readonly<Record<string, number>>;
  /** Of those held: how many would each pause the connector. */
  readonly pausing: number;
  /** The first after which the connector would have been paused, in the order given; null: none. */
  readonly firstPause: string | null;
}

export class Tally {
  readonly unreadable: { readonly name: string; readonly detail: string }[] = [];
  unreadableCount = 0;
  readonly #pauseAfter: number;
  readonly #ignored = new Map<string, number>();
  readonly #held = new Map<string, number>();
  readonly #differences = new Map<string, DifferenceCount>();
  #counts = { judged: 0, delivered: 0, drifted: 0, pausing: 0 };
  #firstPause: string | null = null;
  /** Held in a row. */
  #row = 0;

  constructor(pauseAfter: number) {
    this.#pauseAfter = pauseAfter;
  }

  get numbers(): Numbers {
    return {
      ...this.#counts,
      ignored: Object.fromEntries([...this.#ignored].sort()),
      held: Object.fromEntries([...this.#held].sort()),
      firstPause: this.#firstPause,
    };
  }

  get allPass(): boolean {
    return this.unreadableCount === 0 && this.#held.size === 0;
  }

  /** The most frequent first: those that hold before those that only drift. */
  differences(limit: number): readonly DifferenceCount[] {
    return [...this.#differences.values()]
      .sort((left, right) => right.held - left.held || right.drifted - left.drifted)
      .slice(0, limit);
  }

  addUnreadable(name: string, detail: string): void {
    this.unreadableCount++;
    if (this.unreadable.length < MAX_NAMED) this.unreadable.push({ name, detail });
  }

  add(name: string, judged: Judged): void {
    this.#counts.judged++;
    if (judged.kind === 'held') {
      this.#addHeld(name, judged);
      return;
    }
    if (judged.kind === 'delivered' || judged.isFit) this.#row = 0;
    if (judged.kind === 'ignored') {
      increment(this.#ignored, judged.code);
      return;
    }
    this.#counts.delivered++;
    if (judged.drift === null) return;
    this.#counts.drifted++;
    this.#addDifferences(judged.drift(), 'drifted');
  }

  #addHeld(name: string, { code, grade, differences }: Extract<Judged, { kind: 'held' }>): void {
    increment(this.#held, code);
    this.#addDifferences(differences, 'held');
    if (grade === 'pause') this.#counts.pausing++;
    if (grade === 'hold') this.#row++;
    if (grade === 'pause' || (grade === 'hold' && this.#row >= this.#pauseAfter)) this.#firstPause ??= name;
  }

  #addDifferences(differences: readonly Difference[], where: 'held' | 'drifted'): void {
    const seen = new Set<string>();
    for (const { path, expected, found } of differences) {
      // The fourth element and the fifth differ in the same way.
      const pattern = path.replace(/\[\d+\]/g, '[*]');
      const key = JSON.stringify([pattern, expected, found]);
      if (seen.has(key)) continue;
      seen.add(key);
      const known = this.#differences.get(key);
      if (known !== undefined) known[where]++;
      else if (this.#differences.size < MAX_KINDS) {
        const counts = { held: 0, drifted: 0, [where]: 1 };
        this.#differences.set(key, { path: pattern, expected, found, ...counts });
      }
    }
  }
}

function increment(counts: Map<string, number>, code: string): void {
  counts.set(code, (counts.get(code) ?? 0) + 1);
}
