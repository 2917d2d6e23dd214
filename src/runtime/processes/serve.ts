/**
 * Puts a runtime together and starts it: state folder, admin API, bundle, ingress, redelivery. In: the configuration.
 * Out: a running runtime, or a code and a sentence that say why it cannot start. What cannot be served yet (no bundle,
 * secrets missing) is said, and is no reason not to start.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { provideAdminToken } from '../admin/admin-token.ts';
import type { RuntimeConfig } from '../config/config.ts';
import { openLog } from '../log/log.ts';
import type { DatabaseAddress } from '../settings/database-url.ts';
import { type OpenedState, openStateOwner } from '../state/files/open-state-owner.ts';
import type { StateOwner } from '../state/state-owner.ts';
import type { Runtime, StartOptions, StartResult } from './runtime.ts';
import { RuntimeHost } from './runtime-host.ts';

export type { Runtime } from './runtime.ts';

export async function startRuntime(config: RuntimeConfig, options: StartOptions): Promise<StartResult> {
  if (options.bundle === undefined && config.bundle === null) {
    return { ok: false, code: 'bundle-unset', message: 'no bundle is configured: name one with --bundle' };
  }
  if ((options.targets !== undefined || options.isEmbedded === true) && config.workers > 1) {
    const message =
      'what a program hands over cannot be shared with worker processes: leave the number of workers at 1';
    return { ok: false, code: 'workers-unshared', message };
  }
  const opened = await openStateOwner({ folder: config.stateDir, isRestless: true });
  if (!opened.ok) return { ok: false, code: 'state-unavailable', message: opened.message };
  const joined = config.database === null ? opened : await join(config, config.database, opened.owner);
  if (!joined.ok) return { ok: false, code: 'state-unavailable', message: joined.message };
  const { owner } = joined;
  const { token, problem } = await provideAdminToken(owner.folder, config.adminToken);
  if (problem !== null) options.announce(`problem: ${problem}`);
  const openedLog = openLog({
    level: config.logLevel,
    format: config.logFormat,
    ...(options.logTo === undefined ? {} : { stream: options.logTo }),
  });
  const host = new RuntimeHost({ ...options, config, owner, token, openedLog });
  const failure = await host.start();
  if (failure === null) return { ok: true, runtime: host };
  await host.close();
  return { ok: false, ...failure };
}

/** What only replicas that share a database need is loaded by them alone. */
async function join(
  config: RuntimeConfig,
  address: DatabaseAddress,
  local: StateOwner,
): Promise<OpenedState> {
  const spool =
    config.spool === null ? null : await openStateOwner({ folder: config.spool, isRestless: true });
  if (spool?.ok === false) {
    await local.close();
    return spool;
  }
  const { openPostgresOwner } = await import('../state/postgres/open-postgres-owner.ts');
  return openPostgresOwner({
    address,
    local,
    ...(spool === null ? {} : { spool: spool.owner }),
    // Unique also where pods or containers are restarted under one name.
    replica: `${hostname()}-${randomBytes(4).toString('hex')}`,
    staleAfterMs: config.staleAfter * 1000,
  });
}

/** A person who sends a second one has waited for longer. */
const SAME_SIGNAL_MS = 1000;

/**
 * Resolves after SIGTERM or SIGINT, when the runtime has closed. A second signal ends the process at once. `reload` is
 * called for SIGHUP, which without it ends the process too: the terminal is gone.
 */
export function closeOnSignals(runtime: Pick<Runtime, 'close'>, reload?: () => void): Promise<void> {
  const signals: readonly NodeJS.Signals[] =
    reload === undefined ? ['SIGTERM', 'SIGINT', 'SIGHUP'] : ['SIGTERM', 'SIGINT'];
  if (reload !== undefined) process.on('SIGHUP', reload);
  return new Promise((resolve, reject) => {
    let closingSince: number | null = null;
    const onSignal = (): void => {
      // npm, a shell and a process group each pass on the same one: what comes at once is one wish.
      if (closingSince !== null && performance.now() - closingSince < SAME_SIGNAL_MS) return;
      if (closingSince !== null) process.exit(1);
      closingSince = performance.now();
      runtime
        .close()
        .finally(() => {
          for (const signal of signals) process.off(signal, onSignal);
          if (reload !== undefined) process.off('SIGHUP', reload);
        })
        .then(resolve, reject);
    };
    for (const signal of signals) process.on(signal, onSignal);
  });
}
