/**
 * The work that one replica does for all (sending again what is held, telling the operator's webhook, dropping what is too
 * old): started when this replica has claimed it, stopped when it could not renew its claim.
 */
import type { Client, PoolClient } from 'pg';
import { claimLease, GIVE_UP_MS, releaseLease } from './lease.ts';

export interface NumberedDuty {
  /** `number`: of the claim, for whoever writes what came of the work. */
  start(number: string): Promise<void>;
  stop(): Promise<void>;
}

const CLAIM_EVERY_MS = 5000;

export class DutyLease {
  static readonly NAME = 'held';
  readonly #holder: string;
  readonly #monotonicNow: () => number;
  #duty: NumberedDuty | null = null;
  /** What is running, under which claim. */
  #number: string | null = null;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #expiry: NodeJS.Timeout | null = null;
  #changing: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(holder: string, monotonicNow: () => number) {
    this.#holder = holder;
    this.#monotonicNow = monotonicNow;
  }

  set(duty: NumberedDuty): void {
    this.#duty = duty;
    this.#triedAt = Number.NEGATIVE_INFINITY;
  }

  /** Called every second with a connection that works. */
  async look(client: Client): Promise<void> {
    const now = this.#monotonicNow();
    if (this.#duty === null || this.#ended || now - this.#triedAt < CLAIM_EVERY_MS) return;
    this.#triedAt = now;
    const number = await claimLease(client, DutyLease.NAME, this.#holder);
    if (number !== this.#number) this.#change(number);
    if (number === null) return;
    this.#renewedAt = now;
    this.#watch();
  }

  /** Stops what runs. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#change(null);
    await this.#changing;
  }

  async release(client: PoolClient): Promise<void> {
    await releaseLease(client, DutyLease.NAME, this.#holder);
  }

  /** Whoever was stopped or cut off for so long may have been succeeded. */
  #watch(): void {
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    const left = this.#renewedAt + GIVE_UP_MS - this.#monotonicNow();
    this.#expiry = setTimeout(() => this.#change(null), Math.max(0, left));
    this.#expiry.unref();
  }

  #change(number: string | null): void {
    if (number === this.#number) return;
    const was = this.#number;
    this.#number = number;
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    this.#changing = this.#changing.then(async () => {
      if (was !== null) await this.#duty?.stop();
      if (number === null || number !== this.#number) return;
      // Where the database went away meanwhile, the next claim begins again.
      await this.#duty?.start(number).catch(() => {
        if (this.#number === number) this.#number = null;
      });
    });
  }
}
