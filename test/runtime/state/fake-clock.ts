import type { Timer } from '../../../src/runtime/deliver.ts';

export interface FakeClock extends Timer {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since the clock was made; what `jump` does not change. */
  readonly monotonicNow: () => number;
  /** Lets time pass: what comes due is called in order, and what it starts is waited for. */
  advance(milliseconds: number): Promise<void>;
  /** The wall clock is set, by an operator or by NTP. */
  jump(milliseconds: number): void;
  /** Timers that run. */
  pending(): number;
}

/** Lets promises and file system calls that are under way go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function makeFakeClock(startAt = Date.parse('2025-10-09T08:53:20Z')): FakeClock {
  const timers = new Set<{ at: number; expired: () => void }>();
  let elapsed = 0;
  let offset = startAt;
  return {
    now: () => offset + elapsed,
    monotonicNow: () => elapsed,
    start(milliseconds, expired) {
      const timer = { at: elapsed + Math.max(0, milliseconds), expired };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(milliseconds) {
      const until = elapsed + milliseconds;
      await settle();
      for (;;) {
        const next = [...timers].sort((one, other) => one.at - other.at)[0];
        if (next === undefined || next.at > until) break;
        elapsed = Math.max(elapsed, next.at);
        timers.delete(next);
        next.expired();
        await settle();
      }
      elapsed = until;
      await settle();
    },
    jump(milliseconds) {
      offset += milliseconds;
    },
    pending: () => timers.size,
  };
}
