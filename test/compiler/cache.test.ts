import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Compilation } from '../../src/compiler/compile.ts';
import type { ScriptRunner } from '../../src/stages/script/script-runner.ts';
import { connectorFile, connectorFiles, type Folder, makeFolder, SAMPLE_ONE } from './folder.ts';

const compileCached = (folder: Folder, scripts?: ScriptRunner): Promise<Compilation> =>
  folder.compile({ cacheDir: join(folder.cwd, 'cache'), ...(scripts && { scripts }) });

function cacheFile(folder: Folder): string {
  const cacheDir = join(folder.cwd, 'cache');
  const [name = ''] = readdirSync(cacheDir);
  return join(cacheDir, name);
}

test('unchanged connectors are taken as they were, without running anything', async () => {
  const folder = makeFolder(connectorFiles('a', 'b'));
  const script = 'export default () => null';
  folder.write(
    'b/connector.yaml',
    connectorFile('b').replace(/mapping:.*/s, 'mapping: { script: map.js }\n'),
  );
  folder.write('b/map.js', script);
  let runs = 0;
  const scripts: ScriptRunner = {
    run: () => {
      runs += 1;
      return Promise.resolve({ ok: true, value: { targetUserIds: ['u'] }, reads: ['$.user.id'] });
    },
    close: () => Promise.resolve(),
  };
  const first = await compileCached(folder, scripts);
  expect(first.reused).toBe(0);
  expect(runs).toBeGreaterThan(0);

  runs = 0;
  const second = await compileCached(folder, scripts);
  expect(second.reused).toBe(2);
  expect(runs).toBe(0);
  expect(second.connectors.map(({ plan }) => plan)).toEqual(first.connectors.map(({ plan }) => plan));
});

test('an unchanged connector is not parsed again, and its diagnostics are told again', async () => {
  const folder = makeFolder({ ...connectorFiles('a'), 'b/connector.yaml': 'mapping: [\n' });
  const first = await compileCached(folder);
  // What a second look at the file could never say.
  const file = cacheFile(folder);
  expect(readFileSync(file, 'utf8')).toContain('yaml-invalid');

  const second = await compileCached(folder);
  expect(second.reused).toBe(2);
  expect(second.diagnostics).toEqual(first.diagnostics);
  const text = 'mapping: [\n';
  expect([first, second].map(({ sources }) => sources.get('connectors/b/connector.yaml')?.text)).toEqual([
    text,
    text,
  ]);
});

test('a reused connector gives its specification, samples and cases when asked', async () => {
  const folder = makeFolder({
    ...connectorFiles('a'),
    'a/cases/x.yaml': 'note: n\nrequest: { bodyFile: one.json }\nwant: { outcome: delivered }\n',
  });
  const [first] = (await compileCached(folder)).connectors;
  const second = await compileCached(folder);
  expect(second.reused).toBe(1);
  const [connector] = second.connectors;
  expect(connector?.spec).toEqual(first?.spec);
  expect(connector?.samples.map(({ name, payloads }) => [name, payloads])).toEqual(
    first?.samples.map(({ name, payloads }) => [name, payloads]),
  );
  expect(connector?.cases).toEqual(first?.cases);
  expect([...(connector?.bodyFiles.keys() ?? [])]).toEqual(['one.json']);
});

/** An edit that keeps the size of the file can give it the same time again. */
function setTime(folder: Folder): void {
  utimesSync(join(folder.cwd, 'connectors/a/one.json'), 1000, 1000);
}

const CHANGES = [
  [
    'the connector file',
    (folder: Folder) => folder.write('a/connector.yaml', connectorFile('a', 'owner: new\n')),
  ],
  ['a sample', (folder: Folder) => folder.write('a/one.json', '{ "user": { "id": "x" }, "amount": 1 }')],
  ['a sample that vanishes', (folder: Folder) => rmSync(join(folder.cwd, 'connectors/a/two.json'))],
  [
    'a sample of the same size and time',
    (folder: Folder) => {
      folder.write('a/one.json', SAMPLE_ONE.replace('amount', 'amuont'));
      setTime(folder);
    },
  ],
  [
    'a sample behind a link',
    (folder: Folder) => {
      const sample = join(folder.cwd, 'connectors/a/one.json');
      renameSync(sample, join(folder.cwd, 'moved.json'));
      symlinkSync('../../moved.json', sample);
    },
  ],
  [
    'a new case',
    (folder: Folder) =>
      folder.write('a/cases/new.yaml', 'note: n\nrequest: {}\nwant: { outcome: delivered }\n'),
  ],
] as const;

/** A moment at which all files have been left alone for long. */
const LATER = Date.now() + 3_600_000;

describe.for([
  ['just written, and read again', null],
  ['left alone for long, and only looked at', LATER],
] as const)('files that were %s', ([, now]) => {
  beforeEach(() => {
    if (now !== null) vi.useFakeTimers({ toFake: ['Date'], now });
  });
  afterEach(() => void vi.useRealTimers());

  test.for(CHANGES)('only the connector of %s is compiled again', async ([, change]) => {
    const folder = makeFolder(connectorFiles('a', 'b', 'c'));
    setTime(folder);
    await compileCached(folder);
    expect(readFileSync(cacheFile(folder), 'utf8').includes('"stamps":null')).toBe(now === null);
    change(folder);
    const again = await compileCached(folder);
    expect(again.reused).toBe(2);
    const fresh = await folder.compile();
    expect(again.diagnostics).toEqual(fresh.diagnostics);
    expect(again.connectors.map(({ plan }) => plan)).toEqual(fresh.connectors.map(({ plan }) => plan));
  });

  test('a file that was only touched is the same', async () => {
    const folder = makeFolder(connectorFiles('a', 'b'));
    const first = await compileCached(folder);
    utimesSync(join(folder.cwd, 'connectors/a/one.json'), 1, 1);
    const second = await compileCached(folder);
    expect(second.reused).toBe(2);
    expect(second.connectors.map(({ plan }) => plan)).toEqual(first.connectors.map(({ plan }) => plan));
  });
});

test('a folder that was moved away and linked is seen, although its files are as they were', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: LATER });
  onTestFinished(() => void vi.useRealTimers());
  const folder = makeFolder({ ...connectorFiles('a'), 'a/deep/one.json': SAMPLE_ONE });
  folder.write('a/connector.yaml', connectorFile('a').replace('one.json', 'deep/one.json'));
  expect((await compileCached(folder)).diagnostics).toEqual([]);
  renameSync(join(folder.cwd, 'connectors/a/deep'), join(folder.cwd, 'deep'));
  symlinkSync('../../deep', join(folder.cwd, 'connectors/a/deep'));
  const { diagnostics } = await compileCached(folder);
  expect(diagnostics).toMatchObject([{ code: 'reference-symlink' }]);
});

test('stamps are learned as soon as files have been left alone for long', async () => {
  const folder = makeFolder(connectorFiles('a'));
  await compileCached(folder);
  vi.useFakeTimers({ toFake: ['Date'], now: LATER });
  onTestFinished(() => void vi.useRealTimers());
  expect((await compileCached(folder)).reused).toBe(1);
  expect(readFileSync(cacheFile(folder), 'utf8')).not.toContain('"stamps":null');
});

test('connectors that come and go, and ids across connectors', async () => {
  const folder = makeFolder(connectorFiles('a', 'b'));
  await compileCached(folder);
  folder.write('a.yaml', connectorFile('a'));
  const { reused, diagnostics } = await compileCached(folder);
  expect(reused).toBe(2);
  expect(diagnostics.map(({ code }) => code)).toContain('id-duplicate');
  rmSync(join(folder.cwd, 'connectors/a.yaml'));
  rmSync(join(folder.cwd, 'connectors/a'), { recursive: true });
  const { connectors } = await compileCached(folder);
  expect(connectors.map(({ id }) => id)).toEqual(['b']);
  expect(readFileSync(cacheFile(folder), 'utf8')).not.toContain('"name":"a"');
});

test.for([
  ['cut', (text: string) => text.slice(0, -100)],
  ['one character changed', (text: string) => text.replace('BkX2pQ', 'Hacked')],
  ['of another program', (text: string) => text.replace(/^[0-9a-f]{64}/, '0'.repeat(64))],
  ['empty', () => ''],
  ['binary', () => '\u0000\n\u0001 {}\n'.repeat(10)],
  ['another form', (text: string) => text.replaceAll('"inputs"', '"outputs"')],
] as const)('a cache that is damaged is as good as none: %s', async ([, damage]) => {
  const folder = makeFolder(connectorFiles('a'));
  const first = await compileCached(folder);
  const file = cacheFile(folder);
  writeFileSync(file, damage(readFileSync(file, 'utf8')));
  const second = await compileCached(folder);
  expect(second.reused).toBe(0);
  expect(second.connectors[0]?.plan).toEqual(first.connectors[0]?.plan);
  expect((await compileCached(folder)).reused).toBe(1);
});

test('a cache that cannot be written is no failure', async () => {
  const folder = makeFolder(connectorFiles('a'));
  const cacheDir = join(folder.cwd, 'connectors/a/one.json/cache');
  const { connectors } = await folder.compile({ cacheDir });
  expect(connectors[0]?.plan).not.toBeNull();
});

test('a script that failed is run again: the machine may have been to blame', async () => {
  const folder = makeFolder(connectorFiles('a'));
  folder.write(
    'a/connector.yaml',
    connectorFile('a').replace(/mapping:.*/s, 'mapping: { script: map.js }\n'),
  );
  folder.write('a/map.js', 'export default () => null');
  const failing: ScriptRunner = {
    run: () =>
      Promise.resolve({ ok: false, code: 'script-unavailable', message: 'no process could be started' }),
    close: () => Promise.resolve(),
  };
  const { diagnostics } = await compileCached(folder, failing);
  expect(diagnostics).toMatchObject([
    { code: 'script-failed', message: 'the script cannot be run: no process could be started' },
  ]);
  expect((await compileCached(folder, failing)).reused).toBe(0);
});
