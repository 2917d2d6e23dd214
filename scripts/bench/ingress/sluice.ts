// Sluice as `serve` runs it, from a bundle with one or many connectors, but with a target in memory and without log lines:
// the routes it is compared with write neither.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { encodeBundle } from '../../../src/bundle/codec.ts';
import type { ConnectorPlan } from '../../../src/bundle/plan.ts';
import { compileConnectors } from '../../../src/compiler/compile.ts';
import { Activation } from '../../../src/runtime/bundles/activate.ts';
import { createIngress } from '../../../src/runtime/ingress/ingress.ts';
import { createPipeline } from '../../../src/runtime/pipeline/pipeline.ts';
import { createScriptHost } from '../../../src/runtime/script-host/host.ts';
import { createMemoryState } from '../../../src/runtime/state/memory-state.ts';
import { SECRET, TOLERANCE_SECONDS } from './request.ts';

const connectors = Number(process.argv[2]);
const root = join(import.meta.dirname, '../../..');
const scripts = createScriptHost({});
const compiled = await compileConnectors({ folder: join(root, 'connectors'), cwd: root, scripts });
const found = compiled.connectors.find(({ id }) => id === 'stripe-payment-failed')?.plan;
if (found?.signature?.timestamp === undefined) throw new Error('the example connector is gone');
const { signature } = found;
const timestamp = { ...signature.timestamp, tolerance: TOLERANCE_SECONDS };
const plan: ConnectorPlan = { ...found, signature: { ...signature, timestamp } };
const others = Array.from({ length: connectors - 1 }, (_, index) => ({ ...plan, id: `other-${index}` }));
const activation = new Activation();
activation.activate(
  encodeBundle([plan, ...others], { revision: 'bench', sequence: 1, tool: 'bench' }),
  'bench',
);

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
const server = createServer(createIngress({ pipeline }));
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/c/stripe-payment-failed`);
});
process.on('SIGTERM', () => process.exit(handedOn > 0 ? 0 : 1));
