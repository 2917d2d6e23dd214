// Random interleavings on three replicas of one database against the rules: the state in memory that cases run on knows them,
// and there is only one of it.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryState, type MemoryState } from '../../src/runtime/state/memory-state.ts';
import type { NewHold } from '../../src/runtime/state/state.ts';
import type { StateOwner } from '../../src/runtime/state/state-owner.ts';
import { BEHAVIOUR, makeHold, makeRequest } from '../runtime/state/example-hold.ts';
import { openReplica } from './open-replica.ts';
import { POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';

const CONNECTORS = ['one', 'two'];
const BEHAVIOURS = [BEHAVIOUR, 'b'.repeat(64)];
const REPLICAS = 3;

type Step = { readonly connector: string } & (
  | {
      readonly kind: 'keep' | 'aside';
      readonly event: number | null;
      readonly says: number;
      readonly grade: NewHold['grade'];
      readonly behaviour: string;
    }
  | { readonly kind: 'pause' | 'resume' | 'resume all' | 'window' | 'capture' }
  | { readonly kind: 'fitted'; readonly hasRecipient: boolean }
);

/** So that rows of requests come about, and are ended. */
const HOLD_MOSTLY = ['hold', 'hold', 'hold', 'hold', 'none', 'pause'] as const;

const connector = fc.constantFrom(...CONNECTORS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('keep' as const, 'keep' as const, 'aside' as const),
      connector,
      event: fc.option(fc.integer({ min: 1, max: 5 })),
      says: fc.integer({ min: 1, max: 2 }),
      grade: fc.constantFrom(...HOLD_MOSTLY),
      behaviour: fc.constantFrom(BEHAVIOUR, BEHAVIOUR, BEHAVIOUR, ...BEHAVIOURS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'pause' as const,
        'resume' as const,
        'resume all' as const,
        'window' as const,
        'capture' as const,
      ),
      connector,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('fitted' as const), connector, hasRecipient: fc.boolean() }),
  },
);

let requests = 0;

function holdOf(given: Extract<Step, { kind: 'keep' | 'aside' }>): NewHold {
  requests += 1;
  const { event, says, connector, grade, behaviour, kind } = given;
  return makeHold({
    connector,
    behaviour,
    grade: kind === 'aside' ? 'none' : grade,
    pauseAfter: 2,
    requestId: `req_model_${requests}`,
    sourceId: event === null ? null : `evt_model_${event}`,
    request: makeRequest({ event, says }),
    requestDigest: String(says).repeat(64),
  });
}

type Common = Pick<StateOwner, 'keep' | 'setAside' | 'fitted' | 'capture'> & {
  pause(connector: string, by: { by: string }): unknown;
  resume(connector: string, by: { by: string }): unknown;
  openCapture(connector: string): unknown;
};

/** Out: what whoever asked was told. */
async function run(state: Common, given: Step, hold: NewHold | null): Promise<unknown> {
  switch (given.kind) {
    case 'keep': {
      const kept = await state.keep(hold as NewHold);
      return kept.ok ? { paused: kept.paused, added: kept.added } : kept;
    }
    case 'aside':
      return { ok: (await state.setAside(hold as NewHold)).ok };
    case 'fitted':
      return state.fitted(given.connector, given.hasRecipient);
    case 'window':
      await state.openCapture(given.connector);
      return null;
    case 'capture':
      return state.capture(given.connector, makeRequest(), Date.now());
    case 'pause':
      await state.pause(given.connector, { by: 'alice' });
      return null;
    default:
      await state.resume(given.kind === 'resume all' ? '*' : given.connector, { by: 'alice' });
      return null;
  }
}

function seen(
  state: Pick<StateOwner, 'pauseOf' | 'asideOf' | 'captureWindowOf'>,
  holds: readonly { connector: string; count: number }[],
) {
  return CONNECTORS.map((id) => ({
    id,
    pauses: BEHAVIOURS.map((behaviour) => {
      const pause = state.pauseOf(id, behaviour);
      return pause === null ? null : [pause.kind, pause.reason, pause.requestId, pause.event];
    }),
    aside: state.asideOf(id),
    hasWindow: state.captureWindowOf(id, Date.now()) !== null,
    counts: holds.filter(({ connector }) => connector === id).map(({ count }) => count),
  }));
}

const seenBy = (owner: StateOwner) => seen(owner, owner.holds.list().holds);
const seenIn = (memory: MemoryState) => seen(memory, memory.holds());

describe.skipIf(POSTGRES === null)('three replicas', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  const open = async (): Promise<StateOwner[]> => {
    const url = await server.makeDatabase();
    return Promise.all(Array.from({ length: REPLICAS }, () => openReplica(url)));
  };
  const refresh = (owners: readonly StateOwner[]) => Promise.all(owners.map((owner) => owner.check()));

  test('are one state: whoever is asked, the same is decided and known as by one alone', async () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: REPLICAS - 1 }), step), { minLength: 10, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const owners = await open();
        const memory = createMemoryState(Date.now);
        for (const [index, given] of all) {
          const owner = owners[index] as StateOwner;
          const hold = given.kind === 'keep' || given.kind === 'aside' ? holdOf(given) : null;
          const told = await run(owner, given, hold);
          expect(told).toEqual(await run(memory, given, hold));
          // What is said without an answer is done before the next one looks.
          await owner.check();
          await refresh(owners);
          for (const one of owners) expect(seenBy(one)).toEqual(seenIn(memory));
        }
        await Promise.all(owners.map((owner) => owner.close()));
      }),
      { numRuns: 25 },
    );
  });

  test('at the same time lose nothing, keep nothing twice, and come to agree', async () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: REPLICAS - 1 }), step), { minLength: 10, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const owners = await open();
        const kept = new Map<string, number>();
        const pausedBy: string[] = [];
        await Promise.all(
          all.map(async ([index, given]) => {
            const owner = owners[index] as StateOwner;
            if (given.kind !== 'keep')
              return run(owner, given, given.kind === 'aside' ? holdOf(given) : null);
            const hold = holdOf(given);
            const result = await owner.keep(hold);
            if (!result.ok) throw new Error(result.reason);
            if (result.paused) pausedBy.push(hold.requestId);
            kept.set(result.holdId, (kept.get(result.holdId) ?? 0) + 1);
            // Nothing that pauses is acknowledged before it does.
            return null;
          }),
        );
        await refresh(owners);
        const [first] = owners as [StateOwner];
        const asHolds = new Map(first.holds.list().holds.map(({ id, count }) => [id, count]));
        expect(asHolds).toEqual(kept);
        for (const owner of owners) expect(seenBy(owner)).toEqual(seenBy(first));
        for (const pause of first.pauses()) {
          if (pause.kind === 'auto') expect(pausedBy).toContain(pause.requestId);
        }
        await Promise.all(owners.map((owner) => owner.close()));
      }),
      { numRuns: 25 },
    );
  });
});
