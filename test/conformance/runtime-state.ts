/**
 * What every RuntimeState must do, whoever implements it: the owner of a state folder, a worker, memory. And what operators
 * and redelivery rely on, of those who can be asked for what they hold.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { MAX_ASIDE, type NewHold, type RuntimeState } from '../../src/runtime/state/state.ts';
import type { StateOwner } from '../../src/runtime/state/state-owner.ts';
import {
  BEHAVIOUR,
  CONNECTOR,
  makeHold,
  makeRequest,
  makeUndelivered,
} from '../runtime/state/example-hold.ts';

export interface StateUnderTest {
  readonly state: RuntimeState;
  readonly now: () => number;
  /** What an operator does; resolves when the state under test has heard of it. */
  pause(connector: string): Promise<void>;
  resume(connector: string): Promise<void>;
  openCapture(connector: string, seconds: number): Promise<void>;
  /** Ids and counts of what is held, oldest first. */
  holds(): Promise<readonly { readonly id: string; readonly count: number; readonly code: string }[]>;
  captured(connector: string): Promise<boolean>;
  drift(connector: string): Promise<readonly { readonly differences: readonly unknown[] }[]>;
  /** Resolves when what was said without an answer has been heard and done. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function describeRuntimeState(name: string, open: () => Promise<StateUnderTest>): void {
  const start = async (): Promise<StateUnderTest> => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  };
  const keepAll = async ({ state }: StateUnderTest, holds: readonly NewHold[]): Promise<boolean[]> => {
    const paused: boolean[] = [];
    for (const hold of holds) {
      const kept = await state.keep(hold);
      if (!kept.ok) throw new Error(kept.reason);
      paused.push(kept.paused);
    }
    return paused;
  };

  describe(name, () => {
    test('pauses at once for grade pause, exactly for the behaviour that it happened under', async () => {
      const { state } = await start();
      expect(state.pauseOf(CONNECTOR, BEHAVIOUR)).toBeNull();

      const hold = makeHold();
      const kept = await state.keep(hold);

      expect(kept).toMatchObject({ ok: true, paused: true, added: true });
      expect(state.pauseOf(CONNECTOR, BEHAVIOUR)).toMatchObject({
        kind: 'auto',
        by: 'sluice',
        reason: hold.message,
        code: 'shape-changed',
        requestId: hold.requestId,
        differences: hold.differences,
      });
      expect(state.pauseOf(CONNECTOR, 'b'.repeat(64))).toBeNull();
      expect(state.pauseOf('another', BEHAVIOUR)).toBeNull();
    });

    test('pauses after as many requests of grade hold in a row as the connector says', async () => {
      const opened = await start();
      const holds = [1, 2, 3].map(() => makeHold({ grade: 'hold', pauseAfter: 3 }));
      expect(await keepAll(opened, holds)).toEqual([false, false, true]);
      expect(opened.state.pauseOf(CONNECTOR, BEHAVIOUR)?.reason).toContain('3 requests in a row');
    });

    test('a request that fits ends the streak', async () => {
      const opened = await start();
      const holds = [1, 2, 3, 4].map(() => makeHold({ grade: 'hold', pauseAfter: 3 }));
      expect(await keepAll(opened, holds.slice(0, 2))).toEqual([false, false]);
      opened.state.fitted(CONNECTOR, true);
      expect(await keepAll(opened, holds.slice(2))).toEqual([false, false]);
    });

    test('a streak does not outlive the behaviour that it was counted under', async () => {
      const opened = await start();
      const before = [1, 2].map(() => makeHold({ grade: 'hold', pauseAfter: 3 }));
      const after = [1, 2].map(() => makeHold({ grade: 'hold', pauseAfter: 3, behaviour: 'c'.repeat(64) }));
      expect(await keepAll(opened, [...before, ...after])).toEqual([false, false, false, false]);
    });

    test('grade none keeps without pausing', async () => {
      const opened = await start();
      const holds = [1, 2, 3, 4].map((number) => makeUndelivered([`flow_${number}`], { pauseAfter: 1 }));
      expect(await keepAll(opened, holds)).toEqual([false, false, false, false]);
      expect(await opened.holds()).toHaveLength(4);
    });

    test('a retry of a held event is counted, not added, and is not one more in a row', async () => {
      const opened = await start();
      const hold = makeHold({ grade: 'hold', pauseAfter: 2 });
      const first = await opened.state.keep(hold);
      const again = await opened.state.keep({ ...hold, requestId: 'req_retry' });
      if (!first.ok || !again.ok) throw new Error('not kept');

      expect(again).toMatchObject({ holdId: first.holdId, added: false, paused: false });
      expect(await opened.holds()).toMatchObject([{ id: first.holdId, count: 2 }]);
    });

    test('retries that come together are one hold', async () => {
      const opened = await start();
      const hold = makeHold();
      const kept = await Promise.all([1, 2, 3].map(() => opened.state.keep(hold)));
      expect(kept.map((result) => result.ok && result.added).sort()).toEqual([false, false, true]);
      expect(await opened.holds()).toMatchObject([{ count: 3 }]);
    });

    test('an event without an id, the same one in the other mode, and its undelivered triggers are holds of their own', async () => {
      const opened = await start();
      const hold = makeHold();
      const undelivered = makeUndelivered(['flow_1'], { sourceId: hold.sourceId });
      const withoutId = makeHold({ sourceId: null });
      await keepAll(opened, [hold, { ...hold, mode: 'test' }, undelivered, withoutId, withoutId]);
      expect(await opened.holds()).toHaveLength(5);
    });

    test("an operator's pause applies to every behaviour and ends only by resume", async () => {
      const { state, ...opened } = await start();
      await opened.pause(CONNECTOR);
      expect(state.pauseOf(CONNECTOR, BEHAVIOUR)).toMatchObject({ kind: 'manual', by: 'alice' });
      expect(state.pauseOf(CONNECTOR, 'b'.repeat(64))).toMatchObject({ kind: 'manual' });
      await opened.resume(CONNECTOR);
      expect(state.pauseOf(CONNECTOR, BEHAVIOUR)).toBeNull();
    });

    test('another request under a held event id is a hold of its own, and each has its own retries', async () => {
      const opened = await start();
      const first = makeHold({ grade: 'none', request: makeRequest({ amount: 1 }) });
      const corrected = { ...first, request: makeRequest({ amount: 2 }), requestDigest: 'c'.repeat(64) };
      await keepAll(opened, [first, corrected, corrected, first, corrected]);
      expect(await opened.holds()).toMatchObject([{ count: 2 }, { count: 3 }]);
    });

    test('different requests under one id that come together are all kept', async () => {
      const opened = await start();
      const hold = makeHold({ grade: 'none' });
      const digests = ['1', '2', '3', '1', '2', '3'].map((digit) => digit.repeat(64));
      const kept = await Promise.all(
        digests.map((requestDigest) => opened.state.keep({ ...hold, requestDigest })),
      );
      expect(new Set(kept.map((result) => result.ok && result.holdId)).size).toBe(3);
      expect(await opened.holds()).toMatchObject([{ count: 2 }, { count: 2 }, { count: 2 }]);
    });

    test('a streak counts events: an event that says another thing is not one more in a row', async () => {
      const opened = await start();
      const hold = makeHold({ grade: 'hold', pauseAfter: 2 });
      const corrected = { ...hold, requestDigest: 'c'.repeat(64) };
      expect(await keepAll(opened, [hold, corrected, hold])).toEqual([false, false, false]);
      expect(await keepAll(opened, [makeHold({ grade: 'hold', pauseAfter: 2 })])).toEqual([true]);
    });

    test('requests without an event id are events of their own, in a streak too', async () => {
      const opened = await start();
      const request = makeRequest();
      const holds = [1, 2].map(() => makeHold({ grade: 'hold', pauseAfter: 2, sourceId: null, request }));
      expect(await keepAll(opened, holds)).toEqual([false, true]);
    });

    test('an event never pauses a connector twice, whatever it says; another event does', async () => {
      const opened = await start();
      const hold = makeHold();
      expect(await keepAll(opened, [hold])).toEqual([true]);
      await opened.resume(CONNECTOR);

      const again = ['1', '2', '3', '4'].map((digit) => ({
        ...hold,
        requestDigest: digit.repeat(64),
        grade: digit === '1' ? ('pause' as const) : ('hold' as const),
      }));
      expect(await keepAll(opened, again)).toEqual([false, false, false, false]);
      const sameBody = makeHold({ request: hold.request });
      expect(await keepAll(opened, [sameBody])).toEqual([true]);
    });

    test('without an event id the same request never pauses a connector twice', async () => {
      const opened = await start();
      const request = makeRequest({ amount: {} });
      const hold = (): NewHold => makeHold({ sourceId: null, request });
      expect(await keepAll(opened, [hold()])).toEqual([true]);
      await opened.resume(CONNECTOR);
      expect(await keepAll(opened, [hold(), hold()])).toEqual([false, false]);
      expect(await keepAll(opened, [makeHold({ sourceId: null, request: makeRequest() })])).toEqual([true]);
    });

    test('"*" resumes every connector', async () => {
      const { state, ...opened } = await start();
      await state.keep(makeHold());
      await opened.pause('another');
      await opened.resume('*');
      expect(state.pauseOf(CONNECTOR, BEHAVIOUR)).toBeNull();
      expect(state.pauseOf('another', BEHAVIOUR)).toBeNull();
    });

    test('a pause applies under the digest that the version of the tool before gave the connector', async () => {
      const { state } = await start();
      await state.keep(makeHold());
      expect(state.pauseOf(CONNECTOR, 'b'.repeat(64), BEHAVIOUR)).toMatchObject({ code: 'shape-changed' });
      expect(state.pauseOf(CONNECTOR, 'b'.repeat(64), 'c'.repeat(64))).toBeNull();
    });

    const asideHold = (changes: Partial<NewHold> = {}): NewHold =>
      makeHold({ code: 'recipient-missing', grade: 'none', ...changes });

    test('what is set aside is no hold and pauses nothing, until so many come in a row', async () => {
      const opened = await start();
      const { state } = opened;
      for (let count = 1; count < MAX_ASIDE; count += 1)
        expect(await state.setAside(asideHold({ pauseAfter: 1 }))).toEqual({ ok: true, holdId: null });
      expect(await opened.holds()).toEqual([]);

      const last = await state.setAside(asideHold({ pauseAfter: 1 }));

      const holds = await opened.holds();
      expect(holds).toHaveLength(MAX_ASIDE);
      expect(holds.every(({ code }) => code === 'recipient-missing')).toBe(true);
      expect(last).toEqual({ ok: true, holdId: holds.at(-1)?.id });
      expect(state.pauseOf(CONNECTOR, BEHAVIOUR)).toBeNull();
      expect(await state.setAside(asideHold())).toEqual({ ok: true, holdId: null });
    });

    test('a recipient drops what was set aside; one who is merely not needed does not', async () => {
      const opened = await start();
      const { state } = opened;
      const setAside = async (count: number) => {
        for (let one = 0; one < count; one += 1) await state.setAside(asideHold());
      };
      await setAside(MAX_ASIDE - 1);
      state.fitted(CONNECTOR, true);
      await opened.settled();
      await setAside(MAX_ASIDE - 1);
      expect(await opened.holds()).toEqual([]);

      state.fitted(CONNECTOR, false);
      state.fitted('another', true);
      await opened.settled();
      await setAside(1);
      expect(await opened.holds()).toHaveLength(MAX_ASIDE);
    });

    test('a retry of what was set aside counts once, and another connector counts for itself', async () => {
      const opened = await start();
      const { state } = opened;
      const retried = asideHold();
      for (let count = 0; count < MAX_ASIDE; count += 1) {
        await state.setAside(retried);
        if (count < MAX_ASIDE - 1) await state.setAside(asideHold({ connector: 'another' }));
      }
      expect(await opened.holds()).toEqual([]);
    });

    test('what is set aside neither counts for a streak nor ends one', async () => {
      const opened = await start();
      const graded = () => makeHold({ grade: 'hold', pauseAfter: 2 });
      expect(await keepAll(opened, [graded()])).toEqual([false]);
      await opened.state.setAside(asideHold());
      expect(await keepAll(opened, [graded()])).toEqual([true]);
    });

    test('a capture window takes one request', async () => {
      const opened = await start();
      const { state, now } = opened;
      expect(state.captureWindowOf(CONNECTOR, now())).toBeNull();
      await opened.openCapture(CONNECTOR, 60);
      expect(state.captureWindowOf(CONNECTOR, now())).toMatchObject({ endsAt: now() + 60_000 });

      const captured = await Promise.all([1, 2].map(() => state.capture(CONNECTOR, makeRequest(), now())));

      expect(captured.map((result) => result.ok).sort()).toEqual([false, true]);
      expect(await opened.captured(CONNECTOR)).toBe(true);
      expect(state.captureWindowOf(CONNECTOR, now())).toBeNull();
    });

    test('a capture window ends by time', async () => {
      const { state, now, ...opened } = await start();
      await opened.openCapture(CONNECTOR, 60);
      expect(state.captureWindowOf(CONNECTOR, now() + 59_999)).not.toBeNull();
      expect(state.captureWindowOf(CONNECTOR, now() + 60_000)).toBeNull();
      expect(await state.capture(CONNECTOR, makeRequest(), now() + 60_000)).toEqual({ ok: false });
    });

    test('drift is listed, the latest first, each kind once', async () => {
      const opened = await start();
      const difference = (path: string) => [{ path, expected: 'string', found: 'number' }];
      opened.state.drifted(CONNECTOR, difference('$.a'), opened.now());
      opened.state.drifted(CONNECTOR, difference('$.b'), opened.now());
      opened.state.drifted(CONNECTOR, difference('$.a'), opened.now());
      expect((await opened.drift(CONNECTOR)).map((drift) => drift.differences)).toEqual([
        difference('$.a'),
        difference('$.b'),
      ]);
    });
  });
}

/** `StateOwner.holds`: what was kept, looked at and changed. */
export function describeHeldRequests(
  name: string,
  open: () => Promise<Pick<StateOwner, 'keep' | 'holds' | 'close'>>,
): void {
  const start = async () => {
    const owner = await open();
    onTestFinished(() => owner.close());
    const keep = async (hold: NewHold): Promise<string> => {
      const kept = await owner.keep({ ...hold, grade: 'none' });
      if (!kept.ok) throw new Error(kept.reason);
      return kept.holdId;
    };
    return { holds: owner.holds, keep };
  };
  const sayingOther = (hold: NewHold, digit: string): NewHold => ({
    ...hold,
    requestDigest: digit.repeat(64),
  });

  describe(`${name}: what is held`, () => {
    test('comes back as it was kept', async () => {
      const { holds, keep } = await start();
      const { grade: _, pauseAfter: __, ...hold } = makeUndelivered(['flow_1'], { elements: [0, 2] });
      const id = await keep({ ...hold, grade: 'none', pauseAfter: 1 });
      const kept = { ...hold, id, format: 1, count: 1, attempts: 0, nextAttemptAt: null };
      expect(await holds.get(id)).toEqual(kept);
      expect(holds.summary(id)).toMatchObject({ id, connector: CONNECTOR, code: 'undelivered', count: 1 });
      expect(await holds.get('../../etc/passwd')).toBeNull();
    });

    test('ids sort as they were kept, and lists go on after one', async () => {
      const { holds, keep } = await start();
      const ids = [await keep(makeHold()), await keep(makeHold()), await keep(makeUndelivered(['flow_1']))];
      expect(holds.list().holds.map(({ id }) => id)).toEqual(ids);
      const rest = { after: ids[0] as string, limit: 1 };
      expect(holds.list(rest)).toMatchObject({ holds: [{ id: ids[1] }], total: 2 });
      expect(holds.list({ code: 'undelivered' }).holds.map(({ id }) => id)).toEqual(ids.slice(2));
      expect(holds.counts(CONNECTOR)).toMatchObject({
        count: 3,
        byCode: { 'shape-changed': 2, undelivered: 1 },
      });
    });

    test('is changed only while it has the code that was expected', async () => {
      const { holds, keep } = await start();
      const id = await keep(makeUndelivered(['flow_1']));
      expect(await holds.update(id, { code: 'target-refused' }, 'undelivered')).toEqual({ ok: true });
      expect(await holds.update(id, { attempts: 7 }, 'undelivered')).toMatchObject({ ok: false });
      expect(await holds.get(id)).toMatchObject({ code: 'target-refused', attempts: 0 });
    });

    test('a change loses no retry that was counted meanwhile', async () => {
      const { holds, keep } = await start();
      const hold = makeHold();
      const id = await keep(hold);
      await Promise.all([keep(hold), holds.update(id, { message: 'changed' }), keep(hold)]);
      await holds.update(id, {});
      expect(await holds.get(id)).toMatchObject({ count: 3, message: 'changed' });
    });

    test('is gone once removed, removing it again is no failure, and its retry is a hold of its own', async () => {
      const { holds, keep } = await start();
      const hold = makeHold();
      const id = await keep(hold);
      expect(await holds.remove(id)).toEqual({ ok: true });
      expect(await holds.remove(id)).toEqual({ ok: true });
      expect(await holds.get(id)).toBeNull();
      expect(await holds.update(id, { message: 'changed' })).toMatchObject({ ok: false });
      expect(await keep(hold)).not.toBe(id);
    });

    test('knows the other requests of its event, oldest first, and no retries', async () => {
      const { holds, keep } = await start();
      const hold = makeHold();
      const first = await keep(hold);
      const second = await keep(sayingOther(hold, '2'));
      const third = await keep(sayingOther(hold, '3'));
      await keep({ ...sayingOther(hold, '4'), mode: 'test' });
      await keep({ ...sayingOther(hold, '5'), connector: 'another' });
      // The same request, held for another reason: both are one request, neither is the other's successor.
      await keep(makeUndelivered(['flow_1'], { sourceId: hold.sourceId, requestDigest: hold.requestDigest }));
      expect(holds.othersOf(first).map(({ id }) => id)).toEqual([second, third]);
      expect(holds.othersOf(third).map(({ id }) => id)).toContain(first);

      await holds.update(second, { ownEvent: true });
      expect(holds.othersOf(second)).toEqual([]);
      await holds.remove(third);
      expect(holds.othersOf(first)).toEqual([]);
    });

    test('requests without an event id have no others', async () => {
      const { holds, keep } = await start();
      const hold = makeHold({ sourceId: null });
      const id = await keep(hold);
      await keep(sayingOther(hold, '2'));
      expect(holds.othersOf(id)).toEqual([]);
    });
  });
}
