// Keys that are personal data, on every way by which a request becomes a file: capture, learn, new.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, Workspace } from '../acceptance/harness.ts';
import { answering, Scratch } from './new/workspace.ts';

const BODY = {
  event_id: 'evt_3',
  type: 'x.y',
  user: { id: 'u3' },
  byEmail: {
    'jane.doe@corp.example': { role: 'admin', user_id: 'u7' },
    'bob@corp.example': { role: 'user' },
  },
  one: { 'alice@corp.example': true },
  phones: { '+14155550134': 'home', '+14155550135': 'work' },
  names: { 'Jane Doe': 1, 'Xi Zhang': 2, 'Al Poe': 3 },
};
const PERSONAL = /corp\.example|1415555|Jane|Zhang|Poe/;
/** A single one, which may be a label. */
const UNSURE = { ...BODY, owners: { 'Xi Zhang': true } };

const workspace = new Workspace();
let server: Server;
const folder = workspace.path('connectors');
const file = (connector: string, name: string): string => join(folder, connector, name);
const read = (connector: string, name: string): string => readFileSync(file(connector, name), 'utf8');

const write = (id: string, variable: string): void => {
  mkdirSync(file(id, ''), { recursive: true });
  writeFileSync(
    file(id, 'connector.yaml'),
    `apiVersion: sluice/v1\nid: ${id}\nactionFlow: Any\nmapping: { targetUserIds: $.user.id, variables: { role: ${variable} } }\n`,
  );
};

beforeAll(async () => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  write('plain', '$.type');
  write('naming', `{ path: "$.byEmail['jane.doe@corp.example'].role" }`);
  server = await workspace.start('dev', 'connectors');
}, 120_000);
afterAll(() => workspace.close());

async function capture(id: string, name: string, body: unknown, ...args: string[]) {
  const waiting = workspace.sluice('capture', id, '--seconds', '100', '--write', name, ...args);
  const isOpen = () => workspace.json<{ captureWindow: unknown }>('status', id);
  while (!(await isOpen()).captureWindow);
  await send(id, body);
  return waiting;
}

const send = (id: string, body: unknown): Promise<Response> =>
  fetch(`${server.ingress}/c/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** The sample, and that the connector lists it. */
function takeOut(sample: string): void {
  rmSync(file('plain', `samples/${sample}.json`));
  write('plain', '$.type');
}

/** A connector without samples holds everything. */
async function hold(id: string, body: unknown): Promise<string> {
  await send(id, body);
  const list = ['held', 'list', '--connector', id];
  return (await workspace.json<{ holds: { id: string }[] }>(...list)).holds.at(-1)?.id ?? '';
}

test('capture writes none of them', async () => {
  expect(await capture('plain', 'first', BODY)).toMatchObject({ code: 0 });
  expect(read('plain', 'samples/first.json')).not.toMatch(PERSONAL);
  takeOut('first');
}, 240_000);

test('capture writes nothing where one may be a label, until it is told to', async () => {
  const refused = await capture('plain', 'second', UNSURE);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("key $.owners['Xi Zhang']") });
  expect(refused.stderr).toContain('nothing is written');
  expect(existsSync(file('plain', 'samples/second.json'))).toBe(false);
  expect(await capture('plain', 'second', UNSURE, '--yes')).toMatchObject({ code: 0 });
  expect(Object.keys(JSON.parse(read('plain', 'samples/second.json')).owners)).toEqual(['Xi Zhang']);
  takeOut('second');
}, 240_000);

test('learn writes none of them, and keeps what a path of the mapping names when it is told to', async () => {
  const plain = await hold('plain', BODY);
  expect(await workspace.sluice('learn', plain, '--name', 'plain')).toMatchObject({ code: 0 });
  expect(read('plain', 'samples/plain.json')).not.toMatch(PERSONAL);

  const naming = await hold('naming', BODY);
  const learn = ['learn', naming, '--name', 'naming'];
  const before = read('naming', 'connector.yaml');
  const refused = await workspace.sluice(...learn);
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('a file of the connector names it'),
  });
  expect(refused.stderr).toContain("$.byEmail['jane.doe@corp.example']");
  expect((await workspace.sluice(...learn, '--dry-run')).code).toBe(1);
  expect(read('naming', 'connector.yaml')).toBe(before);
  expect(existsSync(file('naming', 'samples'))).toBe(false);

  expect(await workspace.sluice(...learn, '--yes')).toMatchObject({ code: 0 });
  const text = read('naming', 'samples/naming.json');
  expect(Object.keys(JSON.parse(text).byEmail)).toEqual(['jane.doe@corp.example', 'user1@example.com']);
  expect(text.replace('jane.doe@corp.example', '')).not.toMatch(PERSONAL);
}, 240_000);

const NEW = ['new', 'people', '--sample', 'body.json', '--url-key', '--action-flow', 'F1'];

test('new writes none of them, neither into samples nor as a proposal or a remark', async () => {
  const scratch = new Scratch();
  scratch.write('body.json', BODY);
  expect(await scratch.sluice([...NEW, '--yes'])).toMatchObject({ code: 0 });
  for (const path of scratch.files().filter((one) => one.startsWith('connectors/people/')))
    expect(scratch.read(path)).not.toMatch(PERSONAL);
}, 120_000);

test('new asks where one may be a label; --yes alone is no answer, --keep is one', async () => {
  const scratch = new Scratch();
  scratch.write('body.json', UNSURE);
  const refused = await scratch.sluice([...NEW, '--yes']);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("key $.owners['Xi Zhang']") });
  expect(scratch.has('connectors/people')).toBe(false);
  const flags = [
    '--target',
    '$.user.id',
    '--owner',
    'a',
    '--description',
    'b',
    '--variable',
    'type=$.type',
    '--when',
    '$.type=x.y',
  ];
  const no = answering(['no']);
  expect(await scratch.sluice([...NEW, ...flags], { prompts: no.prompts })).toMatchObject({ code: 1 });
  expect(no.asked).toEqual([expect.stringContaining('looks like personal data')]);
  expect(scratch.has('connectors/people')).toBe(false);
  const yes = answering(['yes']);
  expect(await scratch.sluice([...NEW, ...flags], { prompts: yes.prompts })).toMatchObject({ code: 0 });
  rmSync(scratch.path('connectors/people'), { recursive: true });
  expect(await scratch.sluice([...NEW, '--yes', '--keep', '$.owners'])).toMatchObject({ code: 0 });
  expect(JSON.parse(scratch.read('connectors/people/samples/body.json')).owners).toEqual({
    'Xi Zhang': true,
  });
}, 120_000);
