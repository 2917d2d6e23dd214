/**
 * Tells an operator's webhook what the connectors do: holds the events and the sender together, from the settings to the
 * end. Runs where the state folder is owned. A bug in here is logged, and no request hears of it.
 */
import type { Registry } from 'prom-client';
import { toolVersion } from '../../bundle/tool-version.ts';
import { systemTimer } from '../../outcomes/timer.ts';
import { isLoopback, type RuntimeConfig } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { createTally } from '../observe/metrics.ts';
import { decodeWebhookSecret } from '../targets/standard-webhooks.ts';
import { NotifyEvents, type NotifySources } from './notify-events.ts';
import { NotificationSender } from './notify-sender.ts';

const NOTIFICATIONS = 'sluice_notifications_total';

export interface Notifier {
  /** After a bundle was activated. */
  bundleChanged(): void;
  /** Why notifications do not arrive, for status: sentences for people. */
  problems(): readonly string[];
  stop(): Promise<void>;
}

export interface NotifierOptions extends Omit<NotifySources, 'statusUrl' | 'now' | 'monotonicNow' | 'timer'> {
  readonly config: Pick<RuntimeConfig, 'notifyUrl' | 'notifySecret' | 'adminHost'>;
  /** Where the admin API listens. */
  readonly adminUrl: () => string;
  readonly registry: Registry;
  readonly log: Log;
}

/** null: no webhook is configured. */
export function startNotifier({
  config,
  adminUrl,
  registry,
  log,
  ...sources
}: NotifierOptions): Notifier | null {
  const { notifyUrl: url, notifySecret, adminHost } = config;
  if (url === null || notifySecret === null) return null;
  const key = decodeWebhookSecret(notifySecret);
  if (key === null) throw new Error('the notification secret was not checked with the settings');
  const count = createTally(registry, NOTIFICATIONS, 'Notifications, by what became of them', [
    'type',
    'result',
  ]);
  const sender = new NotificationSender({
    url,
    key,
    userAgent: `sluice/${toolVersion()}`,
    count,
    onFailure: ({ type, connector }, failure) =>
      log.warn({ type, connector, ...failure }, 'a notification did not arrive'),
  });
  const guard = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      log.error({ err: error }, 'internal error: please report it');
    }
  };
  // An address that means "this machine" or "any" leads nobody here.
  const isReachable = !isLoopback(adminHost) && !['0.0.0.0', '::'].includes(adminHost);
  const events = new NotifyEvents(
    {
      ...sources,
      statusUrl: () => (isReachable ? `${adminUrl()}/status` : null),
      now: Date.now,
      monotonicNow: () => performance.now(),
      timer: systemTimer,
    },
    (notification) => sender.send(notification),
  );
  const unsubscribe = sources.owner.subscribe((change) => guard(() => events.stateChanged(change)));
  return {
    bundleChanged: () => guard(() => events.bundleChanged()),
    problems: () => sender.problems(),
    async stop() {
      unsubscribe();
      await sender.stop();
      // It may begin again here: another replica has told meanwhile.
      registry.removeSingleMetric(NOTIFICATIONS);
    },
  };
}
