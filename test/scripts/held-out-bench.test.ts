import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPerson } from '../../scripts/bench/shape/draw-person.ts';
import { measureEvents } from '../../scripts/bench/shape/held-out.ts';
import { AIMS, formatHeldOut, isAimMet } from '../../scripts/bench/shape/held-out-tables.ts';
import { loadCorpus } from '../../scripts/bench/shape/load-corpus.ts';
import { CHANGES, changeMeaning } from '../../scripts/bench/shape/meaning.ts';
import { bodyOf, eventOf, PUBLIC_SOURCES } from '../../scripts/bench/shape/public-sources.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-corpus-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const user = (id: string | null) => (id === null ? {} : { user: { id } });
const order = (number: number, id: string | null) => ({ number, ...user(id), total: number * 100 });

function writeCorpus(): string {
  const files: Record<string, unknown> = {
    'shop/paid/1.json': order(1, 'ann@example.com'),
    'shop/paid/2.json': { headers: { 'x-event': 'paid' }, body: order(2, 'ben@example.com') },
    'shop/paid/3.json': order(3, null),
    'shop/paid/4.json': order(1, 'ann@example.com'),
    'shop/alone/1.json': order(1, 'ann@example.com'),
    'crm/open/1.json': { customer_id: 'a1', a: 1, b: 2, c: 3, d: 4 },
    'crm/open/2.json': { customer_id: 'b2', a: 1, b: 2, c: 3, d: 4 },
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content));
  }
  return folder;
}

test('a corpus is a folder for each source and event; equal bodies count once, single ones not', () => {
  const groups = loadCorpus(writeCorpus());
  expect(groups.map(({ name, source, payloads }) => [name, source, payloads.length])).toEqual([
    ['crm/open', 'crm', 2],
    ['shop/paid', 'shop', 3],
  ]);
});

test('what is genuine, ignored and changed is counted by event; the same numbers in every run', () => {
  const groups = loadCorpus(writeCorpus());
  const effort = { choices: 6, draws: 3 };
  const events = measureEvents(groups, 1, effort);
  const [crm, shop] = events;
  expect(crm).toMatchObject({ source: 'crm', stopped: { hits: 0 }, ignored: { hits: 0 } });
  // Of three payloads one has no user.
  expect(shop?.ignored.hits).toBeGreaterThan(0);
  expect(shop?.held.hits).toBeGreaterThan(0);
  expect(shop?.byChange['email to name']).toMatchObject({ hits: 0 });
  expect(shop?.byChange['email to name'].trials).toBeGreaterThan(0);
  expect(events.every(({ structural }) => structural.trials > 0 && structural.hits === 0)).toBe(true);
  expect(measureEvents(groups, 1, effort)).toEqual(events);
  const table = formatHeldOut([events, []]);
  expect(table).toContain('2 sources, 2 events');
  expect(table).toMatch(/change of meaning in the recipient, delivered \| 0 % \(0 % to 0 %\) of \d+ \| - \|/);
  const structural = AIMS.find(({ text }) => text.startsWith('structural'));
  expect(structural && isAimMet(structural, [events, []])).toBe(true);
});

test.for([
  [['user', 'id'], true],
  [['customerId'], true],
  [['data', 'email'], true],
  [['issue', 'fields', 'assignee', 'accountId'], true],
  [['order', 'id'], false],
  [['id'], false],
  [['user', 'name'], false],
] as const)('the definition of a recipient: %s is %s', ([place, isOne]) => {
  expect(isPerson(place)).toBe(isOne);
});

test('a change of meaning is a change: a uuid that becomes a uuid is another person', () => {
  const uuid = '7b3f1c9a-0d52-4c1e-9d5b-2f6a8e4b1c3d';
  expect(changeMeaning(uuid, 'anything else to uuid')).toBeUndefined();
  expect(changeMeaning('ann', 'anything else to uuid')).toBeTypeOf('string');
  expect(CHANGES.map((change) => changeMeaning(uuid, change)).filter((one) => one === uuid)).toEqual([]);
});

test('bodies and events of public sources', () => {
  const body = { action: 'opened', issue: { id: 1 } };
  expect(bodyOf('bare', body)).toEqual(body);
  expect(bodyOf('request', { headers: {}, body })).toEqual(body);
  expect(bodyOf('case', { input: { request: { body: JSON.stringify(body) } } })).toEqual(body);
  expect(bodyOf('case', { input: { request: { body: 'no JSON' } } })).toBeNull();
  expect(eventOf(['action', '?issue', '?comment'], body, 'a.json')).toBe('opened.issue');
  expect(eventOf(['#file'], body, 'orders.paid.json')).toBe('orders.paid');
  expect(eventOf(['~eventName'], { eventName: 'emailOpen' }, 'a.json')).toBe('email');
  expect(eventOf(['nothing'], body, 'a.json')).toBeNull();
  expect(new Set(PUBLIC_SOURCES.map(({ source }) => source)).size).toBeGreaterThanOrEqual(8);
});
