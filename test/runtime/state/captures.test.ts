import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleText } from '../../../src/runtime/state/files/sample-text.ts';
import { CONNECTOR, makeRequest } from './example-hold.ts';
import { makeStateFolder } from './open-owner.ts';

test('a captured request is a sample file', async () => {
  const { open, clock, folder } = makeStateFolder();
  const owner = await open();
  expect(await owner.captureStatus(CONNECTOR)).toEqual({ window: null, latest: null });
  await owner.openCapture(CONNECTOR, 60);
  expect(await owner.capture(CONNECTOR, makeRequest({ id: 'evt_1' }), clock.now())).toEqual({ ok: true });

  const name = `${CONNECTOR}-20251009T085320000Z.json`;
  const sample = { headers: { 'content-type': 'application/json' }, body: { id: 'evt_1' } };
  expect(readFileSync(join(folder, 'captured', name), 'utf8')).toBe(`${JSON.stringify(sample, null, 2)}\n`);
  expect(await owner.captureStatus(CONNECTOR)).toEqual({ window: null, latest: { name, sample } });
  expect(await owner.captureStatus('stripe')).toMatchObject({ latest: null });
});

test('a restart knows the latest capture, and only the latest twenty stay', async () => {
  const { open, clock, folder } = makeStateFolder();
  const before = await open();
  for (let number = 1; number <= 25; number += 1) {
    await before.openCapture(CONNECTOR);
    await before.capture(CONNECTOR, makeRequest({ number }), clock.now());
    clock.jump(1000);
  }
  expect(readdirSync(join(folder, 'captured'))).toHaveLength(20);
  await before.close();
  writeFileSync(join(folder, 'captured', 'README'), 'mine');
  expect((await (await open()).captureStatus(CONNECTOR)).latest).toMatchObject({
    sample: { body: { number: 25 } },
  });
});

test('a capture that fails leaves the window open', async () => {
  const { open, clock, fileSystem } = makeStateFolder();
  const owner = await open();
  await owner.openCapture(CONNECTOR);
  fileSystem.fault = (call) => (call === 'rename' ? 'ENOSPC' : null);
  expect(await owner.capture(CONNECTOR, makeRequest(), clock.now())).toEqual({ ok: false });
  expect(owner.captureWindowOf(CONNECTOR, clock.now())).not.toBeNull();
});

test('windows are listed until they end', async () => {
  const { open, clock } = makeStateFolder();
  const owner = await open();
  await owner.openCapture('one', 60);
  await owner.openCapture('two');
  expect(owner.captureWindows().map((window) => (window.endsAt - clock.now()) / 1000)).toEqual([60, 300]);
  clock.jump(60_000);
  expect(owner.captureWindows()).toMatchObject([{ connector: 'two' }]);
});

test.for([
  [
    'numbers keep their digits',
    'application/json',
    '{"id":12345678901234567890,"ratio":1.0,"__proto__":{"x":1}}',
    `{
    "id": 12345678901234567890,
    "ratio": 1.0,
    "__proto__": {
      "x": 1
    }
  }`,
  ],
  [
    'a form is its fields',
    'application/x-www-form-urlencoded',
    'a=1&b=x+y&a=2',
    `{
    "a": [
      "1",
      "2"
    ],
    "b": "x y"
  }`,
  ],
  ['anything else is text', 'text/plain', 'hello "you"', '"hello \\"you\\""'],
])('%s', ([, type, body, expected]) => {
  const headers = [
    ['content-type', type!],
    ['host', 'hooks.example.com'],
    ['x-tag', 'a'],
    ['x-tag', 'b'],
  ] as const;
  const text = sampleText({ ...makeRequest(body), headers });
  expect(text).toBe(`{
  "headers": {
    "content-type": "${type}",
    "x-tag": [
      "a",
      "b"
    ]
  },
  "body": ${expected}
}
`);
});
