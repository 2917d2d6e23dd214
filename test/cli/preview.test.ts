/** `preview` of connectors that are not right yet: what can be shown is shown. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { connectorFile, connectorFiles, makeFolder } from '../compiler/folder.ts';

async function preview(connector: string, ...more: string[]) {
  const folder = makeFolder({ ...connectorFiles('a'), 'a/connector.yaml': connector });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context = { stdout, stderr, env: { CI: '1', PATH: process.env.PATH }, cwd: folder.cwd };
  const code = await runProgram(['preview', 'a', ...more], context);
  return { code, out: String(stdout.read() ?? ''), said: String(stderr.read() ?? '') };
}

const GOOD = connectorFile('a');
/** One path that no sample has. */
const WRONG_FIELD = GOOD.replace('$.amount', '$.amuont');

test('one wrong field does not hide what the others come to, and is marked', async () => {
  const { code, out } = await preview(WRONG_FIELD, '--no-body');
  expect(out).toMatch(/^ {4}targetUserIds: \["user_1"\]$/m);
  expect(out).toMatch(/^ {2}X variables\.amount: <-- .+$/m);
  expect(code).toBe(1);
});

test('as JSON there is always a document: samples, fields with pointers, diagnostics', async () => {
  const { code, out } = await preview(WRONG_FIELD, '--json');
  const shown = JSON.parse(out);
  expect(shown.samples[0].elements[0].fields).toEqual(
    expect.arrayContaining([
      { pointer: '/mapping/targetUserIds', field: 'targetUserIds', value: ['user_1'] },
      { pointer: '/mapping/variables/amount', field: 'variables.amount', problem: expect.any(String) },
    ]),
  );
  expect(shown.diagnostics).toContainEqual(expect.objectContaining({ code: 'path-not-in-sample' }));
  expect(code).toBe(1);
});

test.each([
  ['a mapping that is a text', GOOD.replace(/mapping:\n( {2}.*\n)+/, 'mapping: nothing\n')],
  ['no mapping', GOOD.replace(/mapping:\n( {2}.*\n)+/, '')],
  ['an expression that is none', GOOD.replace('$.user.id', '{ path: 7 }')],
  ['a file that is no YAML', 'id: [\n'],
])('%s: there is a document, and no crash', async (_, connector) => {
  const { code, out } = await preview(connector, '--json');
  expect(JSON.parse(out)).toMatchObject({
    id: 'a',
    samples: expect.any(Array),
    diagnostics: expect.any(Array),
  });
  expect(code).toBe(1);
});

/** Words of every kind: a lookup, a value of another, a default that is needed, and what cannot be done. */
const WORDS = GOOD.replace(
  '$.amount, note',
  `{ path: $.amount, map: { "12": dozen, "5": five } }, total: { path: $.amount, point: 2, as: string }, note`,
);

test('how a value comes about is shown step by step, in text and as JSON', async () => {
  const { code, out } = await preview(WORDS, '--no-body');
  expect(out).toContain('    variables.amount: 12 -> map -> "dozen"\n');
  expect(out).toContain('    variables.total: 12 -> point -> "0.12" -> as -> "0.12"\n');
  expect(out).toContain('    variables.note: nothing -> default -> "none"\n');
  expect(code).toBe(0);
  const json = JSON.parse((await preview(WORDS, '--json')).out);
  expect(json.samples[0].elements[0].steps[0]).toEqual({
    pointer: '/mapping/variables/amount',
    field: 'variables.amount',
    paths: ['$.amount'],
    steps: [
      { word: 'path', value: 12 },
      { word: 'map', value: 'dozen' },
    ],
  });
});

test('properties say what the mapping makes of them', async () => {
  const folder = makeFolder({ ...connectorFiles('a'), 'a/connector.yaml': WORDS });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context = { stdout, stderr, env: { CI: '1', PATH: process.env.PATH }, cwd: folder.cwd };
  await runProgram(['properties', 'a'], context);
  expect(String(stdout.read())).toMatch(/^\$\.amount .*\n +variables\.amount: 12 -> map -> "dozen"$/m);
});
