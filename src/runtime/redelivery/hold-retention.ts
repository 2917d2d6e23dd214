/**
 * For deployments that may keep payloads for so many days only: drops holds that are older, and says so in the log. Off
 * unless it is asked for: nothing else ever drops a request that was answered 202.
 */
import type { Timer } from '../../outcomes/timer.ts';
import type { Log } from '../log/log.ts';
import type { StateOwner } from '../state/state-owner.ts';

export interface RetentionOptions {
  readonly owner: Pick<StateOwner, 'holds'>;
  readonly days: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly timer: Timer;
  readonly log: Log;
}

const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;

/** Returns how to stop; resolves when nothing is being dropped any more. */
export function startRetention({ owner, days, now, timer, log }: RetentionOptions): () => Promise<void> {
  /** Too old an hour ago already: a clock that is wrong for a moment drops nothing. */
  let due: ReadonlySet<string> = new Set();
  let isStopped = false;
  let sweeping: Promise<void> = Promise.resolve();
  let cancel = (): void => {};

  const sweep = async (): Promise<void> => {
    const old = owner.holds.list().holds.filter(({ receivedAt }) => now() - receivedAt > days * DAY_MS);
    const dropped = new Map<string, number>();
    for (const { id, connector } of old) {
      if (isStopped) break;
      if (!due.has(id) || !(await owner.holds.remove(id)).ok) continue;
      dropped.set(connector, (dropped.get(connector) ?? 0) + 1);
    }
    due = new Set(old.map(({ id }) => id));
    for (const [connector, count] of dropped)
      log.warn({ connector, count, days }, 'held requests were dropped, as they are older than --hold-days');
  };
  const run = (): void => {
    sweeping = sweep().then(() => {
      if (!isStopped) cancel = timer.start(EVERY_MS, run);
    });
  };
  run();
  return () => {
    isStopped = true;
    cancel();
    return sweeping;
  };
}
