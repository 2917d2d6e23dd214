/**
 * Sends again what the target did not take: the stored triggers as they are, under the same invocation ids, until the
 * target took or refused each. Runs where the state folder is owned. Never sends live for a connector that is not live
 * now, and nothing for one that is paused, disabled or gone: those holds stay as they are.
 */

import type { Hold, HoldSummary } from '../../admin-api/records.ts';
import { systemTimer, type Timer } from '../../outcomes/timer.ts';
import { DueQueue } from '../state/due-queue.ts';
import type { StateOwner } from '../state/state-owner.ts';
import type { Target } from '../targets/target.ts';
import { backoff } from './backoff.ts';
import { supersededBy } from './same-event.ts';
import { RETRY_AFTER_CAP_MS, type Sent, sendAgain } from './send-again.ts';
import { TargetGate } from './target-gate.ts';

export interface ConnectorState {
  readonly mode: 'test' | 'live' | 'disabled' | 'absent';
  readonly paused: boolean;
}

export interface RedeliveryOptions {
  readonly owner: Pick<StateOwner, 'holds' | 'subscribe'>;
  readonly target: Target;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since anything; never set back: a clock that jumps delays nothing. */
  readonly monotonicNow?: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly timer?: Timer;
  /** As the active bundle and the overlay have it now. */
  readonly connectorState: (connector: string) => ConnectorState;
}

export interface Redelivery {
  /** Looks again at what was not allowed: after a bundle was activated. Pauses and resumes are noticed without it. */
  wake(): void;
  status(): RedeliveryStatus;
  /** Gives up what is being sent, and resolves when nothing is sent any more. */
  stop(): Promise<void>;
}

export interface RedeliveryStatus {
  /** Holds that wait for their next attempt. */
  readonly waiting: number;
  /** Holds that may not be sent as their connector is now. */
  readonly parked: number;
  /** Attempts in a row at which the target did not answer as it should; 0: it is well. */
  readonly targetFailures: number;
}

/** One hold is tried at least this often. */
const HOLD_CAP_MS = 300_000;
export function startRedelivery(options: RedeliveryOptions): Redelivery {
  return new RedeliveryLoop(options);
}

class RedeliveryLoop implements Redelivery {
  readonly #options: RedeliveryOptions;
  readonly #timer: Timer;
  readonly #monotonicNow: () => number;
  readonly #abort = new AbortController();
  readonly #target: Target;
  readonly #gate: TargetGate;
  readonly #due = new DueQueue();
  /** Known here: in the queue, parked or being sent. */
  readonly #known = new Set<string>();
  readonly #parked = new Set<string>();
  readonly #sending = new Map<string, Promise<void>>();
  /** What the target took while the hold could not be changed on disk: not sent again by this process. */
  readonly #taken = new Map<string, Set<string>>();
  /** Holds of which everything was taken, while their files could not be removed. */
  readonly #done = new Set<string>();
  readonly #unsubscribe: () => void;
  #cancelTimer: () => void = () => {};

  constructor(options: RedeliveryOptions) {
    this.#options = options;
    this.#timer = options.timer ?? systemTimer;
    this.#monotonicNow = options.monotonicNow ?? (() => performance.now());
    this.#gate = new TargetGate(options.random);
    const { target } = options;
    this.#target = {
      name: target.name,
      send: (trigger, signal) => target.send(trigger, AbortSignal.any([signal, this.#abort.signal])),
      close: () => target.close(),
    };
    this.#unsubscribe = options.owner.subscribe((change) => {
      if (change.kind === 'held') this.#notice(change.id);
      else if (change.kind === 'overlay') this.wake();
    });
    for (const { id } of options.owner.holds.list({ code: 'undelivered' }).holds) this.#enqueue(id);
    this.#pump();
  }

  wake(): void {
    for (const id of this.#parked) this.#due.add(id, this.#monotonicNow());
    this.#parked.clear();
    this.#pump();
  }

  status(): RedeliveryStatus {
    return { waiting: this.#due.size, parked: this.#parked.size, targetFailures: this.#gate.failures };
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#unsubscribe();
    this.#cancelTimer();
    await Promise.all(this.#sending.values());
  }

  #notice(id: string): void {
    if (this.#known.has(id) || this.#options.owner.holds.summary(id)?.code !== 'undelivered') return;
    this.#enqueue(id);
    this.#pump();
  }

  #enqueue(id: string): void {
    const summary = this.#options.owner.holds.summary(id);
    if (summary === null) return;
    const { now, random } = this.#options;
    // A time far ahead was written under another clock.
    const wait =
      summary.nextAttemptAt === null
        ? backoff(1, HOLD_CAP_MS, random)
        : Math.min(Math.max(0, summary.nextAttemptAt - now()), RETRY_AFTER_CAP_MS);
    this.#known.add(id);
    this.#due.add(id, this.#monotonicNow() + wait);
  }

  /** Starts what is due, as far as the target may be asked, and sets the timer for the rest. */
  #pump(): void {
    this.#cancelTimer();
    if (this.#abort.signal.aborted) return;
    const now = this.#monotonicNow();
    while (now >= this.#gate.closedUntil && this.#sending.size < this.#gate.places) {
      const id = this.#due.take(now);
      if (id === null) break;
      this.#start(id);
    }
    const nextAt = this.#due.nextAt();
    // Where all places are taken, the first that ends calls again.
    if (nextAt === null || this.#sending.size >= this.#gate.places) return;
    this.#cancelTimer = this.#timer.start(Math.max(nextAt, this.#gate.closedUntil) - now, () => this.#pump());
  }

  #start(id: string): void {
    const summary = this.#options.owner.holds.summary(id);
    if (summary === null || summary.code !== 'undelivered') {
      this.#forget(id);
    } else if (!this.#mayBeSent(summary)) {
      this.#parked.add(id);
    } else {
      const sending = this.#attempt(id).finally(() => {
        this.#sending.delete(id);
        this.#pump();
      });
      this.#sending.set(id, sending);
    }
  }

  #mayBeSent({ connector, mode }: Pick<HoldSummary, 'connector' | 'mode'>): boolean {
    const state = this.#options.connectorState(connector);
    return !state.paused && (state.mode === 'live' || (state.mode === 'test' && mode === 'test'));
  }

  async #attempt(id: string): Promise<void> {
    if (this.#done.has(id)) return this.#remove(id, 1);
    const hold = await this.#options.owner.holds.get(id);
    // The disk may fail now and read it later.
    if (hold === null) return this.#again(id, HOLD_CAP_MS);
    if (hold.code !== 'undelivered') return this.#forget(id);
    const { holds } = this.#options.owner;
    const newer = holds.othersOf(id).findLast((other) => other.code === 'undelivered' && other.id > id);
    if (newer !== undefined) {
      const marked = await holds.update(id, supersededBy(newer.id), 'undelivered');
      return marked.ok ? this.#forget(id) : this.#again(id, HOLD_CAP_MS);
    }
    const sent = await this.#sendAll(hold);
    if (sent.unsent.length + sent.refused.length === 0) {
      for (const other of holds.othersOf(id)) {
        if (other.code !== 'superseded') await holds.update(other.id, supersededBy(id), other.code);
      }
      return this.#remove(id, hold.attempts + 1);
    }
    return this.#keepRest(hold, sent);
  }

  /** Everything was taken: until the hold is gone, nothing of it is sent again. */
  async #remove(id: string, attempts: number): Promise<void> {
    this.#done.add(id);
    const removed = await this.#options.owner.holds.remove(id);
    if (removed.ok) this.#forget(id);
    else this.#again(id, backoff(attempts, HOLD_CAP_MS, this.#options.random));
  }

  async #keepRest(hold: Hold, { unsent, refused, reason, retryAfterMs, attempted }: Sent): Promise<void> {
    const { owner, now, random } = this.#options;
    if (unsent.length === 0) {
      const message = `the target refused ${refused.length} of the request's triggers: ${reason}`;
      const changes = { code: 'target-refused', message, triggers: refused, nextAttemptAt: null } as const;
      if ((await owner.holds.update(hold.id, changes, 'undelivered')).ok) return this.#forget(hold.id);
    }
    const triggers = [...unsent, ...refused];
    const attempts = hold.attempts + 1;
    const wait = Math.max(backoff(attempts, HOLD_CAP_MS, random), retryAfterMs);
    const isAborted = this.#abort.signal.aborted;
    if (isAborted ? triggers.length < hold.triggers.length : attempted) {
      const message = reason === '' ? hold.message : `the target does not take it yet: ${reason}`;
      const changes = isAborted
        ? { triggers }
        : { message, triggers, attempts, nextAttemptAt: Math.round(now() + wait) };
      if ((await owner.holds.update(hold.id, changes, 'undelivered')).ok) this.#taken.delete(hold.id);
    }
    this.#again(hold.id, wait);
  }

  async #sendAll(hold: Hold): Promise<Sent> {
    const taken = this.#taken.get(hold.id) ?? new Set<string>();
    this.#taken.set(hold.id, taken);
    const isLive = hold.mode === 'live' || hold.triggers.some((trigger) => trigger.mode === 'live');
    const failuresBefore = this.#gate.failures;
    const sent = await sendAgain(hold.triggers, {
      taken,
      mayGoOn: () =>
        !this.#abort.signal.aborted &&
        this.#mayBeSent({ connector: hold.connector, mode: isLive ? 'live' : 'test' }),
      target: this.#target,
      timer: this.#timer,
    });
    if (sent.isInDoubt) this.#gate.failed(this.#monotonicNow(), sent.retryAfterMs, failuresBefore);
    else if (sent.attempted) this.#gate.succeeded();
    return sent;
  }

  #again(id: string, wait: number): void {
    this.#due.add(id, this.#monotonicNow() + wait);
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#taken.delete(id);
    this.#done.delete(id);
  }
}
