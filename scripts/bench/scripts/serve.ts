// Serves both connectors as `serve` does, but with a target in memory and without log lines. Says on its standard output
// where it listens; asked over HTTP at /in-process/<connector>?seconds=<n> it drives its own pipeline instead.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canonicalJson } from '../../../src/bundle/canonical-json.ts';
import { encodeBundle } from '../../../src/bundle/codec.ts';
import { Activation } from '../../../src/runtime/bundles/activate.ts';
import { createIngress } from '../../../src/runtime/ingress/ingress.ts';
import { createPipeline } from '../../../src/runtime/pipeline/pipeline.ts';
import { createScriptHost } from '../../../src/runtime/script-host/host.ts';
import { createMemoryState } from '../../../src/runtime/state/memory-state.ts';
import { headersFromObject } from '../../../src/stages/request.ts';
import { compileAll } from '../http/connectors.ts';
import { BODY, HEADERS, SECRET } from '../http/request.ts';

const IN_FLIGHT = 16;

const scripts = createScriptHost({});
const activation = new Activation();
const plans = await compileAll(scripts);
activation.activate(encodeBundle(plans, { revision: 'bench', sequence: 1, tool: 'bench' }), 'bench');
/** What each connector made of the request, to be compared; the id of the flow names the connector. */
const triggers = new Map<string, string>();
const pipeline = createPipeline({
  connector: activation.connector,
  ready: () => activation.ready,
  secrets: () => SECRET,
  state: createMemoryState(Date.now),
  target: {
    name: 'memory',
    send: async ({ connector, trigger }) => {
      triggers.set(connector, canonicalJson({ ...trigger, flowInvocationId: '' }));
      return { ok: true };
    },
    close: async () => {},
  },
  scripts,
  now: Date.now,
  maxMode: 'live',
});

const body = Buffer.from(BODY);
let requests = 0;

/** Requests per second with 16 in flight. */
async function drive(connector: string, seconds: number): Promise<number> {
  const started = performance.now();
  const ends = started + seconds * 1000;
  let done = 0;
  const send = async (): Promise<void> => {
    while (performance.now() < ends) {
      requests += 1;
      const request = {
        id: `request-${requests}`,
        connector,
        method: 'POST',
        url: `/c/${connector}`,
        ip: '203.0.113.9',
        headers: headersFromObject(HEADERS),
        body,
        receivedAt: Date.now(),
      };
      const { outcome } = await pipeline.handle(request);
      if (outcome !== 'delivered') throw new Error(`${connector}: ${outcome}`);
      done += 1;
      // A turn of the event loop, as between requests that come over a network.
      if (done % IN_FLIGHT === 0) await new Promise(setImmediate);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, send));
  return done / ((performance.now() - started) / 1000);
}

const ingress = createIngress({ pipeline });
const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const connector = /^\/in-process\/(.+)$/.exec(pathname)?.[1];
  if (pathname === '/triggers') response.end(JSON.stringify([...triggers.values()]));
  else if (connector === undefined) ingress(request, response);
  else response.end(JSON.stringify(await drive(connector, Number(searchParams.get('seconds')))));
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('SIGTERM', () => void scripts.close().then(() => process.exit(0)));
