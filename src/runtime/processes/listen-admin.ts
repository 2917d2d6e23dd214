/**
 * The admin port of a runtime. In: the parts of the process that owns the state folder. Out: a listener that answers
 * operators, or why there can be none.
 */

import { systemTimer } from '../../outcomes/timer.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { createAdmin } from '../admin/app.ts';
import type { Control } from '../admin/control.ts';
import { createOwnerControl } from '../admin/owner-control.ts';
import { type ReportDeps, reportStatus } from '../admin/report-status.ts';
import type { RuntimeConfig } from '../config/config.ts';
import type { DeliveryRoom } from '../delivery/delivery-room.ts';
import { type ListenResult, listen } from '../ingress/listen.ts';
import type { Log } from '../log/log.ts';
import type { RequestMetrics } from '../observe/metrics.ts';
import { DEFAULT_PIPELINE_LIMITS, DEFAULT_SERVER_LIMITS } from '../pipeline/limits.ts';
import type { Target } from '../targets/target.ts';
import { collectMetrics, type Front } from './front.ts';
import type { StartOptions } from './runtime.ts';

export interface AdminParts {
  readonly config: RuntimeConfig;
  readonly token: string;
  readonly reporting: ReportDeps;
  readonly metrics: RequestMetrics;
  readonly scripts: ScriptRunner;
  readonly target: Target;
  readonly room: DeliveryRoom;
  /** null: nothing takes webhooks yet. */
  readonly front: () => Front | null;
  readonly log: Log;
  readonly mount?: StartOptions['adminMount'];
}

/** Around the largest sample: JSON text inside JSON, where a quote takes two characters. */
const BODY_FACTOR = 2;
const BODY_BYTES = 64 * 1024;

export function listenAdmin(parts: AdminParts): Promise<ListenResult> {
  const { config, token, log, mount } = parts;
  const control = createControl(parts);
  const app = createAdmin({
    control,
    ...(mount === undefined ? {} : { mount: { path: mount.path, handler: mount.create(control) } }),
    token,
    host: config.adminHost,
    allowedHosts: config.adminAllowedHosts ?? [],
    bodyBytes: BODY_FACTOR * config.bodyLimit + BODY_BYTES,
    onError: (error) => log.error({ err: error }, 'internal error: please report it'),
  });
  const { adminHost: host, adminPort: port } = config;
  return listen(app, { host, port, limits: DEFAULT_SERVER_LIMITS, flag: '--admin-port' });
}

function createControl({
  config,
  reporting,
  metrics,
  scripts,
  target,
  room,
  front,
  log,
}: AdminParts): Control {
  const { owner, activation, urlOf, isReady } = reporting;
  const shared = {
    scripts: metrics.countScriptFailures(scripts),
    timer: systemTimer,
    limits: DEFAULT_PIPELINE_LIMITS,
    ...(config.flows === null ? {} : { flows: config.flows }),
  };
  return createOwnerControl({
    owner,
    activation,
    log,
    urlOf,
    isReady,
    metrics: () => collectMetrics(metrics.registry, front()),
    status: () => reportStatus(reporting),
    sending: {
      ...shared,
      target: room.outlet(metrics.countDeliveries(target, 'test-card'), 'operator'),
      now: Date.now,
    },
    replaying: {
      ...shared,
      target: room.outlet(metrics.countDeliveries(target, 'replay'), 'operator'),
      connector: activation.connector,
      maxMode: config.maxMode,
    },
  });
}
