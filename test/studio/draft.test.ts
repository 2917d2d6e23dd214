/** What unsaved texts would do, through the calls that the page makes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONNECTOR, TestStudio } from './studio.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await new TestStudio().start();
});
afterAll(() => studio.close());

test('the list says what is wrong with each connector, and elsewhere', async () => {
  studio.write('broken/connector.yaml', 'id: broken\nmapping: {\n');
  studio.write('nothing/readme.txt', '');
  const { connectors, problems, isServing } = await studio.call('list', {});
  expect(isServing).toBe(false);
  expect(connectors).toMatchObject([
    { name: 'broken', status: null, errors: 1 },
    { name: 'shop', status: 'test', errors: 0, paused: null, held: 0 },
  ]);
  expect(problems.map(({ code }) => code)).toEqual(['connector-ignored']);
});

test('edits change their place of the text alone, and nothing on the disk', async () => {
  const drafted = await studio.call('draft', {
    name: 'shop',
    texts: {},
    edits: [
      { kind: 'set', pointer: '/mapping/variables/total', yaml: '{ path: $.total, as: string }' },
      { kind: 'set', pointer: '/status', value: 'test' },
      { kind: 'insert', pointer: '/when', index: 0, value: { path: '$.id', exists: true } },
    ],
  });
  expect(drafted.text).toBe(
    CONNECTOR.replace('total: $.total', 'total: { path: $.total, as: string }')
      .replace('F1\n', 'F1\nstatus: test\n')
      .replace('# one\n', '# one\nwhen:\n  - { path: $.id, exists: true }\n'),
  );
  expect(drafted.refused).toBeNull();
  expect(drafted.samples[0]?.elements[0]).toMatchObject({ kind: 'card', targetUserIds: ['u1'] });
  expect(drafted.changes).toMatchObject([{ path: 'connector.yaml', added: 4, removed: 1 }]);
  expect(readFileSync(join(studio.folder, 'shop/connector.yaml'), 'utf8')).toBe(CONNECTOR);
});

test('an error stands at its place, beside its field, with its fix', async () => {
  const text = CONNECTOR.replace('total: $.total', 'total: $.totl');
  const { problems } = await studio.call('draft', { name: 'shop', texts: { 'connector.yaml': text } });
  const found = problems.find(({ pointer }) => pointer === '/mapping/variables/total');
  expect(found).toMatchObject({ file: 'connector.yaml', line: 9 });
  expect(found?.fix?.edits).toHaveLength(1);
});

test('properties have the value of every sample, and say which are mapped', async () => {
  const texts = {
    'connector.yaml': CONNECTOR.replace('paid.json', 'paid.json, samples/new.json'),
    'samples/new.json': '{ "id": "e2", "user": "u2", "total": 3 }',
  };
  const { properties, samples } = await studio.call('draft', { name: 'shop', texts });
  expect(samples.map(({ path }) => path)).toEqual(['samples/paid.json', 'samples/new.json']);
  expect(properties).toMatchObject([
    { path: '$.id', examples: ['"e1"', '"e2"'] },
    { path: '$.user', examples: ['"u1"', '"u2"'], isUsed: true },
    { path: '$.total', examples: ['12', '3'], isUsed: true, isOptional: false },
    { path: '$.note', examples: ['null', null], isUsed: false, isOptional: true },
  ]);
});

test('a text that is no YAML is no form, and says where it stops', async () => {
  const drafted = await studio.call('draft', { name: 'shop', texts: { 'connector.yaml': 'id: {' } });
  expect(drafted).toMatchObject({ value: null, samples: [], properties: [] });
  expect(drafted.problems[0]?.severity).toBe('error');
});

test('an edit that cannot be made leaves the text, and says so', async () => {
  const drafted = await studio.call('draft', {
    name: 'shop',
    texts: {},
    edits: [{ kind: 'set', pointer: '/id/x/y', value: 1 }],
  });
  expect(drafted).toMatchObject({ text: CONNECTOR, refused: expect.stringContaining('by hand') });
});

test('calls that make no sense are refused, not failures', async () => {
  for (const body of [
    {},
    { name: 3, texts: {} },
    { name: 'shop' },
    { name: 'shop', texts: { a: 1 } },
    { name: 'shop', texts: {}, edits: [{}] },
  ]) {
    expect([body, (await studio.post('draft', body)).status]).toEqual([body, 400]);
  }
  for (const body of [
    { name: 'shop' },
    { name: 'shop', writes: [{ path: 1 }] },
    { name: 'shop', writes: [{ path: 'connector.yaml', seen: 3, text: '' }] },
  ]) {
    expect([body, (await studio.post('save', body)).status]).toEqual([body, 400]);
  }
  expect((await studio.post('open', { name: 'No' })).status).toBe(404);
  expect(await studio.call('open', { name: 'none' })).toMatchObject({ files: [] });
  expect(studio.errors).toEqual([]);
});

test('a sample with keys that look like personal data says which', async () => {
  const body = {
    id: 'e9',
    user: 'u9',
    total: 9,
    by: { 'jane@corp.example': { 4155550134: 'home' }, '5555550134': 1 },
    'Xi Zhang': true,
  };
  const sample = JSON.stringify({ headers: {}, body });
  const redacted = await studio.call('redact', { name: 'shop', texts: {}, sample, keep: [] });
  expect(redacted.keys).toEqual(["$['Xi Zhang']"]);
  expect(redacted.text).not.toMatch(/jane|555/);
  const row = redacted.rows.find(({ was }) => was === '"home"');
  expect(row).toEqual({ path: '$.by["jane@corp.example"]["4155550134"]', was: '"home"', is: '"samp"' });
  const created = await studio.call('create', {
    name: 'people',
    actionFlow: 'F1',
    urlKey: true,
    description: '',
    sample,
  });
  expect(created.keys).toEqual(["$['Xi Zhang']"]);
  expect(JSON.stringify(created.texts)).not.toMatch(/jane|555/);
});

test("a provider's events of which samples come with Sluice are listed, and one begins a connector", async () => {
  const { events } = await studio.call('shipped', { preset: 'stripe' });
  expect(events).toContainEqual({ event: 'invoice.payment_failed', title: expect.any(String) });
  for (const preset of ['auth0', 'nobody', '../stripe'])
    expect(await studio.call('shipped', { preset })).toEqual({ events: [] });

  const begin = { name: 'failed', actionFlow: 'F1', preset: 'stripe', event: 'invoice.payment_failed' };
  const { texts, keys } = await studio.call('create', begin);
  expect(keys).toEqual([]);
  expect(Object.keys(texts).sort()).toEqual([
    'connector.yaml',
    'samples/invoice-payment-failed-1.json',
    'samples/invoice-payment-failed-2.json',
  ]);
  expect(texts['connector.yaml']).toContain('{ path: $.type, equals: invoice.payment_failed }');
  expect(texts['connector.yaml']).toMatch(/targetUserIds: .*\$\.data\.object\.customer/);
  const { problems } = await studio.call('draft', { name: 'failed', texts });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);

  const { preset: _, ...nobody } = begin;
  for (const body of [
    { ...begin, event: 'invoice.paidd' },
    { ...begin, sample: '{"a":1}' },
    { ...nobody, urlKey: true },
  ])
    expect((await studio.post('create', body)).status).toBe(400);
});

test('what a sample has in common with one that is not saved is no reason to keep it', async () => {
  const body = { id: 'e9', user: 'u9', total: 9, mail: 'jane@corp.example' };
  const sample = JSON.stringify({ headers: {}, body });
  const texts = {
    'connector.yaml': CONNECTOR.replace('samples/paid.json', 'samples/new.json'),
    'samples/new.json': sample,
  };
  const redacted = await studio.call('redact', { name: 'shop', texts, sample, keep: [] });
  expect(redacted.text).not.toContain('jane');
});
