/** How much processor time a process has used, and how important it is to the system: both from outside. */
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** Times one call after the other of a process. */
export class CallClock {
  readonly #pid: number;
  #startedAt = 0;
  #usedMs: number | null = null;

  constructor(pid: number) {
    this.#pid = pid;
  }

  begin(): void {
    this.#startedAt = performance.now();
    this.#usedMs = null;
  }

  /** Milliseconds since the call began. */
  get runsFor(): number {
    return performance.now() - this.#startedAt;
  }

  /** Processor time since the first look at the call, in milliseconds; all of its time where the platform does not say. */
  get takes(): number {
    const used = processorMs(this.#pid);
    if (used === null) return this.runsFor;
    this.#usedMs ??= used;
    return used - this.#usedMs;
  }
}

/** Milliseconds of all its threads; null where the platform has no /proc, or the process is gone. */
function processorMs(pid: number): number | null {
  try {
    // After the name, which may hold anything: state is the first field, user and system time are the 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
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
