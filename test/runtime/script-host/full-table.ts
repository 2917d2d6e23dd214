/** A script host in a process that has every descriptor taken: its answer, and that the process goes on. */
import { openSync } from 'node:fs';
import { createScriptHost } from '../../../src/runtime/script-host/host.ts';

const host = createScriptHost({ waitMs: 500 });
try {
  for (;;) openSync('/dev/null', 'r');
} catch {
  // Now there are none left.
}
const script = { source: 'export default () => ({})', digest: 'x' };
const request = { body: {}, headers: {}, method: 'POST', receivedAt: 0 };
const result = await host.run('c', script as never, request as never);
await host.close();
process.stdout.write(`${JSON.stringify(result)}\n`);
