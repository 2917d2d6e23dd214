/** The keys that senders have at addresses, for one process. In: which hosts the deployment trusts. Out: keys, and how to end. */
import { PRESET_KEY_HOSTS } from '../../stages/signature/presets.ts';
import type { RuntimeConfig } from '../config/config.ts';
import { createKeyFetcher } from '../keys/fetch-keys.ts';
import { createRemoteKeys, type RemoteKeyStore } from '../keys/remote-keys.ts';
import type { Log } from '../log/log.ts';

export interface OpenKeys {
  readonly keys: RemoteKeyStore;
  close(): Promise<void>;
}

export function openKeys({ keyHosts }: Pick<RuntimeConfig, 'keyHosts'>, log: Log): OpenKeys {
  const fetcher = createKeyFetcher(process.env);
  const keys = createRemoteKeys({
    fetch: fetcher.fetch,
    now: Date.now,
    hosts: [...PRESET_KEY_HOSTS, ...(keyHosts ?? [])],
    onProblem: (address, reason) => log.warn({ address, reason }, 'the keys of a sender cannot be fetched'),
  });
  return { keys, close: () => fetcher.close() };
}
