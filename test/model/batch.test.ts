/**
 * Any batch, with any of its elements wrong and any of its deliveries failing: each element is delivered once or held, never
 * both and never neither, and what is held is delivered once when the connector takes it and the target does.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Hold } from '../../src/admin-api/records.ts';
import { type HoldChange, replayHold } from '../../src/runtime/redelivery/replay.ts';
import { makePlan } from '../bundle/make-plan.ts';
import { makeEvent, makeRequest, makeWorld } from '../runtime/world.ts';

const KINDS = ['good', 'drifted', 'without user', 'without amount', 'amount is text'] as const;
type Kind = (typeof KINDS)[number];

const FITS: readonly Kind[] = ['good', 'drifted'];

/** Takes text too, which the first version does not. */
const fixed = makePlan({ split: '$.events[*]' });
const takesText = {
  ...fixed,
  shape: {
    ...fixed.shape!,
    shape: {
      ...fixed.shape!.shape,
      members: { ...fixed.shape!.shape.members, amount: { types: ['number', 'string'] as const } },
    },
  },
};

function element(kind: Kind, index: number): object {
  const good = makeEvent({ id: `e${index}`, user: { id: `u${index}` } });
  const changed: Record<Kind, object> = {
    good: {},
    drifted: { note: true },
    'without user': { user: {} },
    'without amount': { amount: undefined },
    'amount is text': { amount: '12' },
  };
  return { ...good, ...changed[kind] };
}

const elements = fc.array(fc.record({ kind: fc.constantFrom(...KINDS), fails: fc.boolean() }), {
  minLength: 1,
  maxLength: 12,
});

test('each element of a batch is delivered or held, once, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(elements, fc.boolean(), async (batch, isPaused) => {
      const indexes = (of: (one: (typeof batch)[number]) => boolean): number[] =>
        batch.flatMap((one, index) => (of(one) ? [index] : []));
      const world = makeWorld([makePlan({ split: '$.events[*]' })]);
      if (isPaused) world.pause('orders', 'by hand');
      const user = ({
        trigger,
      }: {
        readonly trigger: { readonly targetUserIds: readonly string[] };
      }): number => Number(trigger.targetUserIds[0]?.slice(1));
      world.target.answer = (trigger) =>
        batch[user(trigger)]?.fails ? { ok: false, retry: true, reason: 'down' } : { ok: true };

      const events = batch.map(({ kind }, index) => element(kind, index));
      const outcome = await world.pipeline.handle(makeRequest({ json: { events } }));
      const delivered = isPaused ? [] : indexes(({ kind, fails }) => FITS.includes(kind) && !fails);
      expect(world.sent.map(user)).toEqual(delivered);
      const kept = world.holds.flatMap((hold) => hold.elements ?? indexes(() => true));
      expect([...delivered, ...kept].sort((one, other) => one - other)).toEqual(indexes(() => true));
      expect(outcome.outcome).toBe(kept.length > 0 ? 'held' : 'delivered');

      // The fix is merged, the target is back, and everything is replayed, twice.
      const after = makeWorld([takesText]);
      let held: Hold[] = world.holds.map(({ grade: _, pauseAfter: __, ...hold }, index) => ({
        ...hold,
        format: 1,
        id: `hold-${index}`,
        count: 1,
        attempts: 0,
        nextAttemptAt: null,
      }));
      for (let round = 0; round < 2; round += 1) {
        for (const hold of held) {
          await replayHold(hold, {
            ...after.deps,
            others: async () => [],
            remove: async ({ id }) => {
              held = held.filter((one) => one.id !== id);
              return true;
            },
            amend: async ({ id }, change: HoldChange) => {
              held = held.map((one) => (one.id === id ? { ...one, ...change } : one));
              return true;
            },
          });
        }
      }
      const wrong = indexes(({ kind }) => kind === 'without user' || kind === 'without amount');
      const late = indexes(() => true).filter(
        (index) => !wrong.includes(index) && !delivered.includes(index),
      );
      expect(after.sent.map(user).sort((one, other) => one - other)).toEqual(late);
      expect(held.flatMap((hold) => hold.elements ?? indexes(() => true)).sort((a, b) => a - b)).toEqual(
        wrong,
      );
    }),
    { numRuns: 300 },
  );
});
