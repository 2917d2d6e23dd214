/** What VS Code offers, explains and marks in connector and case files: asked of the language server that it runs. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { findCode } from '../../src/outcomes/codes.ts';
import { PRESETS } from '../../src/stages/signature/presets.ts';
import { expandSnippet } from './expand-snippet.ts';
import { type Completion, LanguageServer, type Mark } from './language-server.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-editor-')));
let server: LanguageServer;

beforeAll(async () => {
  mkdirSync(join(folder, 'connectors/shop/cases'), { recursive: true });
  // Where this repository has the schemas, and where an installed package has them.
  for (const place of ['schemas', 'node_modules/sluice/schemas'])
    cpSync(join(ROOT, 'schemas'), join(folder, place), { recursive: true });
  const settings = JSON.parse(readFileSync(join(ROOT, '.vscode/settings.json'), 'utf8'));
  server = await LanguageServer.start(folder, settings['yaml.schemas']);
});
afterAll(() => {
  server.stop();
  rmSync(folder, { recursive: true });
});

const HEAD = 'apiVersion: sluice/v1\nid: shop\nactionFlow: F1\n';
const MAPPED = `${HEAD}mapping: { targetUserIds: $.user }\n`;
const CONNECTOR = '# yaml-language-server: $schema=../../schemas/connector.schema.json\n';
const CASE = '# yaml-language-server: $schema=../../../schemas/case.schema.json\n';
let files = 0;

interface Opened {
  readonly path: string;
  readonly text: string;
  readonly offset: number;
  readonly line: number;
  readonly character: number;
  readonly marks: readonly Mark[];
}

/** Opens a new file; `|` is where the cursor stands. */
async function open(head: string, body: string): Promise<Opened> {
  files += 1;
  const path = join(folder, 'connectors/shop', head === CASE ? 'cases' : '', `${files}.yaml`);
  const offset = head.length + Math.max(0, body.indexOf('|'));
  const text = head + body.replace('|', '');
  const before = text.slice(0, offset).split('\n');
  const marks = await server.open(path, text);
  return { path, text, offset, marks, line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

async function complete(head: string, body: string): Promise<readonly Completion[]> {
  const { path, line, character } = await open(head, body);
  return server.complete(path, line, character);
}

/** The file after one completion was taken as it is. */
async function take(head: string, body: string, label: string): Promise<string> {
  const { path, text, offset, line, character } = await open(head, body);
  const found = (await server.complete(path, line, character)).find((one) => one.label === label);
  if (found === undefined) throw new Error(`"${label}" is not offered`);
  const inserted = expandSnippet(found.textEdit?.newText ?? found.insertText ?? '');
  // As editors do: further lines get the indentation of the first.
  const indent = /^ */.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
  return text.slice(0, offset) + inserted.replaceAll('\n', `\n${indent}`) + text.slice(offset);
}

async function messagesOf(text: string): Promise<readonly string[]> {
  const head = text.startsWith(CASE) ? CASE : CONNECTOR;
  return (await open(head, text.slice(head.length))).marks.map(({ message }) => message);
}

const labels = (completions: readonly Completion[]): readonly string[] =>
  completions.map(({ label }) => label);

describe('completes', () => {
  test('the names of all presets, each with what it checks', async () => {
    const found = await complete(CONNECTOR, `${MAPPED}security:\n  signature:\n    preset: |\n`);
    expect(labels(found).toSorted()).toEqual([...PRESETS.keys()].toSorted());
    const stripe = found.find(({ label }) => label === 'stripe')?.documentation;
    expect(stripe).toMatchObject({
      value: expect.stringContaining('HMAC-SHA256 of [timestamp].[payload] in stripe-signature'),
    });
  });

  test('keys, without those that stand there', async () => {
    const found = labels(await complete(CONNECTOR, `${MAPPED}security:\n  allowIps: [10.0.0.1]\n  |\n`));
    expect(found).toEqual(
      expect.arrayContaining(['signature', 'urlKey', 'unauthenticated', 'bodyNotSigned']),
    );
    expect(found).not.toContain('allowIps');
    const ofSignature = labels(await complete(CONNECTOR, `${MAPPED}security:\n  signature:\n    |\n`));
    expect(ofSignature).toEqual(expect.arrayContaining(['preset', 'sharedSecret', 'timestamp', 'template']));
  });

  test('paths', async () => {
    expect(labels(await complete(CONNECTOR, `${HEAD}mapping:\n  targetUserIds: |\n`))).toContain(
      '$.data.object.metadata.user_id',
    );
    expect(labels(await complete(CONNECTOR, `${MAPPED}split: |\n`))).toEqual(
      expect.arrayContaining(['$[*]', '$.events[*]']),
    );
  });

  test('the codes of outcomes, each with what it means', async () => {
    const found = await complete(CASE, 'note: a\nrequest: {}\nwant:\n  outcome: held\n  code: |\n');
    expect(labels(found)).toEqual(
      expect.arrayContaining(['signature-mismatch', 'when-differs', 'shape-changed']),
    );
    for (const { label, documentation } of found) expect(documentation).toBe(findCode(label)?.meaning);
  });

  test('nothing of which only the type is shown', async () => {
    for (const body of [
      `${HEAD}mapping: |\n`,
      `${HEAD}mapping:\n  targetUserIds: $.a\n  variables:\n    x: |\n`,
      `${MAPPED}idempotency: |\n`,
      `${MAPPED}testWhen: |\n`,
      `${MAPPED}security:\n  signature:\n    sharedSecret: |\n`,
    ])
      expect(labels(await complete(CONNECTOR, body)).join()).not.toContain('[object');
  });
});

const VARIABLE = `${HEAD}mapping:\n  targetUserIds: $.user\n  variables:\n    name: |\n`;
const SIGNED = `${MAPPED}security:\n  signature:\n    |\n`;
const SECRET = `${MAPPED}security:\n  signature:\n    preset: stripe\n    sharedSecret:\n      |\n`;
const EVENTS = `${MAPPED}when:\n  - |\n`;

describe('a snippet gives what is valid at once', () => {
  test.each([
    ['an entry of when', EVENTS, 'path equals'],
    ['an entry of when', EVENTS, 'path in'],
    ['an entry of when', EVENTS, 'path exists'],
    ['an entry of when', EVENTS, 'header equals'],
    ['a second entry', `${MAPPED}when:\n  - { path: $.a, exists: true }\n  - |\n`, 'path prefix'],
    ['a test condition', `${MAPPED}testWhen:\n  |\n`, 'path equals'],
    ['a value', VARIABLE, 'path with a default'],
    ['a value', VARIABLE, 'first of several paths'],
    ['a value', VARIABLE, 'path, converted'],
    ['a value', VARIABLE, 'template with a default'],
    ['a value', VARIABLE, 'header'],
    ['a value', VARIABLE, 'literal'],
    ['a value', VARIABLE, 'every element of a list'],
    ['a value', VARIABLE, 'a name with dots or spaces'],
    [
      'variables',
      `${HEAD}mapping:\n  targetUserIds: $.user\n  variables:\n    |\n`,
      'variable with a default',
    ],
    ['a mapping', `${HEAD}mapping:\n  |\n`, 'structured mapping'],
    ['a mapping', `${HEAD}mapping:\n  |\n`, 'mapping script'],
    ['an id', `${MAPPED}idempotency:\n  |\n`, 'id in the payload'],
    ['an id', `${MAPPED}idempotency:\n  |\n`, 'id in a header'],
    ['security', `${MAPPED}security:\n  |\n`, 'security: signature by preset'],
    ['security', `${MAPPED}security:\n  |\n`, 'security: secret URL'],
    ['a signature', SIGNED, 'signature by preset'],
    ['a signature', SIGNED, 'signature: HMAC over the body'],
    ['a signature', SIGNED, 'signature: HMAC over time and body'],
    ['a signature', SIGNED, 'signature: token in a header'],
    ['a secret', SECRET, 'from the environment'],
    ['a secret', SECRET, 'from a file'],
  ])('%s: %#', async (_, body, label) => {
    expect(await messagesOf(await take(CONNECTOR, body, label))).toEqual([]);
  });

  test.each([
    ['a card'],
    ['a changed payload is held'],
    ['another event is ignored'],
    ['a wrong signature is refused'],
  ])('case: %s', async (label) => {
    for (const body of ['|\n', `- |\n`])
      expect(await messagesOf(await take(CASE, body, `case: ${label}`))).toEqual([]);
  });

  const WHOLE = ['connector, signed by a known provider', 'connector, signature spelled out'];
  test.each([...WHOLE, 'connector, mapped by a script'])('%s, which checks and builds', async (label) => {
    const text = await take(CONNECTOR, '|\n', label);
    expect(await messagesOf(text)).toEqual([]);
    const repository = join(folder, label.replaceAll(/\W+/g, '-'));
    mkdirSync(join(repository, 'connectors/order-paid/samples'), { recursive: true });
    const write = (file: string, content: string): void =>
      writeFileSync(join(repository, 'connectors/order-paid', file), content);
    write('connector.yaml', text);
    write(
      'samples/first.json',
      '{ "id": 1, "type": "order.paid", "order": { "number": 7 }, "customer": { "id": "u1" } }',
    );
    write('mapping.js', 'export default ({ body }) => ({ targetUserIds: [body.customer.id] });\n');
    const stderr = new PassThrough();
    const context = { stdout: new PassThrough(), stderr, env: {}, cwd: repository };
    expect(await runProgram(['check'], context), String(stderr.read() ?? '')).toBe(0);
  });
});

describe('explains', () => {
  test.each([
    ['a key', CONNECTOR, `stat|us: test\n${MAPPED}`, 'requests make live cards'],
    [
      'a key with an example',
      CONNECTOR,
      `${MAPPED}wh|en: [{ path: $.a, exists: true }]\n`,
      'in: [created, updated]',
    ],
    [
      'a preset',
      CONNECTOR,
      `${MAPPED}security: { signature: { preset: git|hub } }\n`,
      'HMAC-SHA256 of [payload] in x-hub-signature-256',
    ],
    [
      'a key of a case',
      CASE,
      `note: a\nrequest: { si|gn: stale }\nwant: { outcome: rejected }\n`,
      'wrong (one that does not match)',
    ],
  ])('%s', async (_, head, body, words) => {
    const { path, line, character } = await open(head, body);
    expect(await server.hover(path, line, character)).toContain(words);
  });
});

describe('marks', () => {
  test('nothing in the examples of this repository', async () => {
    for (const id of ['stripe-payment-failed', 'slack-app-mention', 'pagerduty-incident']) {
      for (const [file, text] of readExample(id)) expect(await server.open(file, text)).toEqual([]);
    }
  });

  test('a wrong key, where it stands', async () => {
    const { marks } = await open(CONNECTOR, `${MAPPED}sample: {}\nwehn: []\n`);
    expect(marks.map(({ message, range }) => [range.start.line, message])).toEqual([
      [6, 'Property wehn is not allowed.'],
    ]);
  });

  test('a name that is no preset', async () => {
    const { marks } = await open(CONNECTOR, `${MAPPED}security: { signature: { preset: strype } }\n`);
    expect(marks).toMatchObject([
      { message: expect.stringContaining('Value is not accepted'), range: { start: { line: 5 } } },
    ]);
  });

  test('a wrong outcome of a case', async () => {
    const { marks } = await open(CASE, '- note: a\n  request: {}\n  want: { outcome: send }\n');
    expect(marks).toMatchObject([{ range: { start: { line: 3 } } }]);
  });
});

test('a repository with Sluice as a dependency names the schemas of the package', async () => {
  const installed =
    '# yaml-language-server: $schema=../../node_modules/sluice/schemas/connector.schema.json\n';
  expect(labels(await complete(installed, `${MAPPED}security:\n  signature:\n    preset: |\n`))).toContain(
    'stripe',
  );
  expect((await open(installed, `${MAPPED}wehn: []\n`)).marks).toHaveLength(1);
  const ofCase = '# yaml-language-server: $schema=../../node_modules/sluice/schemas/case.schema.json\n';
  expect(labels(await complete(ofCase, 'note: a\nrequest:\n  sign: |\n'))).toContain('genuine');
});

test('a file without the comment is known by its place, through the settings of this repository', async () => {
  for (const [path, key] of [
    ['connectors/other/connector.yaml', 'actionFlow'],
    ['connectors/flat.yaml', 'actionFlow'],
    ['connectors/other/cases/events.yaml', 'note'],
  ] as const) {
    const whole = join(folder, path);
    await server.open(whole, '\n');
    expect(labels(await server.complete(whole, 0, 0)), path).toContain(key);
  }
});

function readExample(id: string): readonly (readonly [path: string, text: string])[] {
  const paths = ['connector.yaml', 'cases/events.yaml'].map((name) => join(ROOT, 'connectors', id, name));
  return paths.map((path) => [path, readFileSync(path, 'utf8')]);
}
