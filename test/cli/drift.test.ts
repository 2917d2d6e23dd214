import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { connectorFile, connectorFiles, makeFolder } from '../compiler/folder.ts';

const EVENT = { id: 'evt_9', type: 'paid', user: { id: 'user_9' }, amount: 3 };
const { amount: _, ...WITHOUT_AMOUNT } = EVENT;

interface World {
  readonly cwd: string;
  readonly write: (path: string, content: string | readonly unknown[]) => string;
  readonly drift: (path: string, ...argv: string[]) => ReturnType<typeof run>;
  readonly json: (path: string) => Promise<Record<string, unknown> & { code: number }>;
}

/** A folder with the connector "orders"; `extra` is added to its file, further files come by their names. */
function makeWorld(extra = '', files: Readonly<Record<string, string>> = {}): World {
  const { cwd } = makeFolder({
    ...connectorFiles('orders'),
    'orders/connector.yaml': connectorFile('orders', extra),
    ...files,
  });
  const drift = (path: string, ...argv: string[]) => run(cwd, ['drift', 'orders', path, ...argv]);
  return {
    cwd,
    drift,
    write: (path, content) => {
      const file = join(cwd, path);
      mkdirSync(dirname(file), { recursive: true });
      const text =
        typeof content === 'string' ? content : content.map((one) => JSON.stringify(one)).join('\n');
      writeFileSync(file, text);
      return path;
    },
    json: async (path) => {
      const { code, stdout } = await drift(path, '--json');
      return { ...JSON.parse(stdout), code };
    },
  };
}

async function run(cwd: string, argv: readonly string[]) {
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said) =>
    new Writable({
      write(text, _encoding, done) {
        said[name] += text;
        done();
      },
    });
  const context = { stdout: stream('stdout'), stderr: stream('stderr'), env: {}, cwd };
  return { code: await runProgram(argv, context), ...said };
}

test('payloads that pass: exit 0, new members counted as drift', async () => {
  const { write, json } = makeWorld();
  const past = write('past.ndjson', [
    EVENT,
    { headers: { 'x-any': 'thing' }, body: EVENT },
    { ...EVENT, extra: 1 },
  ]);
  expect(await json(past)).toEqual({
    code: 0,
    connector: 'orders',
    judged: 3,
    delivered: 3,
    drifted: 1,
    ignored: {},
    held: {},
    pausing: 0,
    firstPause: null,
    unreadable: [],
    unreadableCount: 0,
    differences: [
      { path: '$[?]', expected: 'nothing', found: 'number (not in the samples)', held: 0, drifted: 1 },
    ],
    suggestion: null,
    noted: null,
    change: null,
  });
});

test('what holds and what pauses, and the samples that would accept what can be accepted', async () => {
  const { write, json } = makeWorld();
  const past = write('past.ndjson', [
    EVENT,
    { ...WITHOUT_AMOUNT, note: 'a longer one, which adds nothing' },
    WITHOUT_AMOUNT,
    { ...EVENT, amount: '3' },
    { ...EVENT, user: {} },
    { ...EVENT, amount: '4' },
  ]);
  const result = await json(past);
  expect(result).toMatchObject({
    code: 1,
    judged: 6,
    delivered: 1,
    held: { 'shape-changed': 5 },
    pausing: 2,
    firstPause: 'past.ndjson:4',
  });
  expect(result.differences).toEqual([
    { path: '$.amount', expected: 'number', found: 'missing', held: 2, drifted: 0 },
    { path: '$.amount', expected: 'number', found: 'string', held: 2, drifted: 0 },
    { path: '$.user.id', expected: 'string', found: 'missing', held: 1, drifted: 0 },
  ]);
  // Whom the card is for cannot be learned away.
  expect(result.suggestion).toEqual({
    samples: ['past.ndjson:3', 'past.ndjson:4'],
    after: {
      judged: 6,
      delivered: 5,
      drifted: 0,
      ignored: {},
      held: { 'shape-changed': 1 },
      pausing: 0,
      firstPause: null,
    },
  });
});

test('a sample that a larger one makes needless is left out', async () => {
  const { write, json } = makeWorld('shape: { policy: superset }');
  const past = write('past.ndjson', [
    { id: 'e', user: { id: 'u' }, amount: 1 },
    { id: 'evt_with_a_long_id', user: { id: 'u' }, amount: null },
  ]);
  const { suggestion } = await json(past);
  expect(suggestion).toMatchObject({ samples: ['past.ndjson:2'], after: { delivered: 2, held: {} } });
});

test('where nothing helps, that is said', async () => {
  const { write, drift } = makeWorld();
  const { code, stdout } = await drift(write('past.ndjson', [{ ...EVENT, user: { uid: 'u' } }]));
  expect(code).toBe(1);
  expect(stdout).toContain('no payload here would make a sample that helps');
});

test('a row of held payloads pauses, and one that fits ends the row', async () => {
  const { write, json } = makeWorld('shape: { pauseAfter: 2 }');
  const held = WITHOUT_AMOUNT;
  expect(await json(write('apart.ndjson', [held, EVENT, held]))).toMatchObject({
    pausing: 0,
    firstPause: null,
  });
  expect(await json(write('row.ndjson', [held, EVENT, held, held]))).toMatchObject({
    pausing: 0,
    firstPause: 'row.ndjson:4',
  });
});

test('when: other events are ignored, and a field that is gone is held', async () => {
  const { write, json } = makeWorld('when: [{ path: $.type, equals: paid }]');
  const { type, ...untyped } = EVENT;
  const past = write('past.ndjson', [EVENT, { ...EVENT, type: `not ${type}` }, untyped]);
  expect(await json(past)).toMatchObject({
    delivered: 1,
    ignored: { 'when-differs': 1 },
    held: { 'when-missing': 1 },
    suggestion: null,
  });
});

test('a line that is not readable is named and the others are judged', async () => {
  const { write, drift, json } = makeWorld();
  const lines = [
    JSON.stringify(EVENT),
    '{"secret-value": nope',
    '',
    `"${'x'.repeat(9 * 1024 * 1024)}"`,
    `${JSON.stringify(EVENT)}\r`,
    '"also { not JSON"',
    '',
  ];
  const past = write('past.log', lines.join('\n'));
  expect(await json(past)).toMatchObject({
    code: 1,
    judged: 2,
    delivered: 2,
    unreadableCount: 3,
    unreadable: [
      { name: 'past.log:2', detail: expect.stringContaining('not valid JSON') },
      { name: 'past.log:4', detail: 'larger than 8388608 bytes' },
      { name: 'past.log:6', detail: expect.stringContaining('not valid JSON') },
    ],
  });
  expect((await drift(past)).stdout).not.toContain('secret-value');
});

test('a folder: .json files are one payload each, others have one a line, in the order of their names', async () => {
  const { write, json } = makeWorld();
  write('past/b.jsonl', [EVENT, { ...EVENT, amount: true }]);
  write('past/a/one.json', JSON.stringify(EVENT, null, 2));
  write('past/c.json', '[');
  write('past/README.md', 'not a payload');
  expect(await json('past')).toMatchObject({
    judged: 3,
    firstPause: 'past/b.jsonl:2',
    unreadable: [{ name: 'past/c.json' }],
  });
});

test('a body that was kept as text is parsed as the request was', async () => {
  const { write, json } = makeWorld();
  expect(await json(write('past.ndjson', [{ headers: {}, body: JSON.stringify(EVENT) }]))).toMatchObject({
    code: 0,
    delivered: 1,
  });
  const form = makeWorld('body: form', {
    'orders/one.json': '{ "id": "1", "user": "u", "amount": "3" }',
    'orders/two.json': '{ "id": "2", "user": "u", "amount": "4", "note": "x" }',
    'orders/connector.yaml': connectorFile('orders', 'body: form').replace('$.user.id', '$.user'),
  });
  expect(
    await form.json(form.write('past.ndjson', [{ headers: {}, body: 'id=7&user=u&amount=5' }])),
  ).toMatchObject({
    code: 0,
    delivered: 1,
  });
});

test('a batch is held when one of its elements is, and may be the sample that helps', async () => {
  const { write, json } = makeWorld('split: $[*]', {
    'orders/one.json': JSON.stringify([EVENT]),
    'orders/two.json': JSON.stringify([{ ...EVENT, note: 'x' }, EVENT]),
  });
  const past = write('past.ndjson', [[EVENT], [EVENT, WITHOUT_AMOUNT], []]);
  expect(await json(past)).toMatchObject({
    delivered: 1,
    ignored: { 'no-elements': 1 },
    held: { 'shape-changed': 1 },
    suggestion: { samples: ['past.ndjson:2'], after: { delivered: 2, held: {} } },
  });
});

test('neither values nor keys that no sample has are shown', async () => {
  const { write, drift } = makeWorld();
  const secret = 'ada@example.com';
  const past = write('past.ndjson', [
    { ...EVENT, [secret]: secret },
    { ...EVENT, amount: secret },
    { ...EVENT, amount: { [secret]: secret } },
  ]);
  for (const argv of [[], ['--json']]) {
    const { stdout, stderr } = await drift(past, ...argv);
    expect(stdout).toContain('$.amount');
    expect(stdout + stderr).not.toContain(secret);
  }
});

test('many payloads of many shapes end in a short answer', async () => {
  const { write, json } = makeWorld();
  const past = write(
    'past.ndjson',
    Array.from({ length: 3000 }, (_, index) => ({ ...WITHOUT_AMOUNT, [`key${index}`]: index })),
  );
  const result = await json(past);
  expect(result).toMatchObject({
    judged: 3000,
    held: { 'shape-changed': 3000 },
    firstPause: 'past.ndjson:10',
  });
  expect(result.suggestion).toMatchObject({ samples: ['past.ndjson:1'], after: { delivered: 3000 } });
});

test.for([
  ['a path that does not exist', 'nothing.ndjson', 'there is no "nothing.ndjson"'],
  ['a folder without payloads', 'connectors/orders/nothing', 'there is no'],
  ['an empty file', 'empty.ndjson', '"empty.ndjson" holds no payload'],
] as const)('%s is a mistake of usage', async ([, path, message]) => {
  const { write, drift } = makeWorld();
  write('empty.ndjson', '\n\n');
  const { code, stdout, stderr } = await drift(path);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('a connector with errors, and one without a sample', async () => {
  const broken = makeWorld('colour: red');
  expect(await broken.drift(broken.write('past.ndjson', [EVENT]))).toMatchObject({ code: 1, stdout: '' });
  const bare = makeWorld('', {
    'orders/connector.yaml': connectorFile('orders').replace(/samples: .*\n/, ''),
  });
  expect(await bare.json(bare.write('past.ndjson', [EVENT]))).toMatchObject({
    code: 1,
    held: { 'no-sample': 1 },
    suggestion: null,
  });
});

test('one change that lets more of them pass: a default, whenMissing, samples; as a patch that git applies', async () => {
  const { write, json, drift, cwd } = makeWorld('', {
    'orders/connector.yaml': connectorFile('orders').replace('amount:', 'type: $.type, amount:'),
  });
  const secret = 'Anna Nass';
  const { type: _type, ...withoutType } = EVENT;
  const past = write('past.ndjson', [
    withoutType,
    WITHOUT_AMOUNT,
    { ...EVENT, user: null },
    { ...EVENT, amount: '3', note: secret },
    { ...EVENT, user: { uid: 'renamed' } },
  ]);
  const result = (await json(past)) as unknown as {
    change: { steps: string[]; after: unknown; patch: string };
    held: object;
  };
  expect(result.held).toEqual({ 'shape-changed': 5 });
  const { steps, after, patch } = result.change;
  expect(steps).toEqual([
    'default: "" for the variable type: requests lack $.type',
    'whenMissing: ignore for the recipient: where $.user.id is missing there is nobody to tell',
    // A blank amount would be no number.
    expect.stringMatching(
      /^the sample samples\/past-[0-9a-f]{8}\.json, made of past\.ndjson:2 with every value/,
    ),
    expect.stringMatching(
      /^the sample samples\/past-[0-9a-f]{8}\.json, made of past\.ndjson:4 with every value/,
    ),
  ]);
  // What looks renamed stays held.
  expect(after).toMatchObject({ delivered: 3, ignored: { 'no-targets': 1 }, held: { 'shape-changed': 1 } });
  expect(patch).not.toContain(secret);

  const alone = await drift(past, '--patch');
  expect(alone).toMatchObject({ code: 0, stdout: patch });
  const git = (...args: string[]) => spawnSync('git', args, { cwd, input: patch, encoding: 'utf8' });
  expect(git('apply', '--check', '-').stderr).toBe('');
  expect(git('apply', '-').status).toBe(0);
  expect(readFileSync(join(cwd, 'connectors/orders/connector.yaml'), 'utf8')).toContain(
    'whenMissing: ignore',
  );
  expect(await json(past)).toMatchObject({ delivered: 3, held: { 'shape-changed': 1 } });
  expect(await run(cwd, ['check'])).toMatchObject({ code: 0 });
});

test('where no change helps, --patch prints none and fails', async () => {
  const { write, drift } = makeWorld();
  const past = write('past.ndjson', [{ ...EVENT, user: { uid: 'renamed' } }]);
  expect(await drift(past, '--patch')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('no change was found'),
  });
});

test('--last is a number', async () => {
  const { drift } = makeWorld();
  expect(await drift('past', '--last', 'x')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"x"'),
  });
});
