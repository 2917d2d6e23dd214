/**
 * Calls the operator's webhook, one notification after the other, until it took each or refused it. In: notifications.
 * Out: signed POST requests. Never rejects, never keeps anybody waiting, and never keeps more than a bounded number.
 */
import { randomUUID } from 'node:crypto';
import type { Delivery } from '../../outcomes/delivery.ts';
import { systemTimer, type Timer } from '../../outcomes/timer.ts';
import { backoff } from '../redelivery/backoff.ts';
import { createPoster, type Poster } from '../targets/post.ts';
import { readAnswer } from '../targets/read-answer.ts';
import { signWebhook } from '../targets/standard-webhooks.ts';

export interface Notification {
  /** Such as connector.paused. */
  readonly type: string;
  readonly connector: string;
  /** What is sent, worked out when it is sent first. */
  compose(): Promise<object>;
  /** The receiver has it, or it is given up for good. Not called for what is dropped for want of room or time. */
  readonly taken: () => void;
}

/** failed: an attempt that will be made again; dropped: never sent. */
export type NotificationResult = 'delivered' | 'failed' | 'refused' | 'dropped';

export interface SenderOptions {
  readonly url: string;
  readonly key: Buffer;
  readonly userAgent: string;
  readonly count: (type: string, result: NotificationResult) => void;
  /** Hears of every attempt that failed and of all that is given up. */
  readonly onFailure: (
    notification: Notification,
    failure: { readonly result: NotificationResult; readonly reason: string; readonly waitMs: number | null },
  ) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** 0 to 1. */
  readonly random?: () => number;
  readonly timer?: Timer;
  readonly poster?: Poster;
}

/** A receiver that does more than take note within this time does too much. */
const ANSWER_MS = 10_000;
/** A receiver that is down is asked at least this often. */
const RETRY_CAP_MS = 300_000;
/** With the cap, about a day: after that, whoever was to be told has seen it elsewhere. */
const MAX_ATTEMPTS = 300;
/** A few hundred bytes each; beyond it, the oldest say least about what is true now. */
const MAX_WAITING = 1000;
/** At the end, for what was just said. */
const GRACE_MS = 2000;

const WHO = 'the notification URL';
const STOPPING = 'the runtime is stopping';

export class NotificationSender {
  readonly #options: SenderOptions;
  readonly #timer: Timer;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #poster: Poster;
  readonly #abort = new AbortController();
  readonly #waiting: Notification[] = [];
  #failures = 0;
  /** What went wrong last; null once one was delivered. */
  #problem: string | null = null;
  #running: Promise<void> | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#timer = options.timer ?? systemTimer;
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? Math.random;
    this.#poster = options.poster ?? createPoster();
  }

  send(notification: Notification): void {
    if (this.#abort.signal.aborted) {
      this.#drop(notification, STOPPING);
      return;
    }
    this.#waiting.push(notification);
    if (this.#waiting.length > MAX_WAITING) {
      const oldest = this.#waiting.shift() as Notification;
      this.#drop(oldest, `more than ${MAX_WAITING} notifications are waiting`);
    }
    this.#running ??= this.#run();
  }

  /** What an operator should know: sentences for people. */
  problems(): readonly string[] {
    if (this.#problem === null) return [];
    const waiting = this.#waiting.length + (this.#running === null ? 0 : 1);
    return [`notifications do not arrive (${waiting} waiting): ${this.#problem}`];
  }

  /** Gives what is waiting a moment, and drops the rest. */
  async stop(): Promise<void> {
    const { promise: expired, resolve: expire } = Promise.withResolvers<void>();
    const cancel = this.#timer.start(GRACE_MS, expire);
    if (this.#running !== null) await Promise.race([this.#running, expired]);
    cancel();
    this.#abort.abort();
    await this.#running;
    await this.#poster.close();
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (this.#abort.signal.aborted) {
        this.#drop(next, STOPPING);
        continue;
      }
      try {
        await this.#deliver(next);
      } catch {
        this.#drop(next, 'an internal error: please report it');
      }
    }
    this.#running = null;
  }

  async #deliver(notification: Notification): Promise<void> {
    const { count, onFailure } = this.#options;
    const { type } = notification;
    const id = `msg_${randomUUID()}`;
    const body = JSON.stringify(await notification.compose());
    for (let attempt = 1; ; attempt += 1) {
      const delivery = await this.#post(id, body);
      if (delivery.ok) {
        this.#failures = 0;
        this.#problem = null;
        count(type, 'delivered');
        notification.taken();
        return;
      }
      const { reason } = delivery;
      this.#problem = reason;
      if (!delivery.retry) {
        count(type, 'refused');
        onFailure(notification, { result: 'refused', reason, waitMs: null });
        notification.taken();
        return;
      }
      if (attempt >= MAX_ATTEMPTS || this.#abort.signal.aborted) {
        this.#drop(notification, reason);
        if (attempt >= MAX_ATTEMPTS) notification.taken();
        return;
      }
      this.#failures += 1;
      count(type, 'failed');
      const asked = Math.min(delivery.retryAfterMs ?? 0, RETRY_CAP_MS);
      const waitMs = Math.round(Math.max(backoff(this.#failures, RETRY_CAP_MS, this.#random), asked));
      onFailure(notification, { result: 'failed', reason, waitMs });
      await this.#wait(waitMs);
      if (this.#abort.signal.aborted) {
        this.#drop(notification, reason);
        return;
      }
    }
  }

  async #post(id: string, body: string): Promise<Delivery> {
    const { url, key, userAgent } = this.#options;
    const timeout = new AbortController();
    const cancel = this.#timer.start(ANSWER_MS, () => timeout.abort());
    const signal = AbortSignal.any([timeout.signal, this.#abort.signal]);
    const headers = { 'user-agent': userAgent, ...signWebhook({ id, body, key, now: this.#now() }) };
    const result = await this.#poster.post({ url, headers, body, signal });
    cancel();
    return readAnswer(result, WHO, this.#now());
  }

  /** Ends early when the runtime stops. */
  #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#abort;
    return new Promise((resolve) => {
      const stop = (): void => {
        cancel();
        resolve();
      };
      const cancel = this.#timer.start(milliseconds, () => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  #drop(notification: Notification, reason: string): void {
    this.#options.count(notification.type, 'dropped');
    this.#options.onFailure(notification, { result: 'dropped', reason, waitMs: null });
  }
}
