/** What was sent again for a day and is not taken has a name in the status, whether its flow is well or not. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleOf, planOf } from './bundles.ts';
import { makeHoldFile } from './hold-file.ts';
import { Folder } from './running.ts';

const HOUR_MS = 3_600_000;
let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

function hold(number: number, age: number, changes: object = {}): string {
  const { id, text } = makeHoldFile({ number, receivedAt: Date.now() - age, changes });
  const at = join(folder.state, 'held/one');
  mkdirSync(at, { recursive: true, mode: 0o700 });
  writeFileSync(join(at, `${id}.json`), text, { mode: 0o600 });
  return id;
}

test('the oldest of a flow is named after a day, with what the target said', async () => {
  const oldest = hold(1, 50 * HOUR_MS, { attempts: 80 });
  hold(2, 30 * HOUR_MS, { attempts: 60 });
  hold(3, 2 * HOUR_MS, { attempts: 5 });
  hold(4, 60 * HOUR_MS, { attempts: 0 });
  const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one', status: 'live' })]) });
  const { failing, problems } = await running.runtime.status();
  expect(failing).toMatchObject([
    { target: 'log', flow: 'F1', count: 2, oldest: { id: oldest, attempts: 80 } },
  ]);
  expect(problems).toMatchObject([
    {
      what: `2 requests have been sent to F1 of the target log for over a day and are not taken; the oldest is ${oldest}, tried 80 times: the target does not take it yet: down`,
      next: `held show ${oldest}`,
      needsPerson: true,
    },
  ]);
});

test('a flow that fails says which hold waits for longest', async () => {
  const oldest = hold(1, HOUR_MS, { attempts: 3, target: 'billing' });
  hold(2, HOUR_MS / 2, { attempts: 3, target: 'billing', nextAttemptAt: Date.now() });
  const running = await folder.start({
    bundle: bundleOf([planOf({ id: 'one', status: 'live', target: 'billing' })]),
  });
  await running.until(async () => (await running.runtime.status()).flows.length > 0);
  expect((await running.runtime.status()).flows).toMatchObject([
    { target: 'billing', flow: 'F1', state: 'parked', waiting: 2, oldest: { id: oldest, attempts: 3 } },
  ]);
});
