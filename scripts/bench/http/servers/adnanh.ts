// adnanh/webhook (Debian package `webhook`): its HMAC rule holds, its address rule does not, so that it matches and runs no
// command. This process writes its configuration, starts it and says where it listens and which process it is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRET } from '../request.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-webhook-'));
const hmac = {
  type: 'payload-hmac-sha256',
  secret: SECRET,
  parameter: { source: 'header', name: 'X-Hub-Signature-256' },
};
const rule = { and: [{ match: hmac }, { match: { type: 'ip-whitelist', 'ip-range': '192.0.2.0/24' } }] };
const hook = { id: 'stripe', 'execute-command': '/bin/true', 'trigger-rule': rule };
writeFileSync(join(folder, 'hooks.json'), JSON.stringify([hook]));
const port = await freePort();
const child = spawn(
  'webhook',
  ['-hooks', join(folder, 'hooks.json'), '-ip', '127.0.0.1', '-port', String(port), '-urlprefix', 'c'],
  { stdio: ['ignore', 'ignore', 'ignore'] },
);
child.once('exit', (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});
const url = `http://127.0.0.1:${port}/c/stripe`;
while (
  !(await fetch(url).then(
    () => true,
    () => false,
  ))
)
  await new Promise((resolve) => setTimeout(resolve, 50));
console.log(`${url} ${child.pid}`);
process.on('SIGTERM', () => child.kill('SIGTERM'));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
