/**
 * A runtime in the process that owns the state folder: holds its parts together from start to end. Everything that can
 * fail at the start fails with a sentence; afterwards nothing that one part does ends the others.
 */

import { setTimeout as wait } from 'node:timers/promises';
import type { FlowReport, StatusReport } from '../../admin-api/answers.ts';
import { systemTimer } from '../../outcomes/timer.ts';
import { leaveAdminAddress, removeAdminAddress } from '../admin/admin-address.ts';
import { restoreAdminToken } from '../admin/admin-token.ts';
import { type ReportDeps, reportStatus } from '../admin/report-status.ts';
import type { ActivateResult } from '../bundles/activate.ts';
import { followBundleFile } from '../bundles/bundle-file.ts';
import { createBundleTrust } from '../bundles/bundle-trust.ts';
import { Deployer } from '../bundles/deploy.ts';
import type { FileWatcher } from '../bundles/watch.ts';
import { describeConfig, type RuntimeConfig } from '../config/config.ts';
import { describeTargets } from '../config/open-target.ts';
import { mergeFlows } from '../delivery/merge-flows.ts';
import type { Listener } from '../ingress/listen.ts';
import type { WebhookHandler } from '../ingress/webhook-handler.ts';
import type { Log } from '../log/log.ts';
import { logFlows } from '../observe/log-flows.ts';
import { logPauses } from '../observe/log-pauses.ts';
import { registerOwnerMetrics } from '../observe/owner-metrics.ts';
import { connectorPaths } from '../pipeline/url-keys.ts';
import type { Holds } from '../state/state-owner.ts';
import { announceStart } from './announce-start.ts';
import type { SentBundle } from './cluster-messages.ts';
import { shareDescriptors } from './descriptors.ts';
import { embedIngress } from './embed-ingress.ts';
import { FirstSeen } from './first-seen.ts';
import { type Front, readCounts, type StartedFront, startFront } from './front.ts';
import { type HoldWork, startHoldWork } from './hold-work.ts';
import { listenAdmin } from './listen-admin.ts';
import { type HostOptions, openParts, type Parts } from './open-parts.ts';
import type { Runtime } from './runtime.ts';
import type { StartFailure } from './start-failure.ts';
import { watchHealth } from './watch-health.ts';

/** Within the 30 s that Kubernetes gives, with time to spare for what comes after. */
const GRACE_MS = 10_000;
const ADMIN_GRACE_MS = 1000;
/** How long the start waits for holds to be read: the port answers already. */
const READ_MS = 200;

export class RuntimeHost implements Runtime {
  readonly adminToken: string;
  handle: WebhookHandler | null = null;
  readonly #options: HostOptions;
  readonly #log: Log;
  #trustedKeys: RuntimeConfig['trustedKeys'];
  readonly #parts: Parts;
  readonly #deployer: Deployer;
  readonly #reporting: ReportDeps;
  readonly #stopLoggingPauses: () => void;
  #admin: Listener | null = null;
  #front: Front | null = null;
  #holdWork: HoldWork | null = null;
  #stopWatching: () => void = () => {};
  #watcher: FileWatcher | null = null;
  /** What workers are given that start later. */
  #latest: SentBundle | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: HostOptions) {
    const { config, owner, token, openedLog } = options;
    this.#options = options;
    this.#trustedKeys = config.trustedKeys;
    this.adminToken = token;
    const log = openedLog.log;
    this.#log = log;
    this.#parts = openParts(options);
    this.#deployer = new Deployer({
      activation: this.#parts.activation,
      trust: createBundleTrust(() => this.#trustedKeys, owner.bundles),
      lastGood: owner.bundles,
      onActivated: (bytes, source) => this.#spread(bytes, source),
      log,
    });
    const firstSeen = new FirstSeen(Date.now);
    this.#reporting = {
      owner,
      activation: this.#parts.activation,
      secrets: this.#parts.health,
      target: this.#parts.target,
      maxMode: config.maxMode,
      workers: config.workers,
      moreProblems: () => [...this.#deployer.problems(), ...(this.#holdWork?.problems() ?? [])],
      flows: () => this.#flows(),
      isReady: () => this.#isReady(),
      urlOf: (connector) =>
        `${config.publicUrl ?? this.ingressUrl}${connectorPaths(connector, this.#parts.urlKeys)[0]}`,
      counts: () => readCounts(this.#parts.metrics.registry, this.#front),
      firstSeen: (problems) => firstSeen.of(problems),
      now: Date.now,
    };
    for (const reason of owner.bundles.problems()) log.error({ reason }, 'the state folder has a problem');
    const startedAt = new Date().toISOString();
    owner.serving(() => {
      const { active } = this.#parts.activation.status;
      const { revision = null, activatedAt = null } = active ?? {};
      return { startedAt, ready: this.#isReady(), revision, activatedAt };
    });
    owner.onRestored(() => void this.#restoreFolder());
    this.#stopLoggingPauses = logPauses(owner, log);
    logFlows(this.#parts.room, log);
    // In the one process there is nobody to tell.
    this.#parts.room.subscribe(({ target, flow, state }) => {
      if (state === 'well') this.#front?.tellWell(target, flow);
    });
    registerOwnerMetrics(this.#parts.metrics.registry, {
      owner,
      activation: this.#parts.activation,
      redelivery: () => this.#holdWork?.redelivery() ?? { waiting: 0, parked: 0 },
      flows: () => this.#flows(),
      secrets: this.#parts.health,
      workers: () => this.#front?.running() ?? 0,
    });
  }

  get ingressUrl(): string {
    return this.#front?.url ?? '';
  }

  get adminUrl(): string {
    return this.#admin?.url ?? '';
  }

  /** null: it runs. Otherwise what has begun is to be closed. */
  async start(): Promise<{ readonly code: StartFailure; readonly message: string } | null> {
    const { config } = this.#options;
    this.#log.info({ config: describeConfig(config) }, 'starting');
    const admin = await this.#listenAdmin();
    if (!admin.ok) return admin;
    // Before anything listens for webhooks: the first one finds its connector.
    await this.#bringBundle();
    const started = await this.#openIngress();
    if (!started.ok) return started;
    this.#front = started.front;
    const startingRest = this.#options.owner.whileInCharge({
      start: (holds) => this.#startHoldWork(holds),
      stop: () => this.#stopHoldWork(),
    });
    // Few holds are read at once: then all of it runs when the start says so.
    await Promise.race([startingRest, wait(READ_MS, undefined, { ref: false })]);
    const { ingressUrl: ingress, adminUrl } = this;
    const { workers } = config;
    this.#log.info({ ingress, admin: adminUrl, workers, targets: describeTargets(config) }, 'listening');
    const { warning } = shareDescriptors();
    const warnings = warning === null ? config.warnings : [...config.warnings, warning];
    await announceStart(this.#reporting, warnings, this.#options.announce);
    this.#stopWatching = watchHealth({
      owner: this.#options.owner,
      health: this.#parts.health,
      timer: systemTimer,
      log: this.#log,
    });
    return null;
  }

  async #listenAdmin(): Promise<Awaited<ReturnType<typeof listenAdmin>>> {
    const admin = await listenAdmin({
      config: this.#options.config,
      token: this.adminToken,
      reporting: this.#reporting,
      metrics: this.#parts.metrics,
      scripts: this.#parts.scripts,
      target: this.#parts.target,
      room: this.#parts.room,
      front: () => this.#front,
      log: this.#log,
      ...(this.#options.adminMount === undefined ? {} : { mount: this.#options.adminMount }),
    });
    if (!admin.ok) return admin;
    this.#admin = admin.listener;
    const problem = await leaveAdminAddress(this.#options.owner.folder, this.adminUrl);
    if (problem !== null) this.#log.warn({ problem }, 'the admin address cannot be left in the state folder');
    return admin;
  }

  async #openIngress(): Promise<StartedFront> {
    const { config, owner, inspect, isEmbedded } = this.#options;
    const parts = {
      config,
      activation: this.#parts.activation,
      state: owner,
      target: this.#parts.target,
      room: this.#parts.room,
      scripts: this.#parts.scripts,
      secrets: this.#parts.secrets,
      keys: this.#parts.keys.keys,
      metrics: this.#parts.metrics,
      log: this.#log,
      ...(inspect === undefined ? {} : { inspect }),
    };
    if (isEmbedded === true) {
      const front = embedIngress(parts);
      this.handle = front.handle;
      return { ok: true, front };
    }
    return startFront(parts, {
      config,
      owner,
      bundle: this.#latest,
      log: this.#log,
      // What breaks in a worker breaks here, and shows in the status.
      onBroken: (connector) => void this.#parts.activation.connector(connector)?.runner(),
    });
  }

  #startHoldWork(holds: Holds): void {
    if (this.#closing !== null) return;
    this.#holdWork = startHoldWork({
      config: this.#options.config,
      owner: this.#options.owner,
      holds,
      activation: this.#parts.activation,
      metrics: this.#parts.metrics,
      scripts: this.#parts.scripts,
      target: this.#parts.target,
      room: this.#parts.room,
      adminUrl: () => this.adminUrl,
      log: this.#log,
    });
  }

  /** Another replica has it from now on. */
  async #stopHoldWork(): Promise<void> {
    const work = this.#holdWork;
    this.#holdWork = null;
    await Promise.all([work?.stopSending(), work?.stopTelling()]);
  }

  activate(bytes: Buffer): Promise<ActivateResult> {
    return this.#deployer.deploy(bytes, 'handed over', { keep: false });
  }

  async reload({ trustedKeys }: Pick<RuntimeConfig, 'trustedKeys'>): Promise<void> {
    this.#log.info('reading keys, bundle and secrets again');
    this.#trustedKeys = trustedKeys;
    await this.#watcher?.lookAnew();
    await this.#parts.health.check();
  }

  status(): Promise<StatusReport> {
    return reportStatus(this.#reporting);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#log.info('stopping');
    this.#stopWatching();
    await this.#watcher?.close();
    await this.#front?.stop(GRACE_MS);
    await this.#holdWork?.stopSending();
    await this.#admin?.close(ADMIN_GRACE_MS);
    await Promise.all([
      this.#parts.scripts.close(),
      this.#parts.target.close(),
      this.#holdWork?.stopTelling(),
      this.#parts.keys.close(),
    ]);
    this.#stopLoggingPauses();
    await removeAdminAddress(this.#options.owner.folder);
    await this.#options.owner.close();
    this.#log.info('stopped');
    await this.#options.openedLog.flush();
  }

  #isReady(): boolean {
    return (
      this.#parts.activation.ready &&
      this.#options.owner.isOurs() &&
      this.#front !== null &&
      this.#front.running() > 0 &&
      this.#closing === null
    );
  }

  async #bringBundle(): Promise<void> {
    const { config, bundle } = this.#options;
    if (bundle === null) return;
    if (bundle !== undefined) return void (await this.activate(bundle));
    this.#watcher = await followBundleFile(config.bundle as string, this.#deployer, this.#log);
    if (!this.#parts.activation.ready) await this.#deployer.restore();
  }

  async #spread(bytes: Buffer, source: string): Promise<void> {
    const { secretEnv } = this.#options;
    this.#latest = { bytes, source, secretEnv: secretEnv === undefined ? null : { ...secretEnv } };
    this.#holdWork?.bundleChanged();
    void this.#parts.health.check();
    await this.#front?.distribute(this.#latest);
  }

  #flows(): readonly FlowReport[] {
    return mergeFlows([...this.#parts.room.report(Date.now()), ...(this.#front?.flows() ?? [])]);
  }

  /** Somebody deleted the folder under us: what the command line and the next start look for is left there again. */
  async #restoreFolder(): Promise<void> {
    const { owner, config } = this.#options;
    this.#log.error(
      { folder: owner.folder, problems: owner.problems() },
      'the state folder was deleted while this process was running, and is written again',
    );
    if (config.adminToken === null) restoreAdminToken(owner.folder, this.adminToken);
    await leaveAdminAddress(owner.folder, this.adminUrl);
    if (this.#latest !== null && this.#watcher !== null)
      await owner.bundles.saveLastGood(Buffer.from(this.#latest.bytes));
  }
}
