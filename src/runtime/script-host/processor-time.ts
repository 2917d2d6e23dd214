/** How much processor time a process has used, and how important it is to the system: both from outside. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** Longer than the line that /proc has of a process: 52 numbers and a short name. */
const MAX_STAT_BYTES = 2048;

/** Times one call after the other of a process. Holds a descriptor until it is closed. */
export class CallClock {
  /** Kept open, as each call asks: that takes 7 µs, and 27 µs with opening it. null: the platform has no /proc. */
  readonly #stat: number | null;
  readonly #buffer = Buffer.allocUnsafe(MAX_STAT_BYTES);
  #startedAt = 0;
  #usedBeforeMs: number | null = null;

  constructor(pid: number) {
    this.#stat = openStat(pid);
  }

  /** Now, not at the first look: where this process is kept from looking, the call runs on. */
  begin(): void {
    this.#startedAt = performance.now();
    this.#usedBeforeMs = this.#processorMs();
  }

  /** To be called once, after the last look. */
  close(): void {
    if (this.#stat !== null) closeSync(this.#stat);
  }

  /** Milliseconds since the call began. */
  get runsFor(): number {
    return performance.now() - this.#startedAt;
  }

  /**
   * Processor time that was certainly used since the call began, in milliseconds; all of its time where the platform
   * does not say. What ended just before may be in the first tick.
   */
  get takes(): number {
    const used = this.#processorMs();
    if (used === null || this.#usedBeforeMs === null) return this.runsFor;
    return Math.max(0, used - this.#usedBeforeMs - TICK_MS);
  }

  /** Milliseconds of all its threads; null where the platform does not say, or the process is gone. */
  #processorMs(): number | null {
    if (this.#stat === null) return null;
    try {
      const length = readSync(this.#stat, this.#buffer, 0, MAX_STAT_BYTES, 0);
      const text = this.#buffer.toString('latin1', 0, length);
      // After the name, which may hold anything: state is the first field, user and system time are the 12th and 13th.
      const fields = text.slice(text.lastIndexOf(') ') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    } catch {
      return null;
    }
  }
}

function openStat(pid: number): number | null {
  try {
    return openSync(`/proc/${pid}/stat`, 'r');
  } catch {
    return null;
  }
}

/** Makes a process give way: `steps` nicer than this one. It cannot be taken back. Does nothing where the platform refuses. */
export function makeNice(pid: number, steps: number): void {
  try {
    const niceness = Math.min(getPriority() + steps, 19);
    // Linux takes the id of a thread, and means that thread alone.
    for (const thread of threadsOf(pid)) setPriority(thread, niceness);
  } catch {
    // It is gone, or we may not: the limits still hold.
  }
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}
