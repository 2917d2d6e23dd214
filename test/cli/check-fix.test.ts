/** What `check --fix` changes in files, what it leaves alone, and what it says. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';

const HEAD = 'apiVersion: sluice/v1\nid: orders\nactionFlow: BkX2pQ\nsamples: [one.json, two.json]\n';
const MAPPING = 'mapping:\n  targetUserIds: $.user.id\n';
const CONNECTOR = 'orders/connector.yaml';

let cwd: string;

beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-fix-')));
  const folder = cwd;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  write('orders/one.json', '{ "id": "evt_1", "type": "paid", "user": { "id": "user_1", "name": "Ada" } }');
  write(
    'orders/two.json',
    '{ "id": "evt_2", "type": "paid", "user": { "id": "user_2", "name": "Bo" }, "n": 1 }',
  );
});

function write(path: string, content: string | Buffer): string {
  const file = join(cwd, 'connectors', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function read(path: string): string {
  return readFileSync(join(cwd, 'connectors', path), 'utf8');
}

async function fix(...more: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runProgram(['check', '--fix', ...more], { stdout, stderr, env: {}, cwd });
  return { code, said: String(stderr.read() ?? ''), out: String(stdout.read() ?? '') };
}

test('comments, spacing, quotes and line ends stay, and a second run changes nothing', async () => {
  const text = `\ufeff# why\r\n${HEAD.replaceAll('\n', '\r\n')}"ownr":   'shop' # who\r\nmapping:\r\n  # the buyer\r\n  targetUserIds: '$.user.id'\r\n  variables: { kind: "$.tpye",   hi: { template: 'Hi {{ $.user.nmae }}' } }   # x`;
  write(CONNECTOR, text);
  const first = await fix();
  const fixed = text.replace('"ownr"', '"owner"').replace('$.tpye', '$.type').replace('nmae', 'name');
  expect(read(CONNECTOR)).toBe(fixed);
  expect(first.code).toBe(0);
  expect(first.said).toBe(
    `fixed connectors/orders/connector.yaml:6:1: write "owner" instead of "ownr" [key-unknown]
fixed connectors/orders/connector.yaml:10:22: write "$.type" instead of "$.tpye" [path-not-in-sample]
fixed connectors/orders/connector.yaml:10:57: write "$.user.name" instead of "$.user.nmae" [path-not-in-sample]
3 problems fixed in 1 file
no problems in 1 connector
`,
  );
  const before = statSync(join(cwd, 'connectors', CONNECTOR));
  expect((await fix()).said).toBe('nothing to fix\nno problems in 1 connector\n');
  expect(statSync(join(cwd, 'connectors', CONNECTOR)).ino).toBe(before.ino);
});

test.for([
  ['[10.0.0.0/8, 10.1.0.0/16]', '[10.0.0.0/8]'],
  ['[10.1.0.0/16, 10.0.0.0/8]', '[10.0.0.0/8]'],
  ['[ 10.0.0.0/8 , 10.1.0.0/16 , 192.0.2.1 ]', '[ 10.0.0.0/8 , 192.0.2.1 ]'],
  ['[10.1.0.0/16, 10.1.2.0/24, 10.0.0.0/8]', '[10.0.0.0/8]'],
  [
    '[\n    10.0.0.0/8, # all of ours\n    10.1.0.0/16,\n    192.0.2.1\n  ]',
    '[\n    10.0.0.0/8, # all of ours\n    192.0.2.1\n  ]',
  ],
  ['[\n    10.0.0.0/8,\n    10.1.0.0/16\n  ]', '[\n    10.0.0.0/8,\n  ]'],
  [
    '\n    - 10.0.0.0/8 # ours\n    - "10.1.0.0/16"\n    - 192.0.2.1',
    '\n    - 10.0.0.0/8 # ours\n    - 192.0.2.1',
  ],
  ['\n    - 10.0.0.0/8\n    - 10.1.0.0/16', '\n    - 10.0.0.0/8'],
  // A remark goes with the entry: people move it.
  ['\n    - 10.0.0.0/8\n    - 10.1.0.0/16 # the shop', null],
  ['[\n    10.0.0.0/8,\n    10.1.0.0/16 # the shop\n  ]', null],
] as const)('an address that another contains is taken out of %j', async ([list, fixed]) => {
  const text = `${HEAD}${MAPPING}security:\n  allowIps: ${list}\n`;
  write(CONNECTOR, text);
  await fix();
  expect(read(CONNECTOR)).toBe(fixed === null ? text : text.replace(list, fixed));
});

test('what one fix uncovers is fixed in the next round', async () => {
  write(CONNECTOR, `${HEAD}${MAPPING}shap: { polcy: maped }\n`);
  expect(await fix()).toMatchObject({ code: 0 });
  expect(read(CONNECTOR)).toBe(`${HEAD}${MAPPING}shape: { policy: mapped }\n`);
});

test('an entry of `silence` that is no longer needed goes, and the map with its last one', async () => {
  write(CONNECTOR, `${HEAD}silence:\n  sample-single: one form\n  ip-overlap: generated\n${MAPPING}`);
  await fix();
  expect(read(CONNECTOR)).toBe(`${HEAD}${MAPPING}`);
});

test('a fix that would break something else is not written, others are', async () => {
  const text = `${HEAD}ownr: shop\nmapping:\n  targetUserIds: $.user.id\n  variables: { a: $.uesr }\n`;
  write(CONNECTOR, text);
  const { code, said } = await fix();
  expect(code).toBe(1);
  expect(said).toMatch(
    /^not fixed .*:8:19: write "\$\.user" instead of "\$\.uesr" \[path-not-in-sample\]; it would lead to: .* \[trigger-invalid\]$/m,
  );
  expect(read(CONNECTOR)).toBe(text.replace('ownr', 'owner'));
});

test.for([
  'status: lvie',
  'statsu: live',
  'securty: { unauthenticated: "anyone may call this" }',
  'security: { unauthenticted: "anyone may call this" }',
  'security: { signature: { preset: mandril, sharedSecret: { env: SLUICE_SECRET_A } } }',
  'security: { signature: { preset: strpe, sharedSecret: { env: SLUICE_SECRET_A } } }',
  'security: { signature: { preset: hubspot-v4, sharedSecret: { env: SLUICE_SECRET_A } } }',
  'security: { allowIps: [10.0.0.1/8] }',
  'samples: [one.json, two.json]',
])('who may call and what is live is not guessed: %s', async (line) => {
  const text = `${HEAD}${MAPPING}${line}\n`;
  write(CONNECTOR, text);
  const { code } = await fix();
  expect(code).toBe(1);
  expect(read(CONNECTOR)).toBe(text);
});

test.for([
  '$.recipient',
  '[$.user.idd]',
  '{ path: [$.usr.id, $.user.id] }',
  '{ template: "shop-{{ $.usr.id }}" }',
  'user.id',
])('who gets a card is not guessed: %s', async (targets) => {
  write('orders/one.json', '{ "recipients": ["a", "b"], "user": { "id": "user_1" } }');
  const text = `${HEAD}mapping:\n  targetUserIds: ${targets}\n`;
  write(CONNECTOR, text);
  const { code, said } = await fix();
  expect(code).toBe(1);
  expect(said).toMatch(/^1 error needs you$/m);
  expect(read(CONNECTOR)).toBe(text);
});

test('a key below security that differs in its case alone is written right', async () => {
  const text = `${HEAD}${MAPPING}security: { signature: { sharedsecret: { env: SLUICE_SECRET_A }, signature: { header: x-s } } }\n`;
  write(CONNECTOR, text);
  expect(await fix()).toMatchObject({ code: 0 });
  expect(read(CONNECTOR)).toBe(text.replace('sharedsecret', 'sharedSecret'));
});

test('a text that looks like a path of the payload becomes one', async () => {
  const text = `${HEAD}${MAPPING}  variables: { a: user.name, b: { template: "Hi { $.user.name }" }, c: type }\n`;
  write(CONNECTOR, text);
  expect(await fix()).toMatchObject({ code: 0 });
  expect(read(CONNECTOR)).toBe(
    text.replace('a: user', 'a: $.user').replace('{ $.user.name }', '{{ $.user.name }}'),
  );
});

test('what is left to do is counted', async () => {
  write(CONNECTOR, `${HEAD}${MAPPING}nonsense: 1\nzzz: 2\n`);
  expect((await fix()).said).toMatch(/^2 errors need you$/m);
  write(CONNECTOR, `${HEAD}${MAPPING}ownr: shop\nnonsense: 1\n`);
  expect((await fix()).said).toMatch(/^1 problem fixed in 1 file; 1 error needs you$/m);
});

test('the fixes of case files', async () => {
  write(CONNECTOR, `${HEAD}${MAPPING}`);
  const text = '- note: one\n  request: { sampel: oen.json }\n  want: { outcome: ignroed }\n';
  write('orders/cases/a.yaml', text);
  expect(await fix()).toMatchObject({ code: 0 });
  expect(read('orders/cases/a.yaml')).toBe(
    '- note: one\n  request: { sample: one.json }\n  want: { outcome: ignored }\n',
  );
});

test('permissions stay, and nothing else is left in the folder', async () => {
  const file = write(CONNECTOR, `${HEAD}ownr: shop\n${MAPPING}`);
  chmodSync(file, 0o600);
  await fix();
  expect(lstatSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(file)).sort()).toEqual(['connector.yaml', 'one.json', 'two.json']);
});

test('links are not followed: what they lead to stays as it is', async () => {
  const text = `${HEAD}ownr: shop\n${MAPPING}`;
  const outside = join(cwd, 'outside.yaml');
  writeFileSync(outside, text);
  symlinkSync(outside, join(cwd, 'connectors', CONNECTOR));
  mkdirSync(join(cwd, 'connectors/linked'));
  symlinkSync('../../outside.yaml', join(cwd, 'connectors/linked.yaml'));
  expect(await fix()).toMatchObject({ code: 1 });
  expect(readFileSync(outside, 'utf8')).toBe(text);
  expect(lstatSync(join(cwd, 'connectors', CONNECTOR)).isSymbolicLink()).toBe(true);
});

test('what a machine reads stays apart from what is said about fixes', async () => {
  write(CONNECTOR, `${HEAD}ownr: shop\nnonsense: 1\n${MAPPING}`);
  const { code, said, out } = await fix('--format', 'json');
  expect(code).toBe(1);
  expect(said).toContain('1 problem fixed in 1 file');
  expect(JSON.parse(out).diagnostics).toMatchObject([{ code: 'key-unknown', line: 6 }]);
});

test('a field that the provider may leave out gets a default, and one that says who gets the card does not', async () => {
  const customer = (id: string) =>
    `{ "id": "e${id}", "type": "customer.created", "data": { "object": { "id": "c${id}", "name": "Ada", "email": "a@b.example", "phone": "1" } } }`;
  write('orders/one.json', customer('1'));
  write('orders/two.json', customer('2'));
  const text = `${HEAD}mapping:
  targetUserIds: $.data.object.email
  variables:
    name: $.data.object.name # of the buyer
    phone: "$.data.object['phone']"
security: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_STRIPE } } }
`;
  write(CONNECTOR, text);
  const { said } = await fix();
  expect(read(CONNECTOR)).toBe(
    text
      .replace('name: $.data.object.name', 'name: { path: $.data.object.name, default: "" }')
      .replace(`phone: "$.data.object['phone']"`, `phone: { path: "$.data.object['phone']", default: "" }`),
  );
  expect(said).toContain('write `whenMissing: ignore` beside it');
});

test('numbers that YAML changes are put in quotes as they stand, those of users and codes too', async () => {
  const numbers = (...texts: string[]) => `mapping:
  targetUserIds: [${texts.slice(0, 3).join(', ')}, 5, 12345678901234567890]
  variables: { a: { path: $.type, map: { ${texts[3]}: ${texts[4]}, paid: x }, default: ${texts[5]} } }
`;
  const written = ['0123', '1e3', '0x1F', '007', '1.10', '+1'];
  write(CONNECTOR, HEAD + numbers(...written));
  await fix();
  expect(read(CONNECTOR)).toBe(HEAD + numbers(...written.map((one) => `"${one}"`)));
});
