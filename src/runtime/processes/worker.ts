// The entry of a worker process: takes webhooks, and reaches the state folder through the process that started it. That
// process tells it what to serve and when to end; signals for the whole group are that process's business.
import cluster from 'node:cluster';
import { Activation } from '../bundles/activate.ts';
import { neededKeys } from '../bundles/needed-keys.ts';
import type { RuntimeConfig } from '../config/config.ts';
import { openTargets } from '../config/open-target.ts';
import { openSecretStore } from '../config/secrets-of-config.ts';
import { DeliveryRoom } from '../delivery/delivery-room.ts';
import type { Listener } from '../ingress/listen.ts';
import { openLog } from '../log/log.ts';
import { createRequestMetrics } from '../observe/metrics.ts';
import { createScriptHost } from '../script-host/host.ts';
import { channelOfProcess } from '../state/process-channel.ts';
import { connectWorkerState } from '../state/worker-state.ts';
import { type FromWorker, isClusterMessage, type SentBundle, type ToWorker } from './cluster-messages.ts';
import { shareDescriptors } from './descriptors.ts';
import { openKeys } from './open-keys.ts';
import { serveIngress } from './serve-ingress.ts';

/** How often keys are looked at that are missing or due; the hosts' turns bound what is fetched. */
const RENEW_MS = 30_000;

const secretEnv: Record<string, string | undefined> = { ...process.env };
const metrics = createRequestMetrics();
const activation = new Activation({ onBroken: (connector) => post({ kind: 'broken', connector }) });
const room = new DeliveryRoom({ places: shareDescriptors().places });
room.subscribe(() => post({ kind: 'flows', flows: room.report(Date.now()) }));
/** Hears of each bundle: its keys are fetched before a request needs them. */
let wantKeys: () => Promise<void> = async () => {};
/** What has to be ended before the process may. */
let end: (graceMs: number) => Promise<void> = async () => {};

if (cluster.isWorker) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  process.on('message', (message) => {
    if (isClusterMessage(message)) receive(message as ToWorker);
  });
  post({ kind: 'hello' });
}

function post(message: FromWorker): void {
  process.send?.(message);
}

function receive(message: ToWorker): void {
  switch (message.kind) {
    case 'start':
      if (message.bundle !== null) activate(message.bundle);
      void start(message.config);
      break;
    case 'bundle':
      activate(message.bundle);
      post({ kind: 'done', call: message.call, value: activation.ready });
      break;
    case 'metrics':
      void metrics.registry
        .getMetricsAsJSON()
        .then((value) => post({ kind: 'done', call: message.call, value }));
      break;
    case 'flow-well':
      room.heardWell(message.target, message.flow);
      break;
    case 'stop':
      void end(message.graceMs).then(() => process.exit(0));
      break;
  }
}

function activate(bundle: SentBundle): void {
  Object.assign(secretEnv, bundle.secretEnv);
  // The owner has activated the same bytes: there is nothing to refuse any more.
  const { buffer, byteOffset, byteLength } = bundle.bytes;
  activation.activate(Buffer.from(buffer, byteOffset, byteLength), bundle.source);
  void wantKeys();
}

async function start(config: RuntimeConfig): Promise<void> {
  const { log, flush } = openLog({ level: config.logLevel, format: config.logFormat });
  const state = await connectWorkerState(channelOfProcess(process));
  const secrets = openSecretStore(config, secretEnv);
  const target = openTargets(config, { announce: (text) => log.info(text) });
  const scripts = createScriptHost();
  const { keys, close: closeKeys } = openKeys(config, log);
  let needed: ReadonlySet<string> = new Set();
  wantKeys = async () => {
    needed = await neededKeys(activation);
    keys.want(needed);
  };
  void wantKeys();
  const renewal = setInterval(() => keys.want(needed), RENEW_MS);
  const parts = { config, activation, state, target, room, scripts, secrets, keys, metrics, log };
  const listening = await serveIngress(parts);
  let listener: Listener | null = null;
  if (listening.ok) ({ listener } = listening);
  end = async (graceMs) => {
    await listener?.close(graceMs);
    clearInterval(renewal);
    await Promise.all([scripts.close(), target.close(), closeKeys()]);
    await flush();
  };
  if (listening.ok) post({ kind: 'listening', url: listening.listener.url });
  else post({ kind: 'failed', code: listening.code, message: listening.message });
}
