/**
 * Takes in what a replica keeps: requests that are held or set aside, and what ends a row of them. In: requests. Out: what
 * became of each, at the commit. On the way there they restrict this replica already.
 */
import type { ClientBase } from 'pg';
import { isConnectorId } from '../connector-id.ts';
import { newHold } from '../files/hold-format.ts';
import { createHoldIds } from '../hold-id.ts';
import { pauseOf } from '../overlay.ts';
import type { KeepResult, NewHold, SetAside } from '../state.ts';
import type { StateOwner } from '../state-owner.ts';
import { dropAside, keepAside } from './aside-rows.ts';
import { describeFailure } from './connect.ts';
import type { DatabaseLink } from './database-link.ts';
import { encodeRow, type HoldRow } from './hold-rows.ts';
import { Keeper } from './keeper.ts';
import type { LocalCopy, OnItsWay } from './local-copy.ts';
import type { ChangeReader } from './read-changes.ts';
import { Spool, type Spooled } from './spool.ts';

export interface IntakeDeps {
  readonly link: Pick<DatabaseLink, 'run'>;
  readonly copy: LocalCopy;
  readonly changes: Pick<ChangeReader, 'touch'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Why the database took nothing, for people. */
  readonly explain: (reason: string) => string;
  /** A folder for what must be kept while the database is away; null: then it is refused. */
  readonly spool: StateOwner | null;
}

export class Intake {
  readonly #link: IntakeDeps['link'];
  readonly #copy: LocalCopy;
  readonly #changes: IntakeDeps['changes'];
  readonly #now: () => number;
  readonly #explain: (reason: string) => string;
  readonly #keeper: Keeper;
  readonly #spool: Spool | null;
  /** What was spooled goes on restricting this replica until the database has it. By the id that it has in the spool. */
  readonly #spooled = new Map<string, OnItsWay>();
  readonly #nextId: () => string;
  /** What `fitted` is ending, by connector: what is kept after it comes after it. */
  readonly #ending = new Map<string, Promise<void>>();
  #closed = false;

  constructor({ link, copy, changes, now, explain, spool }: IntakeDeps) {
    this.#link = link;
    this.#copy = copy;
    this.#changes = changes;
    this.#now = now;
    this.#explain = explain;
    this.#keeper = new Keeper(link, (rows) => copy.setConnectors(rows));
    this.#nextId = createHoldIds(now);
    this.#spool = spool === null ? null : new Spool(spool, (id) => this.#moved(id));
  }

  spooled(): number {
    return this.#spool?.count() ?? 0;
  }

  problems(): readonly string[] {
    return this.#spool?.problems() ?? [];
  }

  /** The database is there: it gets what was spooled. */
  drain(): void {
    void this.#spool?.drain((spooled) => this.#deliver(spooled));
  }

  async closeSpool(): Promise<void> {
    await this.#spool?.close();
  }

  /** Nothing is taken in after that. */
  close(): void {
    this.#closed = true;
  }

  /** What was said without an answer is done. */
  async heard(): Promise<void> {
    await Promise.all(this.#ending.values());
  }

  async settled(): Promise<void> {
    await Promise.all([this.#keeper.settled(), ...this.#ending.values()]);
  }

  async keep(hold: NewHold): Promise<KeepResult> {
    const refused = this.#refusal(hold);
    if (refused !== null) return { ok: false, reason: refused };
    const row = this.#newRow(hold);
    const { bytes } = row.summary;
    const full = this.#copy.holds.reserve(hold.connector, bytes);
    if (full !== null) return { ok: false, reason: full };
    const one = { hold, row, at: new Date(this.#now()).toISOString() };
    // It restricts before anything is awaited: no later request may slip past it.
    this.#copy.expect(one);
    await this.#ending.get(hold.connector);
    const settled = await this.#keeper.keep(one);
    this.#copy.holds.release(hold.connector, bytes);
    if (!settled.ok && settled.isAway && this.#spool !== null) return this.#keepAway(this.#spool, one);
    if (settled.ok) this.#put(row, settled.kept, false);
    this.#copy.settle(one);
    if (!settled.ok) return { ok: false, reason: this.#explain(settled.reason) };
    const { id, added, paused } = settled.kept;
    return { ok: true, holdId: id, added, paused: paused ?? this.#isPaused(hold) };
  }

  /** Durable here; what it pauses is paused here until the database decides. */
  async #keepAway(spool: Spool, one: OnItsWay): Promise<KeepResult> {
    const { hold, at } = one;
    const kept = await spool.keep(hold, at);
    this.#copy.settle(one);
    if (!kept.ok) return kept;
    if (hold.grade !== 'none' && !this.#spooled.has(kept.holdId)) {
      // Without the body: it is on the disk.
      const light = { hold: { ...hold, request: { ...hold.request, body: '' } }, at };
      this.#spooled.set(kept.holdId, light);
      this.#copy.expect(light);
    }
    return { ...kept, paused: this.#isPaused(hold) };
  }

  async #deliver({ hold, grade, pauseAfter, at }: Spooled): Promise<void> {
    // It was moved before, and a stop came before it was gone from the spool.
    if (await this.#link.run((client) => isKnown(client, hold.id))) return;
    const row = encodeRow(hold);
    const { id: _id, format: _format, count: _count, attempts: _attempts, ...rest } = hold;
    const { nextAttemptAt, ...kept } = rest;
    const late = {
      hold: { ...kept, grade, pauseAfter, ...(nextAttemptAt === null ? {} : { nextAttemptAt }) },
      row,
      at,
      isLate: true,
    };
    const settled = await this.#keeper.keep(late);
    if (!settled.ok) throw new Error(settled.reason);
    this.#put(row, settled.kept, false);
  }

  #moved(id: string): void {
    const one = this.#spooled.get(id);
    if (one === undefined) return;
    this.#spooled.delete(id);
    this.#copy.settle(one);
  }

  async setAside(hold: NewHold): Promise<SetAside> {
    const refused = this.#refusal(hold);
    if (refused !== null) return { ok: false, reason: refused };
    const row = this.#newRow(hold);
    const { bytes } = row.summary;
    const full = this.#copy.aside.reserve(hold.connector, bytes);
    if (full !== null) return { ok: false, reason: full };
    await this.#ending.get(hold.connector);
    try {
      const { kept, moved } = await this.#link.run((client) => keepAside(client, row));
      this.#copy.aside.release(hold.connector, bytes);
      this.#put(row, kept, true);
      for (const [id, held] of moved ?? []) {
        this.#changes.touch(id);
        const summary = this.#copy.aside.get(id);
        if (summary === null) continue;
        if (id === held) this.#copy.putHold(summary, false);
        else this.#copy.dropHold(id);
      }
      return { ok: true, holdId: moved?.get(kept.id) ?? null };
    } catch (error) {
      this.#copy.aside.release(hold.connector, bytes);
      return { ok: false, reason: this.#explain(describeFailure(error)) };
    }
  }

  fitted(connector: string, hasRecipient: boolean): void {
    const hasStreak = this.#copy.hasStreak(connector);
    const hasAside = hasRecipient && this.#copy.aside.counts(connector).count > 0;
    if ((!hasStreak && !hasAside) || this.#ending.has(connector)) return;
    if (hasStreak) this.#copy.endStreak(connector);
    const dropped = hasAside ? this.#copy.aside.list({ connector }).holds : [];
    for (const { id } of dropped) this.#copy.dropHold(id);
    const ending = this.#link
      .run(async (client) => {
        if (hasStreak) await endStreak(client, connector);
        if (hasAside) await dropAside(client, connector);
      })
      .catch(() => {})
      .then(() => {
        for (const { id } of dropped) this.#changes.touch(id);
        this.#ending.delete(connector);
      });
    this.#ending.set(connector, ending);
  }

  #newRow(hold: NewHold): HoldRow {
    return encodeRow(newHold(hold, this.#nextId()));
  }

  /** What was kept, as lists show it; of another replica's hold the rest comes with the next look. */
  #put(row: HoldRow, { id, count }: { id: string; count: number }, isAside: boolean): void {
    this.#changes.touch(id);
    const index = isAside ? this.#copy.aside : this.#copy.holds;
    const summary = id === row.id ? row.summary : index.get(id);
    if (summary !== null) this.#copy.putHold({ ...summary, count }, isAside);
  }

  #refusal({ connector }: NewHold): string | null {
    if (this.#closed) return 'the runtime is stopping';
    return isConnectorId(connector) ? null : 'the connector has no valid id';
  }

  #isPaused({ connector, behaviour }: NewHold): boolean {
    return pauseOf(this.#copy.overlay(), connector, behaviour) !== null;
  }
}

async function isKnown(client: ClientBase, id: string): Promise<boolean> {
  const { rows } = await client.query<{ known: boolean }>(
    `select exists (select from sluice.holds where id = $1)
       or exists (select from sluice.removed where id = $1) as known`,
    [id],
  );
  return rows[0]?.known === true;
}

async function endStreak(client: ClientBase, connector: string): Promise<void> {
  await client.query(
    `update sluice.connectors set streak = null, changed_in = pg_current_xact_id()
     where id = $1 and streak is not null`,
    [connector],
  );
}
