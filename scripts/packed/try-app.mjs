// Starts an example application of docs/embedding in this folder, sends it a signed webhook and a request of its own, and ends it.
// Rejects where either is not answered as its readers are told.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundle } from 'sluice';

const SECRET = 'a-secret-of-some-length';
const folder = mkdtempSync('app-');
mkdirSync(join(folder, 'dist'));
mkdirSync(join(folder, 'connectors'));
writeFileSync(
  join(folder, 'connectors/orders.yaml'),
  `apiVersion: sluice/v1
id: orders
actionFlow: F1
status: live
sample: { id: e1, user: u1 }
mapping: { targetUserIds: $.user }
idempotency: { path: $.id }
security:
  signature: { sharedSecret: { env: SLUICE_SECRET_SHOP }, signature: { header: x-signature } }
`,
);
const built = await buildBundle(join(folder, 'connectors'));
assert.ok(built.ok, JSON.stringify(built.diagnostics));
writeFileSync(join(folder, 'dist/bundle.json'), built.bytes);

const app = spawn(process.execPath, [join('..', process.argv[2])], {
  cwd: folder,
  env: { ...process.env, PORT: '0', SLUICE_SECRET_SHOP: SECRET },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const exited = new Promise((resolve) => app.once('exit', (...how) => resolve(how)));
const { promise: listening, resolve, reject } = Promise.withResolvers();
let output = '';
app.stdout.setEncoding('utf8').on('data', (chunk) => {
  output += chunk;
  const port = /^listening on (\d+)$/m.exec(output)?.[1];
  if (port !== undefined) resolve(port);
});
void exited.then((how) => reject(new Error(`the application ended: ${how}\n${output}`)));
const url = `http://127.0.0.1:${await listening}`;

const body = '{ "id": "e9",  "user": "u9" }';
const post = (path, headers) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
const signature = createHmac('sha256', SECRET).update(body).digest('hex');
const taken = await post('/c/orders', { 'x-signature': signature });
assert.deepEqual([taken.status, (await taken.json()).outcome], [202, 'delivered']);
assert.equal((await post('/c/orders', { 'x-signature': 'no' })).status, 401);
const own = await post('/orders', {});
assert.deepEqual([own.status, await own.json()], [200, { got: { id: 'e9', user: 'u9' } }]);
app.kill('SIGTERM');
assert.deepEqual(await exited, [0, null], output);
for (const said of ['"actionFlow":"F1"', '"users":["u9"]', '"sluice":{'])
  assert.ok(output.includes(said), output);
