// In: flags that keep the garbage collector away. Out: JSON on standard output: bytes allocated per request, by kind of
// request, each of which is really verified, judged, mapped and handed on, or really refused.
import type { ServerResponse } from 'node:http';
import { encodeBundle } from '../../../src/bundle/codec.ts';
import { Activation } from '../../../src/runtime/bundles/activate.ts';
import { createWebhookHandler, type WebhookMessage } from '../../../src/runtime/ingress/webhook-handler.ts';
import { openLog } from '../../../src/runtime/log/log.ts';
import { createRequestMetrics } from '../../../src/runtime/observe/metrics.ts';
import { createObserver } from '../../../src/runtime/observe/observe.ts';
import { createPipeline } from '../../../src/runtime/pipeline/pipeline.ts';
import { createScriptHost } from '../../../src/runtime/script-host/host.ts';
import { createMemoryState } from '../../../src/runtime/state/memory-state.ts';
import { BATCHED, compileAll, STRUCTURED } from '../http/connectors.ts';
import { REQUESTS, SECRET, type SignedRequest } from '../http/request.ts';

const WARM_UP = 2000;
const COUNTED = 4000;
/** The connector, what it is sent, and how many triggers must come of each request. */
const KINDS: Readonly<
  Record<string, readonly [connector: string, request: SignedRequest, triggers: number]>
> = {
  'delivered, 1.5 KB': [STRUCTURED, REQUESTS.event, 1],
  'delivered, 8 KB': [STRUCTURED, REQUESTS.large, 1],
  'delivered, batch of 10': [BATCHED, REQUESTS.batch, 10],
  'refused signature': [STRUCTURED, REQUESTS.forged, 0],
};

const scripts = createScriptHost({});
const plans = await compileAll(scripts);
await scripts.close();
const activation = new Activation();
activation.activate(encodeBundle([...plans], { revision: 'guard', sequence: 1, tool: 'guard' }), 'guard');
let delivered = 0;
const pipeline = createPipeline({
  connector: activation.connector,
  ready: () => activation.ready,
  secrets: () => SECRET,
  state: createMemoryState(Date.now),
  target: {
    name: 'memory',
    send: async () => {
      delivered += 1;
      return { ok: true };
    },
    close: async () => {},
  },
  scripts,
  now: Date.now,
  maxMode: 'live',
});
const { log } = openLog({ level: 'info', format: 'json', stream: { write: () => {} } });
const handle = createWebhookHandler({ pipeline, observe: createObserver(log, createRequestMetrics()) });

const figures: Record<string, number> = {};
for (const [name, [connector, request, triggers]] of Object.entries(KINDS)) {
  const send = createSender(connector, request, triggers === 0 ? 401 : 202);
  for (let index = 0; index < WARM_UP; index += 1) await send();
  globalThis.gc?.();
  delivered = 0;
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < COUNTED; index += 1) await send();
  if (delivered !== triggers * COUNTED) throw new Error(`${name}: ${delivered} triggers were handed on`);
  figures[name] = Math.round((process.memoryUsage().heapUsed - before) / COUNTED);
}
console.log(JSON.stringify(figures));

/** A request as Node hands it over, its body read already, and an answer that only looks at its status. */
function createSender(connector: string, request: SignedRequest, wanted: number): () => Promise<void> {
  const rawHeaders = Object.entries(request.headers).flat();
  const message = {
    method: 'POST',
    url: `/c/${connector}`,
    rawHeaders,
    headers: request.headers,
    readableDidRead: true,
    complete: true,
    body: Buffer.from(request.body),
    socket: { remoteAddress: '203.0.113.9' },
  } as unknown as WebhookMessage;
  const response = {
    headersSent: false,
    writeHead(status: number) {
      if (status !== wanted) throw new Error(`${connector} answered ${status} instead of ${wanted}`);
    },
    end() {},
  } as unknown as ServerResponse;
  return () => handle(message, response);
}
