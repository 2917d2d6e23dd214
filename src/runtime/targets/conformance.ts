/**
 * What every target must do, wherever it sends to: for targets of one's own too. In: how to open one, and what stands for the
 * other side. Out: named checks for any test runner; each opens and closes a target of its own, and rejects where it fails.
 */
import assert from 'node:assert/strict';
import { AMOUNT, makeTrigger, never, PRIVATE } from './example-trigger.ts';
import type { Target } from './target.ts';

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

export interface ConformanceCheck {
  readonly name: string;
  run(): Promise<void>;
}

/** A pool of connections, and triggers that wait for one. */
const MANY = 50;

type Check = (test: TargetUnderTest) => Promise<void>;

/** By name, as a test runner prints them. */
const CHECKS: Readonly<Record<string, Check>> = {
  async 'acknowledges what has arrived, with its invocation id'({ target, arrived }) {
    assert.notEqual(target.name, '');
    assert.deepEqual(await target.send(makeTrigger({ flowInvocationId: 'first' }), never()), { ok: true });
    assert.deepEqual(await arrived(), [
      { flowInvocationId: 'first', mode: 'live', targetUserIds: [PRIVATE] },
    ]);
  },

  async 'sends test triggers as test triggers'({ target, arrived }) {
    await target.send(makeTrigger({ mode: 'test' }), never());
    await target.send(makeTrigger({ mode: 'live' }), never());
    assert.deepEqual(
      (await arrived()).map(({ mode }) => mode),
      ['test', 'live'],
    );
  },

  async 'takes many at once, each one time'({ target, arrived }) {
    const ids = Array.from({ length: MANY }, (_, index) => `id-${index}`);
    const deliveries = await Promise.all(
      ids.map((flowInvocationId) => target.send(makeTrigger({ flowInvocationId }), never())),
    );
    assert.ok(deliveries.every(({ ok }) => ok));
    const found = (await arrived()).map(({ flowInvocationId }) => flowInvocationId);
    assert.deepEqual(found.toSorted(), ids.toSorted());
  },

  async 'says that a failure may pass, and says nothing else'({ target, arrived, behave, secrets }) {
    await behave('fail');
    const failed = await target.send(makeTrigger({ flowInvocationId: 'again' }), never());
    assertMayPass(failed);
    assert.notEqual('reason' in failed ? failed.reason : '', '');
    for (const secret of [...secrets, PRIVATE, AMOUNT])
      assert.ok(
        !JSON.stringify(failed).includes(secret),
        'the reason holds a secret, or a value of the payload',
      );
    await behave('work');
    assert.deepEqual(await target.send(makeTrigger({ flowInvocationId: 'again' }), never()), { ok: true });
    assert.ok((await arrived()).some(({ flowInvocationId }) => flowInvocationId === 'again'));
  },

  async 'sends nothing once the time is over'({ target, arrived }) {
    assertMayPass(await target.send(makeTrigger(), AbortSignal.abort()));
    assert.deepEqual(await arrived(), []);
  },

  async 'gives up when the time runs out, and may be asked again'({ target, behave, stalled }) {
    await behave('stall');
    const abort = new AbortController();
    const reached = stalled();
    const sending = target.send(makeTrigger(), abort.signal);
    await reached;
    abort.abort();
    assertMayPass(await sending);
    await behave('work');
    assert.deepEqual(await target.send(makeTrigger(), never()), { ok: true });
  },

  async 'closes more than once, and takes nothing afterwards'({ target, arrived }) {
    await target.send(makeTrigger(), never());
    await Promise.all([target.close(), target.close()]);
    await target.close();
    assertMayPass(await target.send(makeTrigger(), never()));
    assert.equal((await arrived()).length, 1);
  },
};

/** For a test runner: `for (const { name, run } of targetConformance(open)) test(name, run)`. */
export function targetConformance(open: () => Promise<TargetUnderTest>): readonly ConformanceCheck[] {
  return Object.entries(CHECKS).map(([name, check]) => ({
    name,
    async run() {
      const opened = await open();
      try {
        await check(opened);
      } finally {
        await opened.target.close();
        await opened.close();
      }
    },
  }));
}

function assertMayPass(delivery: Awaited<ReturnType<Target['send']>>): void {
  assert.ok(
    !delivery.ok && delivery.retry,
    'what was not taken may be sent again: { ok: false, retry: true }',
  );
}
