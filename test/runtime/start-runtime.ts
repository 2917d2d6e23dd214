// A process of its own for tests: serves what the command line says until a signal ends it. Prints its addresses.
import { readConfig } from '../../src/runtime/config/config.ts';
import { closeOnSignals, startRuntime } from '../../src/runtime/processes/serve.ts';

const [bundle, state, workers = '1', logLevel = 'silent'] = process.argv.slice(2);
const flags = {
  bundle,
  state,
  workers,
  host: '127.0.0.1',
  port: '0',
  adminPort: '0',
  logLevel,
  logFormat: 'json',
};
const read = readConfig(flags, {});
if (!read.ok) throw new Error(read.problems.join('\n'));
const started = await startRuntime(read.config, { announce: (text) => process.stderr.write(`${text}\n`) });
if (!started.ok) throw new Error(started.message);
const { ingressUrl, adminUrl } = started.runtime;
process.stdout.write(`${JSON.stringify({ ingressUrl, adminUrl })}\n`);
await closeOnSignals(started.runtime);
