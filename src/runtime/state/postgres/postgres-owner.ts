/**
 * The state that several replicas share, behind the face of a state folder. In: a link to the database, and the folder that
 * this replica has for itself (its token, the last good bundle). Reads are local; a request counts as kept, and a pause as
 * made, at the commit. What the database says is what holds; on the way there a replica may only restrict.
 */
import type { Client, PoolClient } from 'pg';
import type { PauseRecord, StoredRequest } from '../../../admin-api/records.ts';
import type { Difference } from '../../../stages/shape/difference.ts';
import type { CaptureStatus, OpenedWindow } from '../capturing.ts';
import { isConnectorId } from '../connector-id.ts';
import { type Drift, DriftLog } from '../drift-log.ts';
import { WRITTEN, type Written } from '../files/durable-file.ts';
import { DEFAULT_HOLD_LIMITS } from '../hold-index.ts';
import { allPauses, EVERY_CONNECTOR, type EverythingPaused, type HistoryEntry, pauseOf } from '../overlay.ts';
import type { StateSnapshot } from '../snapshot.ts';
import type { CaptureWindow, KeepResult, NewHold, SetAside } from '../state.ts';
import type { Duty, Operator, SharedDatabase, StateChange, StateOwner } from '../state-owner.ts';
import { CapturingInDatabase } from './capturing-in-database.ts';
import { describeFailure } from './connect.ts';
import { DatabaseLink, type LinkFailure } from './database-link.ts';
import { pauseInDatabase, resumeInDatabase } from './decide-pauses.ts';
import { DutyLease } from './duty-lease.ts';
import { explainAway } from './explain-away.ts';
import { heldInDatabase } from './held-in-database.ts';
import { Intake } from './intake.ts';
import { LocalCopy } from './local-copy.ts';
import { type NotifiedInDatabase, notifiedInDatabase } from './notified-in-database.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { ChangeReader, forgetRemoved } from './read-changes.ts';
import { shareSequence } from './shared-sequence.ts';

const FORGET_EVERY_MS = 60_000;

export class PostgresOwner implements StateOwner {
  readonly holds: StateOwner['holds'];
  readonly notified: NotifiedInDatabase;
  readonly bundles: StateOwner['bundles'];
  readonly #options: PostgresOptions;
  readonly #now: () => number;
  readonly #link: DatabaseLink;
  readonly #copy: LocalCopy;
  readonly #changes: ChangeReader;
  readonly #intake: Intake;
  readonly #capturing: CapturingInDatabase;
  readonly #duty: DutyLease;
  readonly #drift = new DriftLog();
  readonly #listeners = new Set<(change: StateChange) => void>();
  readonly #read = Promise.withResolvers<void>();
  readonly #monotonicNow: () => number;
  #forgotAt = Number.NEGATIVE_INFINITY;
  #wasOurs = false;
  #closed = false;

  constructor(options: PostgresOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#monotonicNow = options.monotonicNow ?? (() => performance.now());
    this.#copy = new LocalCopy(options.holdLimits ?? DEFAULT_HOLD_LIMITS, (change) => this.#announce(change));
    this.#changes = new ChangeReader(this.#copy, this.#monotonicNow);
    this.#link = new DatabaseLink({
      address: options.address,
      name: `sluice ${options.replica}`,
      sync: (client, isFirst) => this.#sync(client, isFirst),
      changed: () => this.#linkChanged(),
      monotonicNow: this.#monotonicNow,
    });
    const shared = {
      link: this.#link,
      copy: this.#copy,
      now: this.#now,
      explain: (reason: string) => this.#explain(reason),
    };
    this.#intake = new Intake({ ...shared, changes: this.#changes, spool: options.spool ?? null });
    this.#capturing = new CapturingInDatabase(shared);
    this.#duty = new DutyLease(options.replica, this.#monotonicNow);
    this.notified = notifiedInDatabase(this.#link);
    this.bundles = shareSequence(options.local.bundles, this.#link);
    this.holds = this.#holdsUnder(undefined);
  }

  /** Connects, and reads what there is. Where the database is away for now it goes on trying; null: all is read. */
  start(): Promise<LinkFailure | null> {
    return this.#link.start();
  }

  get folder(): string {
    return this.#options.local.folder;
  }

  isOurs(): boolean {
    return this.#link.age() < this.#options.staleAfterMs && this.#options.local.isOurs();
  }

  pauseOf(connector: string, behaviour: string, before?: string): PauseRecord | null {
    return pauseOf(this.#copy.overlay(), connector, behaviour, before);
  }

  keep(hold: NewHold): Promise<KeepResult> {
    return this.#intake.keep(hold);
  }

  setAside(hold: NewHold): Promise<SetAside> {
    return this.#intake.setAside(hold);
  }

  fitted(connector: string, hasRecipient: boolean): void {
    this.#intake.fitted(connector, hasRecipient);
  }

  asideOf(connector: string): number {
    return this.#copy.aside.counts(connector).count;
  }

  captureWindowOf(connector: string, now: number): CaptureWindow | null {
    return this.#capturing.windowOf(connector, now);
  }

  capture(connector: string, request: StoredRequest, now: number): Promise<{ ok: boolean }> {
    return this.#capturing.capture(connector, request, now);
  }

  drifted(connector: string, differences: readonly Difference[], now: number): void {
    this.#drift.add(connector, differences, now);
  }

  driftOf(connector: string): readonly Drift[] {
    return this.#drift.of(connector);
  }

  pause(connector: string, { by, reason = 'paused by an operator' }: Operator): Promise<Written> {
    return this.#decide(connector, false, (client) =>
      pauseInDatabase(client, connector, { by, reason, at: this.#time() }),
    );
  }

  resume(connector: string, { by, reason = 'resumed by an operator' }: Operator): Promise<Written> {
    return this.#decide(connector, true, (client) =>
      resumeInDatabase(client, connector, { by, reason, at: this.#time() }),
    );
  }

  pauses(): readonly PauseRecord[] {
    return allPauses(this.#copy.overlay());
  }

  everythingPaused(): EverythingPaused | null {
    return this.#copy.overlay().everything;
  }

  history(): readonly HistoryEntry[] {
    return this.#copy.overlay().history;
  }

  openCapture(connector: string, seconds?: number): Promise<OpenedWindow> {
    return this.#capturing.open(connector, seconds);
  }

  async closeCapture(connector: string): Promise<void> {
    await this.#capturing.close(connector);
  }

  captureWindows(): readonly CaptureWindow[] {
    return this.#capturing.windows(this.#now());
  }

  captureStatus(connector: string): Promise<CaptureStatus> {
    return this.#capturing.status(connector, this.#now());
  }

  snapshot(): StateSnapshot {
    return {
      overlay: this.#copy.overlay(),
      windows: this.captureWindows(),
      streaks: this.#copy.unfitted(),
      isOurs: this.isOurs(),
    };
  }

  subscribe(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async check(): Promise<void> {
    this.#announceOurs();
    await this.#intake.heard();
    await Promise.all([this.#link.refresh(), this.#options.local.check()]);
  }

  onRestored(listener: () => void): void {
    this.#options.local.onRestored(listener);
  }

  async whileInCharge(duty: Duty): Promise<void> {
    this.#duty.set({
      start: async (number) => {
        await this.notified.load();
        await duty.start(this.#holdsUnder(number));
      },
      stop: () => duty.stop(),
    });
  }

  database(): SharedDatabase {
    return { isUp: this.#link.failure() === null, spooled: this.#intake.spooled() };
  }

  unread(): string | null {
    const failure = this.#link.failure();
    return failure === null || this.#link.age() < Number.POSITIVE_INFINITY
      ? null
      : this.#explain(failure.reason);
  }

  problems(): readonly string[] {
    const failure = this.#closed ? null : this.#link.failure();
    return [
      ...(failure === null ? [] : [this.#explain(failure.reason)]),
      ...(this.everythingPaused() === null ? [] : [(this.everythingPaused() as EverythingPaused).reason]),
      ...this.#intake.problems(),
      ...this.notified.problems(),
      ...this.#options.local.problems(),
    ];
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#intake.close();
    await this.#duty.end();
    await Promise.all([this.#intake.settled(), this.notified.settled()]);
    await this.#link.run((client) => this.#duty.release(client)).catch(() => {});
    await this.#link.close();
    await this.#intake.closeSpool();
    await this.#options.local.close();
  }

  async #sync(client: Client, isFirst: boolean): Promise<void> {
    await this.#changes.read(client, isFirst);
    this.#read.resolve();
    const now = this.#monotonicNow();
    if (now - this.#forgotAt > FORGET_EVERY_MS) {
      this.#forgotAt = now;
      await forgetRemoved(client);
    }
    if (!this.#closed) await this.#duty.look(client);
    this.#announceOurs();
  }

  async #decide(
    connector: string,
    isResume: boolean,
    change: (client: PoolClient) => ReturnType<typeof pauseInDatabase>,
  ): Promise<Written> {
    if (!isConnectorId(connector) && !(isResume && connector === EVERY_CONNECTOR))
      return { ok: false, reason: `"${connector}" is not the id of a connector` };
    try {
      this.#copy.setConnectors(await this.#link.run(change));
      this.#link.poke();
      return WRITTEN;
    } catch (error) {
      return { ok: false, reason: this.#explain(describeFailure(error)), isUndone: true };
    }
  }

  #holdsUnder(number: string | undefined): StateOwner['holds'] {
    return heldInDatabase({
      link: this.#link,
      copy: this.#copy,
      changes: this.#changes,
      read: this.#read.promise,
      ...(number === undefined ? {} : { lease: { name: DutyLease.NAME, number } }),
    });
  }

  #explain(reason: string): string {
    return explainAway(reason, this.#link, this.#options);
  }

  #linkChanged(): void {
    this.#announceOurs();
    if (this.#link.failure() === null) this.#intake.drain();
  }

  #announceOurs(): void {
    const isOurs = this.isOurs();
    if (isOurs === this.#wasOurs) return;
    this.#wasOurs = isOurs;
    this.#announce({ kind: 'isOurs' });
  }

  #announce(change: StateChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}
