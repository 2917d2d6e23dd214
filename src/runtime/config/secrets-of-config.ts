import { createSecretStore, type SecretStore } from './secret-store.ts';
import type { SettingValues } from './settings.ts';

/** The secrets that a deployment's connectors may use. `env` may change while it runs. */
export function openSecretStore(
  config: Pick<SettingValues, 'secretsDir' | 'allowSecretEnv'>,
  env: Readonly<Record<string, string | undefined>>,
): SecretStore {
  return createSecretStore({
    env,
    ...(config.secretsDir === null ? {} : { secretsDir: config.secretsDir }),
    ...(config.allowSecretEnv === null ? {} : { allowedEnv: config.allowSecretEnv }),
  });
}
