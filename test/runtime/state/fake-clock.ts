import type { Timer } from '../../../src/outcomes/timer.ts';

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

/** Lets promises and what else is under way go on, until nothing is. */
export async function settle(isIdle: () => boolean = () => true): Promise<void> {
  for (let idleTurns = 0; idleTurns < 20; idleTurns = isIdle() ? idleTurns + 1 : 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** `isIdle`: whether nothing is under way that a moment must wait for, such as calls of a file system. */
export function makeFakeClock(isIdle: () => boolean = () => true): FakeClock {
  const timers = new Set<{ at: number; expired: () => void }>();
  let elapsed = 0;
  let offset = Date.parse('2025-10-09T08:53:20Z');
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
      await settle(isIdle);
      for (;;) {
        const next = [...timers].sort((one, other) => one.at - other.at)[0];
        if (next === undefined || next.at > until) break;
        elapsed = Math.max(elapsed, next.at);
        timers.delete(next);
        next.expired();
        await settle(isIdle);
      }
      elapsed = until;
      await settle(isIdle);
    },
    jump(milliseconds) {
      offset += milliseconds;
    },
    pending: () => timers.size,
  };
}
