// Sluice's pipeline from a bundle with one or many connectors, its target in memory and without log lines, as the routes it
// is compared with write neither. --handler: without Express around it. --connector: whose URL is said.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { encodeBundle } from '../../../../src/bundle/codec.ts';
import { Activation } from '../../../../src/runtime/bundles/activate.ts';
import { createIngress } from '../../../../src/runtime/ingress/ingress.ts';
import { createWebhookHandler } from '../../../../src/runtime/ingress/webhook-handler.ts';
import { createPipeline } from '../../../../src/runtime/pipeline/pipeline.ts';
import { createScriptHost } from '../../../../src/runtime/script-host/host.ts';
import { createMemoryState } from '../../../../src/runtime/state/memory-state.ts';
import { compileAll, STRUCTURED } from '../connectors.ts';
import { SECRET } from '../request.ts';

const { values } = parseArgs({
  options: {
    connectors: { type: 'string', default: '3' },
    connector: { type: 'string', default: STRUCTURED },
    handler: { type: 'boolean', default: false },
  },
});
const scripts = createScriptHost({});
const plans = await compileAll(scripts);
const structured = plans.find(({ id }) => id === STRUCTURED);
if (structured === undefined) throw new Error('the example connector is gone');
const others = Array.from({ length: Number(values.connectors) - plans.length }, (_, index) => ({
  ...structured,
  id: `other-${index}`,
}));
const activation = new Activation();
const bundle = encodeBundle([...plans, ...others], { revision: 'bench', sequence: 1, tool: 'bench' });
activation.activate(bundle, 'bench');

let handedOn = 0;
const pipeline = createPipeline({
  connector: activation.connector,
  ready: () => activation.ready,
  secrets: () => SECRET,
  state: createMemoryState(Date.now),
  target: {
    name: 'memory',
    send: async (trigger) => {
      handedOn += JSON.stringify(trigger.trigger).length;
      return { ok: true };
    },
    close: async () => {},
  },
  scripts,
  now: Date.now,
  maxMode: 'live',
});
const handler = createWebhookHandler({ pipeline });
const server = createServer(
  values.handler ? (...both) => void handler(...both) : createIngress({ pipeline }),
);
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/c/${values.connector}`);
});
process.on('SIGTERM', () => void scripts.close().then(() => process.exit(handedOn > 0 ? 0 : 1)));
