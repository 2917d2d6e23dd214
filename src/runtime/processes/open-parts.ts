/** What a runtime is made of, before it serves: nothing here listens, reads holds or sends. */

import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { Activation } from '../bundles/activate.ts';
import { SecretHealth } from '../bundles/secret-health.ts';
import type { RuntimeConfig } from '../config/config.ts';
import { openTargets } from '../config/open-target.ts';
import type { SecretStore } from '../config/secret-store.ts';
import { openSecretStore } from '../config/secrets-of-config.ts';
import { DeliveryRoom } from '../delivery/delivery-room.ts';
import type { OpenLog } from '../log/log.ts';
import { createRequestMetrics, type RequestMetrics } from '../observe/metrics.ts';
import { createUrlKeys, type UrlKeys } from '../pipeline/url-keys.ts';
import { createScriptHost } from '../script-host/host.ts';
import type { StateOwner } from '../state/state-owner.ts';
import type { TargetRouter } from '../targets/by-name.ts';
import { shareDescriptors } from './descriptors.ts';
import { type OpenKeys, openKeys } from './open-keys.ts';
import type { StartOptions } from './runtime.ts';

export interface HostOptions extends StartOptions {
  readonly config: RuntimeConfig;
  readonly owner: StateOwner;
  readonly token: string;
  readonly openedLog: OpenLog;
}

export interface Parts {
  readonly activation: Activation;
  readonly secrets: SecretStore;
  readonly health: SecretHealth;
  /** What senders publish to be verified with. */
  readonly keys: OpenKeys;
  /** Tokens of secret URLs; null: URLs are not secret. */
  readonly urlKeys: UrlKeys | null;
  readonly target: TargetRouter;
  readonly room: DeliveryRoom;
  readonly scripts: ScriptRunner;
  readonly metrics: RequestMetrics;
}

/** Throws where a target cannot be opened, or the key of secret URLs is none: configuration is checked before. */
export function openParts(options: HostOptions): Parts {
  const { config, openedLog } = options;
  const { log } = openedLog;
  const activation = new Activation({
    onBroken: (connector, reason) =>
      log.error({ connector, reason }, 'a connector cannot be run: it answers 503'),
  });
  const secrets = openSecretStore(config, options.secretEnv ?? process.env);
  const target = openTargets(config, {
    announce: (text) => log.info(text),
    ...(options.targets === undefined ? {} : { own: options.targets }),
    ...(options.isLenient === undefined ? {} : { isLenient: options.isLenient }),
  });
  const keys = openKeys(config, log);
  const urlKeys = config.urlKeys === null ? null : createUrlKeys(config.urlKeys);
  const health = new SecretHealth({
    activation,
    secrets,
    keys: keys.keys,
    hasUrlKeys: urlKeys !== null,
    hasPublicUrl: config.publicUrl !== null,
    now: Date.now,
  });
  return {
    activation,
    secrets,
    health,
    keys,
    urlKeys,
    target,
    room: new DeliveryRoom({ places: shareDescriptors().places }),
    scripts: createScriptHost(),
    metrics: createRequestMetrics(),
  };
}
