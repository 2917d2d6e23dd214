import { constants } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openOwn } from '../../../src/runtime/state-folder/open-own.ts';
import { makeTrigger, never, PRIVATE } from '../../../src/runtime/targets/example-trigger.ts';
import { createLogTarget, type LogFile } from '../../../src/runtime/targets/log-target.ts';
import { describeTarget } from '../../conformance/target.ts';

const NOW = Date.parse('2026-02-03T04:05:06.789Z');

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function readLines(stateDir: string): Promise<string[]> {
  const text = await readFile(join(stateDir, 'triggers.ndjson'), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

/** A file whose operations are written down, and can be made to fail or to wait. */
function spy(calls: string[], before: (call: string) => Promise<void> = async () => {}) {
  return async (folder: string, path: string, flags: number): Promise<LogFile> => {
    const file = await openOwn(folder, path, flags);
    return new Proxy(file, {
      get(target, key: keyof LogFile) {
        const member = target[key] as (...parts: unknown[]) => Promise<unknown>;
        if (typeof member !== 'function') return member;
        return async (...parts: unknown[]) => {
          calls.push(key);
          await before(key);
          return member.apply(target, parts);
        };
      },
    });
  };
}

describeTarget('log', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'sluice-log-'));
  let release = (): void => {};
  let reached = (): void => {};
  let isStalled = false;
  const target = createLogTarget({
    stateDir,
    announce: () => {},
    open: spy([], async (call) => {
      if (!isStalled || call !== 'datasync') return;
      reached();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    }),
  });
  const file = join(stateDir, 'triggers.ndjson');
  return {
    target,
    secrets: [stateDir],
    arrived: async () =>
      (await stat(file).catch(() => null)) === null
        ? []
        : (await readLines(stateDir)).map((line) => {
            const { flowInvocationId, mode, trigger } = JSON.parse(line);
            return { flowInvocationId, mode, targetUserIds: trigger.targetUserIds };
          }),
    behave: async (as) => {
      isStalled = as === 'stall';
      release();
      if (as === 'fail') await mkdir(file);
      else if (as === 'work') await rm(file, { recursive: true, force: true });
    },
    stalled: () =>
      new Promise((resolve) => {
        reached = resolve;
      }),
    close: () => rm(stateDir, { recursive: true, force: true }),
  };
});

test('writes exactly the documented line, and one for people without values of the payload', async () => {
  const stateDir = await makeFolder();
  const announced: string[] = [];
  const target = createLogTarget({ stateDir, announce: (text) => announced.push(text), now: () => NOW });
  onTestFinished(() => target.close());
  const trigger = makeTrigger({ mode: 'test' });

  await target.send(trigger, never());

  expect(await readLines(stateDir)).toEqual([
    JSON.stringify({
      time: '2026-02-03T04:05:06.789Z',
      requestId: 'req-1',
      connector: 'stripe-payment-failed',
      actionFlow: 'BkX2pQ',
      mode: 'test',
      flowInvocationId: 'a3f1c0de',
      trigger: trigger.trigger,
    }),
  ]);
  expect(announced).toEqual(['test trigger: stripe-payment-failed starts BkX2pQ for 1 user (req-1)']);
  expect(announced.join()).not.toContain(PRIVATE);
});

test('keeps every digit of a large integer', async () => {
  const stateDir = await makeFolder();
  const target = createLogTarget({ stateDir, announce: () => {} });
  onTestFinished(() => target.close());
  const { trigger } = makeTrigger();
  await target.send(
    makeTrigger({ trigger: { ...trigger, metadata: { order: 12345678901234567890n } } }),
    never(),
  );
  expect(await readFile(join(stateDir, 'triggers.ndjson'), 'utf8')).toContain(
    '{"order":12345678901234567890}',
  );
});

test('is private to the user it runs as', async () => {
  const stateDir = await makeFolder();
  const target = createLogTarget({ stateDir, announce: () => {} });
  onTestFinished(() => target.close());
  await target.send(makeTrigger(), never());
  const { mode } = await stat(join(stateDir, 'triggers.ndjson'));
  expect(mode & (constants.S_IRWXG | constants.S_IRWXO)).toBe(0);
});

test('acknowledges and announces nothing before the disk has it; what waits shares one sync', async () => {
  const stateDir = await makeFolder();
  const calls: string[] = [];
  const events: string[] = [];
  const gate = Promise.withResolvers<void>();
  const syncing = Promise.withResolvers<void>();
  const target = createLogTarget({
    stateDir,
    announce: () => events.push('announced'),
    open: spy(calls, async (call) => {
      if (call !== 'datasync') return;
      syncing.resolve();
      await gate.promise;
      events.push('synced');
    }),
  });
  onTestFinished(() => target.close());

  const first = target.send(makeTrigger({ flowInvocationId: 'one' }), never());
  await syncing.promise;
  const others = ['two', 'three', 'four'].map((flowInvocationId) =>
    target.send(makeTrigger({ flowInvocationId }), never()),
  );
  expect(events).toEqual([]);
  gate.resolve();
  await Promise.all([first, ...others]);

  expect(events).toEqual(['synced', 'announced', 'synced', 'announced', 'announced', 'announced']);
  expect(calls.filter((call) => call === 'appendFile' || call === 'datasync')).toEqual([
    'appendFile',
    'datasync',
    'appendFile',
    'datasync',
  ]);
});

test.each(['appendFile', 'datasync'])('a %s that fails acknowledges nothing', async (broken) => {
  const stateDir = await makeFolder();
  let isFull = true;
  const announced: string[] = [];
  const target = createLogTarget({
    stateDir,
    announce: (text) => announced.push(text),
    open: spy([], async (call) => {
      if (isFull && call === broken) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    }),
  });
  onTestFinished(() => target.close());

  expect(await target.send(makeTrigger(), never())).toEqual({
    ok: false,
    retry: true,
    reason: 'triggers.ndjson cannot be written (ENOSPC)',
  });
  expect(announced).toEqual([]);
  isFull = false;
  expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
});

test('starts a new line after one that a crash has cut off', async () => {
  const stateDir = await makeFolder();
  await writeFile(join(stateDir, 'triggers.ndjson'), '{"time":"2026-0');
  const target = createLogTarget({ stateDir, announce: () => {} });
  onTestFinished(() => target.close());
  await target.send(makeTrigger({ flowInvocationId: 'whole' }), never());
  const [torn, whole] = await readLines(stateDir);
  expect(torn).toBe('{"time":"2026-0');
  expect(JSON.parse(whole ?? '')).toMatchObject({ flowInvocationId: 'whole' });
});

test('writes to a new file when somebody has moved or removed the old one', async () => {
  const stateDir = await makeFolder();
  const file = join(stateDir, 'triggers.ndjson');
  const target = createLogTarget({ stateDir, announce: () => {} });
  onTestFinished(() => target.close());
  await target.send(makeTrigger({ flowInvocationId: 'one' }), never());
  await rename(file, `${file}.1`);
  await target.send(makeTrigger({ flowInvocationId: 'two' }), never());
  expect(await readLines(stateDir)).toEqual([expect.stringContaining('"two"')]);
  await rm(stateDir, { recursive: true });
  await target.send(makeTrigger({ flowInvocationId: 'three' }), never());
  expect(await readLines(stateDir)).toEqual([expect.stringContaining('"three"')]);
});

test('delivers although the terminal is gone', async () => {
  const stateDir = await makeFolder();
  const target = createLogTarget({
    stateDir,
    announce: () => {
      throw new Error('EPIPE');
    },
  });
  onTestFinished(() => target.close());
  expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
});
