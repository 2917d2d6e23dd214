/**
 * One attempt at one hold. In: a hold. Out: what became of it, and the change of its file: gone, less, or counted. What the
 * target took is never sent again by this process, whatever the disk does.
 */

import type { Hold } from '../../admin-api/records.ts';
import type { Timer } from '../../outcomes/timer.ts';
import type { StateOwner } from '../state/state-owner.ts';
import type { Target } from '../targets/target.ts';
import { backoff } from './backoff.ts';
import type { ReplayResult } from './replay.ts';
import { supersededBy } from './same-event.ts';
import { type Sent, sendAgain } from './send-again.ts';

/** Codes of holds that are sent again by themselves. */
export const SENT_AGAIN: ReadonlySet<string> = new Set(['undelivered', 'script-unavailable']);

/** One hold is tried at least this often. */
export const HOLD_CAP_MS = 300_000;

export interface AttemptDeps {
  readonly owner: Pick<StateOwner, 'holds'>;
  readonly target: Target;
  readonly timer: Timer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Given up: nothing more is sent, and what is under way counts for nothing. */
  readonly stopped: AbortSignal;
  /** As the connector is now. */
  readonly mayBeSent: (hold: Pick<Hold, 'connector' | 'mode'>) => boolean;
  /** Judges a hold anew, and delivers what it comes to. */
  readonly rejudge: (hold: Hold, target: Target) => Promise<ReplayResult>;
}

/** `waitMs` null: it is not sent again. `isFailed` null: the attempt says nothing about the flow. */
export interface Attempted {
  readonly waitMs: number | null;
  readonly isFailed: boolean | null;
}

const OVER: Attempted = { waitMs: null, isFailed: null };

export class HoldAttempts {
  readonly #deps: AttemptDeps;
  /** What the target took while the hold could not be changed on disk. */
  readonly #taken = new Map<string, Set<string>>();
  /** Holds of which everything was taken, while their files could not be removed. */
  readonly #done = new Set<string>();

  constructor(deps: AttemptDeps) {
    this.#deps = deps;
  }

  async attempt(id: string): Promise<Attempted> {
    if (this.#done.has(id)) return this.#remove(id, 1, null);
    const hold = await this.#deps.owner.holds.get(id);
    // The disk may fail now and read it later.
    if (hold === null) return { waitMs: HOLD_CAP_MS, isFailed: null };
    if (hold.code === 'script-unavailable') return this.#rejudge(hold);
    if (hold.code !== 'undelivered') return OVER;
    const { holds } = this.#deps.owner;
    const newer = holds.othersOf(id).findLast((other) => other.code === 'undelivered' && other.id > id);
    if (newer !== undefined) {
      const marked = await holds.update(id, supersededBy(newer.id), 'undelivered');
      return marked.ok ? OVER : { waitMs: HOLD_CAP_MS, isFailed: null };
    }
    const sent = await this.#sendAll(hold);
    if (sent.unsent.length + sent.refused.length > 0) return this.#keepRest(hold, sent);
    for (const other of holds.othersOf(id)) {
      if (other.code !== 'superseded') await holds.update(other.id, supersededBy(id), other.code);
    }
    return this.#remove(id, hold.attempts + 1, false);
  }

  forget(id: string): void {
    this.#taken.delete(id);
    this.#done.delete(id);
  }

  /** Everything was taken: until the hold is gone, nothing of it is sent again. */
  async #remove(id: string, attempts: number, isFailed: boolean | null): Promise<Attempted> {
    this.#done.add(id);
    const removed = await this.#deps.owner.holds.remove(id);
    return { waitMs: removed.ok ? null : backoff(attempts, HOLD_CAP_MS, this.#deps.random), isFailed };
  }

  async #keepRest(hold: Hold, sent: Sent): Promise<Attempted> {
    const { owner, now, random, stopped } = this.#deps;
    const { unsent, refused, reason, retryAfterMs, attempted } = sent;
    const isFailed = attempted ? sent.isInDoubt : null;
    if (unsent.length === 0) {
      const message = `the target refused ${refused.length} of the request's triggers: ${reason}`;
      const changes = { code: 'target-refused', message, triggers: refused, nextAttemptAt: null } as const;
      if ((await owner.holds.update(hold.id, changes, 'undelivered')).ok) return { waitMs: null, isFailed };
    }
    const triggers = [...unsent, ...refused];
    const attempts = hold.attempts + 1;
    const wait = Math.max(backoff(attempted ? attempts : 1, HOLD_CAP_MS, random), retryAfterMs);
    const isAborted = stopped.aborted;
    const isLess = triggers.length < hold.triggers.length;
    // Probes come more often than the hold's own time: what its file says still holds then, and the disk is spared.
    const isNews = isLess || retryAfterMs > 0 || (hold.nextAttemptAt ?? 0) <= now();
    if (isAborted ? isLess : attempted && isNews) {
      const message = reason === '' ? hold.message : `the target does not take it yet: ${reason}`;
      const changes = isAborted
        ? { triggers }
        : { message, triggers, attempts, nextAttemptAt: Math.round(now() + wait) };
      if ((await owner.holds.update(hold.id, changes, 'undelivered')).ok) this.#taken.delete(hold.id);
    }
    return { waitMs: wait, isFailed };
  }

  async #sendAll(hold: Hold): Promise<Sent> {
    const { stopped, mayBeSent, target, timer } = this.#deps;
    const taken = this.#taken.get(hold.id) ?? new Set<string>();
    this.#taken.set(hold.id, taken);
    const isLive = hold.mode === 'live' || hold.triggers.some((trigger) => trigger.mode === 'live');
    const { connector } = hold;
    return sendAgain(hold.triggers, {
      taken,
      mayGoOn: () => !stopped.aborted && mayBeSent({ connector, mode: isLive ? 'live' : 'test' }),
      target,
      timer,
    });
  }

  /** The cause passes by itself: no script process was free when the request came. */
  async #rejudge(hold: Hold): Promise<Attempted> {
    const { owner, target, now, random, stopped, rejudge } = this.#deps;
    const result = await rejudge(hold, target);
    if (result.kind === 'delivered' || result.kind === 'ignored')
      return result.removed ? OVER : this.#remove(hold.id, hold.attempts + 1, null);
    // Whatever else it is held for now is in its file: sent again, or for a person.
    const attempts = hold.attempts + 1;
    const wait = backoff(attempts, HOLD_CAP_MS, random);
    if (result.kind === 'held' && result.code !== hold.code && result.amended) {
      return { waitMs: SENT_AGAIN.has(result.code) ? wait : null, isFailed: null };
    }
    if (!stopped.aborted)
      await owner.holds.update(hold.id, { attempts, nextAttemptAt: Math.round(now() + wait) }, hold.code);
    return { waitMs: wait, isFailed: null };
  }
}
