/** What every target must do, wherever it sends to. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Target } from '../../src/runtime/targets/target.ts';
import { makeTrigger, never, PRIVATE } from '../runtime/targets/example-trigger.ts';

export interface TargetUnderTest {
  readonly target: Target;
  /** What is there by now, where the target sends to. */
  arrived(): Promise<readonly Arrival[]>;
  /** From now on: take triggers, fail in a way that may pass, or take them and say nothing. */
  behave(as: 'work' | 'fail' | 'stall'): Promise<void>;
  /** Resolves when a trigger has reached what stalls. */
  stalled(): Promise<void>;
  /** What must turn up in no reason. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

export interface Arrival {
  readonly flowInvocationId: string;
  readonly mode: string;
  readonly targetUserIds: readonly string[];
}

export function describeTarget(name: Target['name'], open: () => Promise<TargetUnderTest>): void {
  const start = async (): Promise<TargetUnderTest> => {
    const opened = await open();
    onTestFinished(async () => {
      await opened.target.close();
      await opened.close();
    });
    return opened;
  };

  describe(`the ${name} target keeps the contract of targets`, () => {
    test('acknowledges what has arrived, with its invocation id', async () => {
      const { target, arrived } = await start();
      expect(target.name).toBe(name);

      expect(await target.send(makeTrigger({ flowInvocationId: 'first' }), never())).toEqual({ ok: true });

      expect(await arrived()).toEqual([
        { flowInvocationId: 'first', mode: 'live', targetUserIds: [PRIVATE] },
      ]);
    });

    test('sends test triggers as test triggers', async () => {
      const { target, arrived } = await start();
      await target.send(makeTrigger({ mode: 'test' }), never());
      await target.send(makeTrigger({ mode: 'live' }), never());
      expect((await arrived()).map(({ mode }) => mode)).toEqual(['test', 'live']);
    });

    test('takes many at once, each one time', async () => {
      const { target, arrived } = await start();
      const ids = Array.from({ length: 50 }, (_, index) => `id-${index}`);

      const deliveries = await Promise.all(
        ids.map((flowInvocationId) => target.send(makeTrigger({ flowInvocationId }), never())),
      );

      expect(deliveries.every(({ ok }) => ok)).toBe(true);
      const found = (await arrived()).map(({ flowInvocationId }) => flowInvocationId);
      expect(found.toSorted()).toEqual(ids.toSorted());
    });

    test('says that a failure may pass, and says nothing else', async () => {
      const { target, arrived, behave, secrets } = await start();
      await behave('fail');

      const failed = await target.send(makeTrigger({ flowInvocationId: 'again' }), never());

      expect(failed).toMatchObject({ ok: false, retry: true, reason: expect.stringMatching(/./) });
      for (const secret of [...secrets, PRIVATE, '4200'])
        expect(JSON.stringify(failed)).not.toContain(secret);

      await behave('work');
      expect(await target.send(makeTrigger({ flowInvocationId: 'again' }), never())).toEqual({ ok: true });
      expect((await arrived()).map(({ flowInvocationId }) => flowInvocationId)).toContain('again');
    });

    test('sends nothing once the time is over', async () => {
      const { target, arrived } = await start();
      const delivery = await target.send(makeTrigger(), AbortSignal.abort());
      expect(delivery).toMatchObject({ ok: false, retry: true });
      expect(await arrived()).toEqual([]);
    });

    test('gives up when the time runs out, and may be asked again', async () => {
      const { target, behave, stalled } = await start();
      await behave('stall');
      const abort = new AbortController();
      const reached = stalled();
      const sending = target.send(makeTrigger(), abort.signal);
      await reached;

      abort.abort();

      expect(await sending).toMatchObject({ ok: false, retry: true });
      await behave('work');
      expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
    });

    test('closes more than once, and takes nothing afterwards', async () => {
      const { target, arrived } = await start();
      await target.send(makeTrigger(), never());
      await Promise.all([target.close(), target.close()]);
      await target.close();

      expect(await target.send(makeTrigger(), never())).toMatchObject({ ok: false, retry: true });
      expect(await arrived()).toHaveLength(1);
    });
  });
}
