/** A listening server with few connections, in a process of its own: its answer says that it serves. */
import { listen } from '../../src/runtime/ingress/listen.ts';
import { DEFAULT_SERVER_LIMITS } from '../../src/runtime/pipeline/limits.ts';

const started = await listen((_, response) => response.end('served'), {
  host: '127.0.0.1',
  port: 0,
  limits: { ...DEFAULT_SERVER_LIMITS, maxConnections: 20 },
  flag: '--port',
});
if (!started.ok) throw new Error(started.message);
process.stdout.write(`${started.listener.url}\n`);
