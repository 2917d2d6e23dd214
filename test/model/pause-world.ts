/** The real pipeline over a real state folder, with a target in memory and a clock that stands: what the model is held against. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { decodeBundle, encodeBundle } from '../../src/bundle/codec.ts';
import type { Outcome } from '../../src/outcomes/outcome.ts';
import { createHeldControl } from '../../src/runtime/admin/held-control.ts';
import { NotifyEvents } from '../../src/runtime/notify/notify-events.ts';
import type { Notification } from '../../src/runtime/notify/notify-sender.ts';
import { type ActiveConnector, activateConnector } from '../../src/runtime/pipeline/connector.ts';
import { createPipeline, type Pipeline } from '../../src/runtime/pipeline/pipeline.ts';
import { type FileSystem, nodeFileSystem } from '../../src/runtime/state/files/file-system.ts';
import { openStateOwner } from '../../src/runtime/state/files/open-state-owner.ts';
import type { StateOwner } from '../../src/runtime/state/state-owner.ts';
import { createMemoryTarget, type MemoryTarget } from '../../src/runtime/targets/memory-target.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { makeFakeClock, settle } from '../runtime/state/fake-clock.ts';
import { makeFaultyFileSystem } from '../runtime/state/faulty-file-system.ts';
import { makeRequest, NO_SCRIPTS, SECRET } from '../runtime/world.ts';
import type { Sent, Version } from './pause-model.ts';

const CONNECTOR = 'orders';

/** Calls that need room on the disk. */
const NEEDS_ROOM: ReadonlySet<string> = new Set(['create', 'write', 'sync', 'rename', 'makeFolder']);

/** No power fails here, and thousands of syncs wait for a disk that others use too. */
const disk = nodeFileSystem(tmpdir());
const withoutSyncs: FileSystem = {
  ...disk,
  async create(path) {
    const file = await disk.create(path);
    return { write: (bytes) => file.write(bytes), sync: async () => {}, close: () => file.close() };
  },
  syncFolder: async () => {},
};

export class PauseWorld {
  readonly target: MemoryTarget;
  readonly errors: unknown[] = [];
  isTargetDown = false;
  isDiskFull = false;
  readonly #folder = mkdtempSync(join(tmpdir(), 'sluice-model-'));
  readonly #fileSystem = makeFaultyFileSystem(withoutSyncs);
  readonly #clock = makeFakeClock(this.#fileSystem.isIdle);
  #owner: StateOwner | null = null;
  #pipeline: Pipeline | null = null;
  #active: ActiveConnector | null = null;
  #events: NotifyEvents | null = null;
  /** What the receiver of notifications has not taken yet. */
  #queue: Notification[] = [];
  /** Whether the receiver takes the connector for paused; null: it has heard nothing. */
  believesPaused: boolean | null = null;

  constructor() {
    this.target = createMemoryTarget(() =>
      this.isTargetDown ? { ok: false, retry: true, reason: 'down' } : { ok: true },
    );
    this.#fileSystem.fault = (call) => (this.isDiskFull && NEEDS_ROOM.has(call) ? 'ENOSPC' : null);
  }

  get owner(): StateOwner {
    if (this.#owner === null) throw new Error('not started');
    return this.#owner;
  }

  /** Starts, or ends and starts again. */
  async restart(): Promise<void> {
    await this.#owner?.close();
    await this.#start();
  }

  /** The process dies, with whatever is only in its memory. */
  async crash(): Promise<void> {
    await settle(this.#fileSystem.isIdle);
    await this.#start();
  }

  async #start(): Promise<void> {
    // No process starts within the millisecond in which another ended; holds are sorted by it.
    this.#clock.jump(1);
    const opened = await openStateOwner({
      folder: this.#folder,
      fileSystem: this.#fileSystem,
      timer: this.#clock,
      // The kernel takes the lock from a process that died.
      takeKernelLock: () => ({ ok: true, release: () => {}, isCurrent: () => true }),
      ...this.#clock,
    });
    if (!opened.ok) throw new Error(opened.message);
    this.#owner = opened.owner;
    this.#pipeline = createPipeline({
      connector: (id) => (id === CONNECTOR ? (this.#active ?? undefined) : undefined),
      ready: () => true,
      secrets: () => SECRET,
      state: opened.owner,
      target: this.target,
      scripts: NO_SCRIPTS,
      now: this.#clock.now,
      maxMode: 'live',
      timer: this.#clock,
      onError: (error) => this.errors.push(error),
    });
    this.#queue = [];
    const events = new NotifyEvents(
      {
        owner: opened.owner,
        isReady: () => this.#active !== null,
        connector: (id) => (id === CONNECTOR ? (this.#active?.runner()?.plan ?? null) : null),
        statusUrl: () => null,
        timer: this.#clock,
        ...this.#clock,
      },
      (notification) => this.#queue.push(notification),
    );
    opened.owner.subscribe((change) => {
      if (this.#owner === opened.owner) events.stateChanged(change);
    });
    this.#events = events;
  }

  /** The receiver of notifications takes what there is. */
  async takeNotifications(): Promise<void> {
    for (const { type, taken } of this.#queue.splice(0)) {
      this.believesPaused =
        type === 'connector.holding' ? (this.believesPaused ?? false) : type === 'connector.paused';
      taken();
    }
    await this.owner.notified.settled();
  }

  reload(version: Version): void {
    const plan = planOf(version);
    const decoded = decodeBundle(encodeBundle([plan], { revision: version.name, sequence: 1, tool: 'test' }));
    const connector = decoded.ok ? decoded.bundle.connectors.get(CONNECTOR) : undefined;
    if (connector === undefined) throw new Error('the bundle cannot be read');
    this.#active = activateConnector(connector);
    this.#events?.bundleChanged();
  }

  send(request: Sent, isGenuine: boolean): Promise<Outcome> {
    const genuine = makeRequest({ raw: bodyOf(request), sign: true });
    const forged = makeRequest({ raw: bodyOf(request), headers: { 'x-signature': '0'.repeat(64) } });
    return (this.#pipeline as Pipeline).handle(isGenuine ? genuine : forged);
  }

  pause(): Promise<unknown> {
    return this.owner.pause(CONNECTOR, { by: 'alice' });
  }

  resume(): Promise<unknown> {
    return this.owner.resume(CONNECTOR, { by: 'alice' });
  }

  openCapture(): void {
    void this.owner.openCapture(CONNECTOR);
  }

  isPaused({ behaviour }: Version): boolean {
    return this.owner.pauseOf(CONNECTOR, digestOf(behaviour)) !== null;
  }

  async replay(): Promise<void> {
    const control = createHeldControl({
      owner: this.owner,
      log: pino({ level: 'silent' }),
      replaying: {
        connector: () => this.#active ?? undefined,
        scripts: NO_SCRIPTS,
        target: this.target,
        timer: this.#clock,
        maxMode: 'live',
      },
    });
    const { signal } = new AbortController();
    await control.replay({ connector: CONNECTOR }, { dryRun: false, by: 'alice', signal });
  }

  /** How often requests were kept, retries included. */
  keptCount(): number {
    return this.owner.holds.list().holds.reduce((sum, hold) => sum + hold.count, 0);
  }

  async captureCount(): Promise<number> {
    return (await this.owner.captureStatus(CONNECTOR)).latest === null ? 0 : 1;
  }

  async remove(): Promise<void> {
    await this.#owner?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Who a card goes to tells which request it was made of. */
export function userOf({ event, kind }: Sent): string {
  return `user of ${event}, ${kind}`;
}

function planOf({ behaviour, status, pauseAfter, takesText }: Version) {
  const amount = { types: takesText ? (['number', 'string'] as const) : (['number'] as const) };
  return makePlan({
    id: CONNECTOR,
    status,
    behaviour: digestOf(behaviour),
    signature: hmacSignature,
    when: [{ path: '$.type', equals: 'order', inEverySample: true }],
    shape: {
      policy: 'mapped',
      pauseAfter,
      shape: {
        types: ['object'],
        members: {
          amount,
          id: { types: ['string'] },
          type: { types: ['string'] },
          user: { types: ['object'], members: { id: { types: ['string'] } } },
        },
      },
      fingerprint: '0'.repeat(64),
      sampleFingerprints: ['0'.repeat(64)],
      reads: [
        { paths: ['$.user.id'], required: true, optional: false, inEverySample: true },
        { paths: ['$.amount'], required: false, optional: false, inEverySample: true },
      ],
    },
  });
}

/** What is written to the overlay must look like a digest. */
function digestOf(behaviour: string): string {
  return behaviour.repeat(64);
}

function bodyOf(request: Sent): string {
  const good = { id: request.event, type: 'order', user: { id: userOf(request) }, amount: 12 };
  const { user: _, ...withoutUser } = good;
  const { amount: __, ...withoutAmount } = good;
  const { type: ___, ...withoutType } = good;
  const bodies: Record<Sent['kind'], object> = {
    good,
    drifted: { ...good, note: { added: true } },
    'without user': withoutUser,
    'user is a number': { ...good, user: { id: 7 } },
    'without amount': withoutAmount,
    'amount is text': { ...good, amount: '12' },
    'of another type': { ...good, type: 'refund' },
    'without type': withoutType,
  };
  return JSON.stringify(bodies[request.kind]);
}
