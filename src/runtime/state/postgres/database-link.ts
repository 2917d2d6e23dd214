/**
 * Keeps one connection to the database that listens and looks for changes every half a second, and a few that write. In: work. Out:
 * its result, tried again where the connection broke, or `DatabaseAway`. Says since when the database is away, and why.
 */
import type { Client, ClientBase, Pool, PoolClient } from 'pg';
import { systemTimer, type Timer } from '../../../outcomes/timer.ts';
import type { DatabaseAddress } from '../../settings/database-url.ts';
import { codeOf, connect, describeFailure, endQuietly } from './connect.ts';
import { readSchema, refuseSchema } from './migrate.ts';

export const CHANNEL = 'sluice';
/** Beside what is told at once: how long a change goes unnoticed where the connection is cut without a word. */
const POLL_MS = 500;
const RETRY_MS = [50, 100, 200, 500, 1000];
/** A failover takes about a second; whoever sent a webhook waits no longer than this. */
const PATIENCE_MS = 3000;
/** Connections of one replica that write. */
const WRITERS = 4;

/** Nothing came of it, or nobody knows what did: the same work may be done again. */
export class DatabaseAway extends Error {}

/** What the rows say is no reason to try again. */
export class Refused extends Error {}

export interface LinkOptions {
  readonly address: DatabaseAddress;
  /** As pg_stat_activity shows it. */
  readonly name: string;
  /** Brings the local copy up to date; `isFirst`: since the connection is new, all of it. */
  readonly sync: (client: Client, isFirst: boolean) => Promise<void>;
  /** The database has come or gone. */
  readonly changed: () => void;
  readonly timer?: Timer;
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow?: () => number;
}

export interface LinkFailure {
  readonly reason: string;
  readonly isFinal: boolean;
}

export class DatabaseLink {
  readonly #options: LinkOptions;
  readonly #timer: Timer;
  readonly #monotonicNow: () => number;
  readonly #closing = new AbortController();
  #pool: Pool | null = null;
  #failure: LinkFailure | null = { reason: 'it was not reached yet', isFinal: false };
  #downAt: number;
  #upAt: number | null = null;
  #waiters: (() => void)[] = [];
  #poke: () => void = () => {};
  #isPoked = false;
  /** Those who wait for the next look to be over. */
  #looking: (() => void)[] = [];
  #loop: Promise<void> = Promise.resolve();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#timer = options.timer ?? systemTimer;
    this.#monotonicNow = options.monotonicNow ?? (() => performance.now());
    this.#downAt = this.#monotonicNow();
  }

  /** Connects for the first time; goes on trying where that is of use. null: the local copy is up to date. */
  async start(): Promise<LinkFailure | null> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#loop = this.#run(resolve);
    await promise;
    return this.#failure;
  }

  /** null: it is there. */
  failure(): LinkFailure | null {
    return this.#failure;
  }

  /** Milliseconds since the local copy was last known to be up to date; infinite: it never was. */
  age(): number {
    return this.#upAt === null ? Number.POSITIVE_INFINITY : this.#monotonicNow() - this.#upAt;
  }

  /** Looks for changes now. */
  poke(): void {
    this.#isPoked = true;
    this.#poke();
  }

  /** Looks for changes now. Resolves when that is over, or at once while the database is away. */
  refresh(): Promise<void> {
    if (this.#pool === null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#looking.push(resolve);
      this.poke();
    });
  }

  /** Does the work on a connection of its own, again where that broke. Rejects with what the database says about the work. */
  async run<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const deadline = this.#monotonicNow() + PATIENCE_MS;
    for (;;) {
      const pool = this.#pool ?? (await this.#up(deadline));
      try {
        return await useClient(pool, work);
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (this.#monotonicNow() >= deadline || this.#closing.signal.aborted)
          throw new DatabaseAway(describeFailure(error));
        this.poke();
        await this.#wait(RETRY_MS[0] as number);
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#poke();
    this.#wake();
    await this.#loop;
  }

  async #run(triedOnce: () => void): Promise<void> {
    for (let failures = 0; !this.#closing.signal.aborted; failures += 1) {
      this.#failure = await this.#attend(() => {
        failures = 0;
        triedOnce();
      });
      triedOnce();
      this.#options.changed();
      await this.#wait(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] as number);
    }
  }

  /** Connects, and stays as long as the connection lives. Out: why it ended. */
  async #attend(arrived: () => void): Promise<LinkFailure> {
    const connected = await connect(this.#options.address, { name: this.#options.name });
    if (!connected.ok) return connected;
    const { client, openPool } = connected;
    const pool = openPool(WRITERS);
    try {
      const refused = refuseSchema(await readSchema(client));
      if (refused !== null) return { reason: refused, isFinal: true };
      client.on('notification', () => this.poke());
      client.on('error', () => this.poke());
      await client.query(`listen ${CHANNEL}`);
      await this.#sync(client, true);
      this.#pool = pool;
      this.#failure = null;
      this.#wake();
      this.#options.changed();
      arrived();
      while (!this.#closing.signal.aborted) {
        await this.#pause();
        if (!this.#closing.signal.aborted) await this.#sync(client, false);
      }
      return { reason: 'it was let go of', isFinal: false };
    } catch (error) {
      return { reason: describeFailure(error), isFinal: false };
    } finally {
      if (this.#pool !== null) this.#downAt = this.#monotonicNow();
      this.#pool = null;
      for (const seen of this.#looking.splice(0)) seen();
      await Promise.all([endQuietly(client), endPool(pool)]);
    }
  }

  async #sync(client: Client, isFirst: boolean): Promise<void> {
    const began = this.#monotonicNow();
    this.#isPoked = false;
    const looking = this.#looking;
    this.#looking = [];
    try {
      await this.#options.sync(client, isFirst);
      this.#upAt = began;
    } finally {
      for (const seen of looking) seen();
    }
  }

  async #up(deadline: number): Promise<Pool> {
    const away = this.#failure?.reason ?? 'it is away';
    if (this.#closing.signal.aborted) throw new DatabaseAway('the runtime is stopping');
    if (this.#monotonicNow() - this.#downAt > PATIENCE_MS || this.#failure?.isFinal === true)
      throw new DatabaseAway(away);
    while (this.#pool === null) {
      const left = deadline - this.#monotonicNow();
      if (left <= 0 || this.#closing.signal.aborted) throw new DatabaseAway(this.#failure?.reason ?? away);
      await new Promise<void>((resolve) => {
        const cancel = this.#timer.start(left, resolve);
        this.#waiters.push(() => {
          cancel();
          resolve();
        });
      });
    }
    return this.#pool;
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }

  /** Until something is said to have changed, and a second at most. */
  #pause(): Promise<void> {
    if (this.#isPoked) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#timer.start(POLL_MS, resolve);
      this.#poke = () => {
        cancel();
        resolve();
      };
    });
  }

  #wait(milliseconds: number): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#timer.start(milliseconds, resolve);
      this.#closing.signal.addEventListener(
        'abort',
        () => {
          cancel();
          resolve();
        },
        { once: true },
      );
    });
  }
}

/** All of it or nothing. READ COMMITTED: what is decided on is locked first (`for update`), which a snapshot would not do. */
export async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('begin isolation level read committed');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

async function useClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    // A connection is not worth finding out about: a new one takes milliseconds.
    broken = true;
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Not about the work: another connection, or another moment, may do it. */
function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseAway || error instanceof Refused) return false;
  const code = codeOf(error);
  // No SQLSTATE: the driver or the system says that the connection is gone.
  if (!/^[0-9A-Z]{5}$/.test(code)) return error instanceof Error && !(error instanceof TypeError);
  return /^(08|57P|53)/.test(code) || PASSING.has(code);
}

/** Serialization, deadlock, lock and statement timeouts; a primary that is a standby now. */
const PASSING = new Set(['40001', '40P01', '55P03', '57014', '25006', '25P03']);

async function endPool(pool: Pool): Promise<void> {
  // Connections that are in use end when their work does, or when that times out.
  await Promise.race([
    pool.end().catch(() => {}),
    new Promise((resolve) => setTimeout(resolve, 500).unref()),
  ]);
}
