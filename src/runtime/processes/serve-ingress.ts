/**
 * The half of a runtime that takes webhooks, the same in one process and in each of several workers: pipeline, handler
 * and listening server over a state, a target and a script host of its own.
 */
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import type { RemoteKeys } from '../../stages/signature/remote-keys.ts';
import type { Activation } from '../bundles/activate.ts';
import type { RuntimeConfig } from '../config/config.ts';
import type { SecretStore } from '../config/secret-store.ts';
import type { DeliveryRoom } from '../delivery/delivery-room.ts';
import { createIngress } from '../ingress/ingress.ts';
import { type ListenResult, listen } from '../ingress/listen.ts';
import type { IngressDeps } from '../ingress/webhook-handler.ts';
import type { Log } from '../log/log.ts';
import type { RequestMetrics } from '../observe/metrics.ts';
import { createObserver } from '../observe/observe.ts';
import { DEFAULT_PIPELINE_LIMITS, DEFAULT_SERVER_LIMITS } from '../pipeline/limits.ts';
import { createPipeline } from '../pipeline/pipeline.ts';
import { createRateLimiter } from '../pipeline/rate-limit.ts';
import { createUrlKeys } from '../pipeline/url-keys.ts';
import type { RuntimeState } from '../state/state.ts';
import type { Target } from '../targets/target.ts';
import { shareDescriptors } from './descriptors.ts';

export interface IngressParts {
  readonly config: RuntimeConfig;
  readonly activation: Activation;
  readonly state: RuntimeState;
  readonly target: Target;
  readonly room: DeliveryRoom;
  readonly scripts: ScriptRunner;
  readonly secrets: SecretStore;
  readonly keys: RemoteKeys;
  readonly metrics: RequestMetrics;
  readonly log: Log;
  /** false: nothing new is taken any more. Default: always true. */
  readonly isOpen?: () => boolean;
  /** Only for development. */
  readonly inspect?: IngressDeps['inspect'];
}

/** At least so many of the largest bodies fit into memory at the same time. */
const LARGEST_BODIES = 8;

export function serveIngress(parts: IngressParts): Promise<ListenResult> {
  const { host, port } = parts.config;
  return listen(createIngress(ingressDeps(parts)), {
    host,
    port,
    limits: { ...DEFAULT_SERVER_LIMITS, maxConnections: shareDescriptors().maxConnections },
    flag: '--port',
  });
}

/** What the webhook handler is made from, whoever listens. */
export function ingressDeps(parts: IngressParts): IngressDeps {
  const { config, activation, log, metrics, isOpen = () => true } = parts;
  const pipelineLimits = { ...DEFAULT_PIPELINE_LIMITS, bodyBytes: config.bodyLimit };
  const pipeline = createPipeline({
    connector: activation.connector,
    ready: () => activation.ready && isOpen(),
    secrets: parts.secrets.lookup,
    keys: parts.keys,
    state: parts.state,
    target: parts.room.outlet(metrics.countDeliveries(parts.target, 'request'), 'request'),
    scripts: metrics.countScriptFailures(parts.scripts),
    now: Date.now,
    maxMode: config.maxMode,
    limits: pipelineLimits,
    rateLimiter: createRateLimiter({
      perMinute: config.rateLimit,
      workers: config.workers,
      now: Date.now,
    }),
    urlKeys: config.urlKeys === null ? null : createUrlKeys(config.urlKeys),
    onError: (error, { id }) => log.error({ requestId: id, err: error }, 'internal error: please report it'),
    ...(config.flows === null ? {} : { flows: config.flows }),
  });
  return {
    pipeline,
    limits: {
      bodyBytes: config.bodyLimit,
      inFlightBytes: Math.max(DEFAULT_SERVER_LIMITS.inFlightBytes, LARGEST_BODIES * config.bodyLimit),
    },
    observe: createObserver(log, metrics),
    ...(parts.inspect === undefined ? {} : { inspect: parts.inspect }),
    onError: (error) => log.error({ err: error }, 'internal error: please report it'),
    ...(config.trustProxy === null ? {} : { trustProxy: config.trustProxy }),
    ...(config.publicUrl === null ? {} : { publicUrl: config.publicUrl }),
  };
}
