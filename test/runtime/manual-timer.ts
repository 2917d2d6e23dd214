import type { Timer } from '../../src/outcomes/timer.ts';

/** A timer whose time is over when a test says so. */
export function createManualTimer(): Timer & {
  /** The times that were asked for. */
  readonly started: number[];
  /** Ends all that run. */
  expire(): void;
  running(): number;
} {
  const pending = new Set<() => void>();
  const started: number[] = [];
  return {
    started,
    start(milliseconds, expired) {
      started.push(milliseconds);
      pending.add(expired);
      return () => pending.delete(expired);
    },
    expire() {
      for (const expired of pending) expired();
      pending.clear();
    },
    running: () => pending.size,
  };
}
