/**
 * A runtime in the process that owns the state folder: holds its parts together from start to end. Everything that can
 * fail at the start fails with a sentence; afterwards nothing that one part does ends the others.
 */

import { setTimeout as wait } from 'node:timers/promises';
import type { FlowReport, StatusReport } from '../../admin-api/answers.ts';
import type { Hold } from '../../admin-api/records.ts';
import { systemTimer } from '../../outcomes/timer.ts';
import { leaveAdminAddress, removeAdminAddress } from '../admin/admin-address.ts';
import { restoreAdminToken } from '../admin/admin-token.ts';
import { type ReportDeps, reportStatus } from '../admin/report-status.ts';
import { type ActivateResult, Activation } from '../bundles/activate.ts';
import { followBundleFile } from '../bundles/bundle-file.ts';
import { createBundleTrust } from '../bundles/bundle-trust.ts';
import { Deployer } from '../bundles/deploy.ts';
import { SecretHealth } from '../bundles/secret-health.ts';
import type { FileWatcher } from '../bundles/watch.ts';
import { describeConfig, type RuntimeConfig } from '../config/config.ts';
import { describeTargets, openTargets } from '../config/open-target.ts';
import type { SecretStore } from '../config/secret-store.ts';
import { openSecretStore } from '../config/secrets-of-config.ts';
import { DeliveryRoom } from '../delivery/delivery-room.ts';
import { mergeFlows } from '../delivery/merge-flows.ts';
import type { Listener } from '../ingress/listen.ts';
import type { WebhookHandler } from '../ingress/webhook-handler.ts';
import type { Log, OpenLog } from '../log/log.ts';
import { type Notifier, startNotifier } from '../notify/notify.ts';
import { logFlows } from '../observe/log-flows.ts';
import { logPauses } from '../observe/log-pauses.ts';
import { createRequestMetrics } from '../observe/metrics.ts';
import { registerOwnerMetrics } from '../observe/owner-metrics.ts';
import { modeOf } from '../pipeline/judge.ts';
import { connectorPaths, createUrlKeys } from '../pipeline/url-keys.ts';
import { startRetention } from '../redelivery/hold-retention.ts';
import { type ConnectorState, type Redelivery, startRedelivery } from '../redelivery/redeliver.ts';
import { type ReplayDeps, type ReplayResult, replayHold } from '../redelivery/replay.ts';
import { othersOf } from '../redelivery/same-event.ts';
import { createScriptHost } from '../script-host/host.ts';
import type { StateOwner } from '../state/state-owner.ts';
import type { TargetRouter } from '../targets/by-name.ts';
import { announceStart } from './announce-start.ts';
import type { SentBundle } from './cluster-messages.ts';
import { shareDescriptors } from './descriptors.ts';
import { embedIngress } from './embed-ingress.ts';
import { FirstSeen } from './first-seen.ts';
import { type Front, readLastHour, type StartedFront, startFront } from './front.ts';
import { listenAdmin } from './listen-admin.ts';
import { type OpenKeys, openKeys } from './open-keys.ts';
import type { Runtime, StartOptions } from './runtime.ts';
import type { StartFailure } from './start-failure.ts';
import { watchHealth } from './watch-health.ts';

export interface HostOptions extends StartOptions {
  readonly config: RuntimeConfig;
  readonly owner: StateOwner;
  readonly token: string;
  readonly openedLog: OpenLog;
}

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
  readonly #metrics = createRequestMetrics();
  readonly #activation: Activation;
  readonly #deployer: Deployer;
  readonly #secrets: SecretStore;
  readonly #keys: OpenKeys;
  readonly #health: SecretHealth;
  readonly #target: TargetRouter;
  readonly #room = new DeliveryRoom({ places: shareDescriptors().places });
  readonly #scripts = createScriptHost();
  readonly #reporting: ReportDeps;
  readonly #stopLoggingPauses: () => void;
  #admin: Listener | null = null;
  #front: Front | null = null;
  #redelivery: Redelivery | null = null;
  #notifier: Notifier | null = null;
  #stopRetention: () => Promise<void> = async () => {};
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
    this.#activation = new Activation({
      onBroken: (connector, reason) =>
        log.error({ connector, reason }, 'a connector cannot be run: it answers 503'),
    });
    this.#deployer = new Deployer({
      activation: this.#activation,
      trust: createBundleTrust(() => this.#trustedKeys, owner.bundles),
      lastGood: owner.bundles,
      onActivated: (bytes, source) => this.#spread(bytes, source),
      log,
    });
    this.#secrets = openSecretStore(config, options.secretEnv ?? process.env);
    this.#target = openTargets(config, {
      announce: (text) => log.info(text),
      ...(options.targets === undefined ? {} : { own: options.targets }),
      ...(options.isLenient === undefined ? {} : { isLenient: options.isLenient }),
    });
    this.#keys = openKeys(config, log);
    const urlKeys = config.urlKeys === null ? null : createUrlKeys(config.urlKeys);
    this.#health = new SecretHealth({
      activation: this.#activation,
      secrets: this.#secrets,
      keys: this.#keys.keys,
      hasUrlKeys: urlKeys !== null,
      hasPublicUrl: config.publicUrl !== null,
      now: Date.now,
    });
    const firstSeen = new FirstSeen(Date.now);
    this.#reporting = {
      owner,
      activation: this.#activation,
      secrets: this.#health,
      target: this.#target,
      maxMode: config.maxMode,
      workers: config.workers,
      moreProblems: () => [...this.#deployer.problems(), ...(this.#notifier?.problems() ?? [])],
      flows: () => this.#flows(),
      isReady: () => this.#isReady(),
      urlOf: (connector) => `${config.publicUrl ?? this.ingressUrl}${connectorPaths(connector, urlKeys)[0]}`,
      lastHour: () => readLastHour(this.#metrics.registry, this.#front),
      firstSeen: (problems) => firstSeen.of(problems),
      now: Date.now,
    };
    for (const reason of owner.bundles.problems()) log.error({ reason }, 'the state folder has a problem');
    owner.onRestored(() => void this.#restoreFolder());
    this.#stopLoggingPauses = logPauses(owner, log);
    logFlows(this.#room, log);
    // In the one process there is nobody to tell.
    this.#room.subscribe(({ target, flow, state }) => {
      if (state === 'well') this.#front?.tellWell(target, flow);
    });
    registerOwnerMetrics(this.#metrics.registry, {
      owner,
      activation: this.#activation,
      redelivery: () => this.#redelivery?.status() ?? { waiting: 0, parked: 0 },
      flows: () => this.#flows(),
      secrets: this.#health,
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
    const admin = await listenAdmin({
      config,
      token: this.adminToken,
      reporting: this.#reporting,
      metrics: this.#metrics,
      scripts: this.#scripts,
      target: this.#target,
      room: this.#room,
      front: () => this.#front,
      log: this.#log,
      ...(this.#options.adminMount === undefined ? {} : { mount: this.#options.adminMount }),
    });
    if (!admin.ok) return admin;
    this.#admin = admin.listener;
    const problem = await leaveAdminAddress(this.#options.owner.folder, this.adminUrl);
    if (problem !== null) this.#log.warn({ problem }, 'the admin address cannot be left in the state folder');
    // Before anything listens for webhooks: the first one finds its connector.
    await this.#bringBundle();
    const parts = {
      config,
      activation: this.#activation,
      state: this.#options.owner,
      target: this.#target,
      room: this.#room,
      scripts: this.#scripts,
      secrets: this.#secrets,
      keys: this.#keys.keys,
      metrics: this.#metrics,
      log: this.#log,
      ...(this.#options.inspect === undefined ? {} : { inspect: this.#options.inspect }),
    };
    const front = this.#options.isEmbedded === true ? embedIngress(parts) : null;
    this.handle = front?.handle ?? null;
    const started: StartedFront =
      front !== null
        ? { ok: true, front }
        : await startFront(parts, {
            config,
            owner: this.#options.owner,
            bundle: this.#latest,
            log: this.#log,
            // What breaks in a worker breaks here, and shows in the status.
            onBroken: (connector) => void this.#activation.connector(connector)?.runner(),
          });
    if (!started.ok) return started;
    this.#front = started.front;
    const startingRest = this.#options.owner.holds.read.then(() => this.#startRest());
    // Few holds are read at once: then all of it runs when the start says so.
    await Promise.race([startingRest, wait(READ_MS, undefined, { ref: false })]);
    const { ingressUrl: ingress, adminUrl } = this;
    this.#log.info(
      { ingress, admin: adminUrl, workers: config.workers, targets: describeTargets(config) },
      'listening',
    );
    const { warning } = shareDescriptors();
    const warnings = warning === null ? config.warnings : [...config.warnings, warning];
    await announceStart(this.#reporting, warnings, this.#options.announce);
    this.#stopWatching = watchHealth({
      owner: this.#options.owner,
      health: this.#health,
      timer: systemTimer,
      log: this.#log,
    });
    return null;
  }

  /** What has to know everything that is held: what is sent again, told and dropped. */
  #startRest(): void {
    if (this.#closing !== null) return;
    const { config } = this.#options;
    this.#notifier = startNotifier({
      config,
      owner: this.#options.owner,
      isReady: () => this.#activation.ready,
      connector: (id) => this.#activation.served.get(id)?.plan() ?? null,
      adminUrl: () => this.adminUrl,
      registry: this.#metrics.registry,
      log: this.#log,
    });
    this.#redelivery = startRedelivery({
      owner: this.#options.owner,
      target: this.#metrics.countDeliveries(this.#target, 'redelivery'),
      room: this.#room,
      now: Date.now,
      random: Math.random,
      connectorState: (connector) => this.#connectorState(connector),
      rejudge: (hold, target) => this.#rejudge(hold, target),
    });
    if (config.holdDays !== null) {
      const { owner } = this.#options;
      const log = this.#log;
      this.#stopRetention = startRetention({
        owner,
        days: config.holdDays,
        now: Date.now,
        timer: systemTimer,
        log,
      });
    }
  }

  activate(bytes: Buffer): Promise<ActivateResult> {
    return this.#deployer.deploy(bytes, 'handed over', { keep: false });
  }

  async reload({ trustedKeys }: Pick<RuntimeConfig, 'trustedKeys'>): Promise<void> {
    this.#log.info('reading keys, bundle and secrets again');
    this.#trustedKeys = trustedKeys;
    await this.#watcher?.lookAnew();
    await this.#health.check();
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
    await Promise.all([this.#redelivery?.stop(), this.#stopRetention()]);
    await this.#admin?.close(ADMIN_GRACE_MS);
    await Promise.all([
      this.#scripts.close(),
      this.#target.close(),
      this.#notifier?.stop(),
      this.#keys.close(),
    ]);
    this.#stopLoggingPauses();
    await removeAdminAddress(this.#options.owner.folder);
    await this.#options.owner.close();
    this.#log.info('stopped');
    await this.#options.openedLog.flush();
  }

  #isReady(): boolean {
    return (
      this.#activation.ready &&
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
    if (!this.#activation.ready) await this.#deployer.restore();
  }

  async #spread(bytes: Buffer, source: string): Promise<void> {
    const { secretEnv } = this.#options;
    this.#latest = { bytes, source, secretEnv: secretEnv === undefined ? null : { ...secretEnv } };
    this.#redelivery?.wake();
    this.#notifier?.bundleChanged();
    void this.#health.check();
    await this.#front?.distribute(this.#latest);
  }

  #flows(): readonly FlowReport[] {
    return mergeFlows([...this.#room.report(Date.now()), ...(this.#front?.flows() ?? [])]);
  }

  #rejudge(hold: Hold, target: ReplayDeps['target']): Promise<ReplayResult> {
    const { config, owner } = this.#options;
    return replayHold(hold, {
      connector: this.#activation.connector,
      scripts: this.#metrics.countScriptFailures(this.#scripts),
      maxMode: config.maxMode,
      ...(config.flows === null ? {} : { flows: config.flows }),
      target,
      state: owner,
      others: (one) => othersOf(owner.holds, one),
      remove: async ({ id }) => (await owner.holds.remove(id)).ok,
      amend: async ({ id, code }, change) => (await owner.holds.update(id, change, code)).ok,
    });
  }

  #connectorState(connector: string): ConnectorState {
    const { config, owner } = this.#options;
    const plan = this.#activation.served.get(connector)?.plan() ?? null;
    // Whoever has the folder now decides what is paused, and sends what is held.
    if (plan === null || !owner.isOurs()) return { mode: 'absent', paused: false };
    const mode = plan.status === 'disabled' ? plan.status : modeOf(plan, config.maxMode);
    return { mode, paused: owner.pauseOf(connector, plan.behaviour, plan.behaviourBefore) !== null };
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
