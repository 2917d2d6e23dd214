import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { compileConnectors } from '../../src/compiler/compile.ts';
import { headersFromObject } from '../../src/stages/request.ts';
import { connectorFile, connectorFiles, makeFolder, noScripts, SAMPLE_ONE } from './folder.ts';

test('a compiled connector has its plan, samples and cases', async () => {
  const folder = makeFolder({
    ...connectorFiles('payments'),
    'payments/two.json':
      '{ "headers": { "X-Topic": "paid" }, "body": { "id": 9007199254740993, "user": { "id": 2 }, "amount": 1, "note": null } }',
    'payments/cases/all.yaml':
      '- note: one\n  request: { bodyFile: raw.txt }\n  want: { outcome: rejected }\n- note: two\n  request: {}\n  want: { outcome: delivered }\n',
    'payments/raw.txt': 'not json',
  });
  const { connectors, diagnostics } = await folder.compile();

  expect(diagnostics).toEqual([]);
  expect(connectors).toHaveLength(1);
  const [connector] = connectors;
  expect(connector).toMatchObject({
    id: 'payments',
    folder: join(folder.cwd, 'connectors/payments'),
    file: 'connectors/payments/connector.yaml',
    spec: { actionFlow: 'BkX2pQ' },
    plan: {
      id: 'payments',
      status: 'test',
      methods: ['POST', 'PUT'],
      body: 'json',
      allowIps: [],
      signature: null,
      when: [],
      testWhen: null,
      split: null,
      idempotency: { kind: 'none' },
    },
    samples: [
      { name: 'one.json', file: 'connectors/payments/one.json', index: 0, headers: headersFromObject({}) },
      { name: 'two.json', body: { id: 9007199254740993n }, index: 1 },
    ],
    cases: [
      { file: 'connectors/payments/cases/all.yaml', line: 1, note: 'one' },
      { file: 'connectors/payments/cases/all.yaml', line: 4, note: 'two' },
    ],
  });
  expect(connector?.samples[1]?.headers.all('x-topic')).toEqual(['paid']);
  expect(connector?.bodyFiles.get('raw.txt')?.toString()).toBe('not json');
});

test('the same connectors give the same plans, wherever they are', async () => {
  const plansOf = async () =>
    (await makeFolder(connectorFiles('a', 'b')).compile()).connectors.map(({ plan }) => plan);
  expect(await plansOf()).toEqual(await plansOf());
});

test('a flat file keeps its samples in the folder of its name', async () => {
  const { 'flat/connector.yaml': text, ...samples } = connectorFiles('flat');
  const { connectors, diagnostics } = await makeFolder({ ...samples, 'flat.yaml': text as string }).compile();
  expect(diagnostics).toEqual([]);
  expect(connectors[0]).toMatchObject({
    id: 'flat',
    file: 'connectors/flat.yaml',
    samples: [{ file: 'connectors/flat/one.json' }, {}],
  });
});

test('problems of one connector leave the others whole', async () => {
  const folder = makeFolder({
    ...connectorFiles('a', 'c'),
    'b/connector.yaml': 'mapping: [',
    'd/connector.yaml': connectorFile('d', 'colour: red'),
  });
  const { connectors } = await folder.compile();
  expect(connectors.map(({ id, plan }) => [id, plan !== null])).toEqual([
    ['a', true],
    ['b', false],
    ['c', true],
    ['d', false],
  ]);
});

test('a folder that does not exist, is a file, or a link', async () => {
  const folder = makeFolder({ 'a/x': '' });
  const problemOf = async (name: string) => {
    const { diagnostics } = await compileConnectors({
      folder: join(folder.cwd, name),
      cwd: folder.cwd,
      scripts: noScripts,
    });
    return diagnostics.map(({ code, message }) => `${code}: ${message}`);
  };
  symlinkSync('connectors', join(folder.cwd, 'link'));
  expect(await problemOf('nothing')).toEqual(['folder-empty: the folder "nothing" does not exist']);
  expect(await problemOf('connectors/a/x')).toEqual([
    'folder-empty: "connectors/a/x" is a file, not a folder of connectors',
  ]);
  expect(await problemOf('link')).toEqual([
    'reference-symlink: "link" is a symbolic link; give the folder itself',
  ]);
  expect(await problemOf('link/a')).toEqual([
    'reference-symlink: "link" is a symbolic link; give the folder itself',
  ]);
});

test('files that the system refuses to read', async () => {
  const folder = makeFolder(connectorFiles('a', 'b'));
  chmodSync(join(folder.cwd, 'connectors/a/connector.yaml'), 0o000);
  chmodSync(join(folder.cwd, 'connectors/b/two.json'), 0o000);
  asNobody(folder.cwd);
  const { diagnostics } = await folder.compile();
  expect(
    diagnostics.map(({ span, code, message }) => `${span.file}:${span.line}: ${message} [${code}]`),
  ).toEqual([
    'connectors/a/connector.yaml:1: "connector.yaml" cannot be read: permission denied [file-unreadable]',
    'connectors/b/connector.yaml:4: "two.json" cannot be read: permission denied [file-unreadable]',
  ]);
});

/** Nothing is refused to root: the rest of the test runs as another user. */
function asNobody(folder: string): void {
  if (process.geteuid?.() !== 0) return;
  chmodSync(folder, 0o755);
  process.seteuid?.(65534);
  onTestFinished(() => process.seteuid?.(0));
}

test('all files of a connector together are limited', async () => {
  // Bodies of cases are not parsed, and a file without content but with a size costs no disk.
  const names = Array.from({ length: 18 }, (_, index) => `b${String(index).padStart(2, '0')}.bin`);
  const folder = makeFolder({
    ...connectorFiles('a'),
    'a/cases/bodies.yaml': names
      .map((name) => `- { note: ${name}, request: { bodyFile: ${name} }, want: { outcome: rejected } }\n`)
      .join(''),
    ...Object.fromEntries(names.map((name) => [`a/${name}`, ''])),
  });
  for (const name of names) truncateSync(join(folder.cwd, 'connectors/a', name), 1024 * 1024 - 1000);
  const { diagnostics } = await folder.compile();
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ['file-too-large', 'with "b16.bin" the connector\'s files are larger than 16 MiB together'],
    ['file-too-large', 'with "b17.bin" the connector\'s files are larger than 16 MiB together'],
  ]);
});

test('names that the system does not take', async () => {
  const name = `${'é'.repeat(200)}.json`;
  const folder = makeFolder(connectorFiles('a'));
  folder.write('a/connector.yaml', connectorFile('a').replace('two.json', name));
  const { diagnostics } = await folder.compile();
  expect(diagnostics).toMatchObject([
    { code: 'file-unreadable', message: expect.stringContaining('name too long') },
  ]);
});

test('a pipe in place of a file is not waited for', async () => {
  const folder = makeFolder(connectorFiles('a'));
  rmSync(join(folder.cwd, 'connectors/a/two.json'));
  execFileSync('mkfifo', [join(folder.cwd, 'connectors/a/two.json')]);
  const { diagnostics } = await folder.compile();
  expect(diagnostics).toMatchObject([
    { code: 'file-unreadable', message: '"two.json" is a device, pipe or socket, not a file' },
  ]);
});

test('literals of any size keep their digits in the plan', async () => {
  const folder = makeFolder(connectorFiles('a'));
  folder.write(
    'a/connector.yaml',
    connectorFile('a').replace('default: none', 'default: 12345678901234567890'),
  );
  const cacheDir = join(folder.cwd, 'cache');
  for (const _ of ['compiled', 'from the cache']) {
    const { connectors } = await folder.compile({ cacheDir });
    expect(connectors[0]?.plan?.mapping).toMatchObject({
      variables: { note: { default: 12345678901234567890n } },
    });
  }
});

test('the id of another connector is reported at the one whose folder has another name', async () => {
  const folder = makeFolder({ ...connectorFiles('a', 'b') });
  folder.write('b/connector.yaml', connectorFile('a'));
  const { diagnostics, sources, connectors } = await folder.compile();
  expect(diagnostics).toMatchObject([
    {
      code: 'id-mismatch',
      span: { file: 'connectors/b/connector.yaml', line: 2, column: 5 },
      notes: [{ span: { file: 'connectors/a/connector.yaml', line: 2 } }],
    },
  ]);
  expect(sources.get('connectors/b/connector.yaml')?.text).toBe(connectorFile('a'));
  expect(connectors.map(({ plan }) => plan === null)).toEqual([false, true]);
});

const behaviourOf = async (text: string, sample = SAMPLE_ONE) => {
  const folder = makeFolder({ ...connectorFiles('a'), 'a/connector.yaml': text, 'a/one.json': sample });
  const { connectors, diagnostics } = await folder.compile();
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return connectors[0]?.plan?.behaviour;
};

test.for([
  ['description', (text: string) => `${text}description: new\n`],
  ['owner', (text: string) => `${text}owner: new\n`],
  ['status', (text: string) => `${text}status: disabled\n`],
  ['idempotency', (text: string) => `${text}idempotency: body\n`],
  ['addresses', (text: string) => `${text}security: { allowIps: [10.0.0.0/8] }\n`],
  ['comments', (text: string) => `# new\n${text}`],
] as const)('editing the %s does not change the behaviour digest', async ([, edit]) => {
  const before = connectorFile('a');
  expect(await behaviourOf(edit(before))).toBe(await behaviourOf(before));
});

test.for([
  ['methods', (text: string) => `${text}methods: [POST]\n`],
  ['flow', (text: string) => text.replace('BkX2pQ', 'Other1')],
  ['when', (text: string) => `${text}when: [{ path: $.type, equals: paid }]\n`],
  ['testWhen', (text: string) => `${text}testWhen: { path: $.type, equals: test }\n`],
  ['mapping', (text: string) => text.replace('default: none', 'default: nothing')],
  ['shape settings', (text: string) => `${text}shape: { pauseAfter: 5 }\n`],
] as const)('editing the %s changes the behaviour digest', async ([, edit]) => {
  const before = connectorFile('a');
  expect(await behaviourOf(edit(before))).not.toBe(await behaviourOf(before));
});

test('a sample changes the behaviour digest exactly when it changes the shape', async () => {
  const before = await behaviourOf(connectorFile('a'));
  expect(await behaviourOf(connectorFile('a'), SAMPLE_ONE.replace('evt_1', 'evt_9'))).toBe(before);
  expect(
    await behaviourOf(connectorFile('a'), SAMPLE_ONE.replace('"amount"', '"extra": true, "amount"')),
  ).not.toBe(before);
});

test('of a temporary folder everything is read before it goes', async () => {
  const folder = makeFolder({ ...connectorFiles('a'), 'b/connector.yaml': 'mapping: [\n' });
  const { connectors, sources } = await folder.compile({ isTemporary: true });
  rmSync(join(folder.cwd, 'connectors'), { recursive: true });
  expect(connectors[0]?.samples.map(({ name }) => name)).toEqual(['one.json', 'two.json']);
  expect(connectors[0]?.plan?.id).toBe('a');
  expect(sources.get('connectors/b/connector.yaml')?.text).toBe('mapping: [\n');
});
