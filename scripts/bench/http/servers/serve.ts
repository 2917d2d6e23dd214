// `sluice serve` as production runs it: a bundle on disk, log lines into a file, and the http target (--post URL) or the log
// target. This process prepares the folder, starts the server and says where it listens and which process it is.
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeBundle } from '../../../../src/bundle/codec.ts';
import { createScriptHost } from '../../../../src/runtime/script-host/host.ts';
import { compileAll, STRUCTURED } from '../connectors.ts';
import { SECRET } from '../request.ts';

const MAIN = join(import.meta.dirname, '../../../../src/cli/main.ts');
const { values } = parseArgs({
  options: { post: { type: 'string' }, workers: { type: 'string', default: '1' } },
});
const scripts = createScriptHost({});
const plans = await compileAll(scripts);
await scripts.close();
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-serve-'));
const bundle = join(folder, 'bundle.json');
writeFileSync(bundle, encodeBundle([...plans], { revision: 'bench', sequence: 1, tool: 'bench' }));

const where = ['--bundle', bundle, '--state', join(folder, 'state'), '--host', '127.0.0.1', '--port', '0'];
const target =
  values.post === undefined
    ? ['--target', 'log']
    : ['--target', 'http', '--target-url', values.post, '--target-test-url', `${values.post}test`];
const child = spawn(
  process.execPath,
  [MAIN, 'serve', ...where, '--admin-port', '0', '--workers', values.workers, ...target],
  {
    stdio: ['ignore', openSync(join(folder, 'log'), 'w'), 'pipe'],
    env: { ...process.env, SLUICE_SECRET_STRIPE: SECRET, SLUICE_TARGET_SECRET: `whsec_${'A'.repeat(32)}` },
  },
);
let said = '';
child.stderr?.setEncoding('utf8').on('data', (text: string) => {
  if (said.length > 10_000) return;
  said += text;
  const origin = /ingress (http:[^\s,]+)/.exec(said)?.[1];
  if (origin === undefined) return;
  said = 'x'.repeat(10_001);
  console.log(`${origin}/c/${STRUCTURED} ${child.pid}`);
});
child.once('exit', (code) => {
  if (said.length <= 10_000) console.error(said);
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});
process.on('SIGTERM', () => child.kill('SIGTERM'));
