/** From the settings to the target that they name. The settings have been checked: what is wrong with them is a bug here. */
import { toolVersion } from '../../bundle/tool-version.ts';
import { createTarget, type TargetConfig } from '../targets/create-target.ts';
import type { Target } from '../targets/target.ts';
import type { SettingValues } from './settings.ts';

/** `announce` gets a line for people about each trigger of the log target. */
export function openTarget(config: SettingValues, announce: (text: string) => void): Target {
  const created = createTarget(targetConfig(config, announce));
  if (!created.ok) throw new Error(created.problems.join('; '));
  return created.target;
}

/** What is wrong with the settings of the target that is configured; names no secrets. */
export function findTargetProblems(config: SettingValues): readonly string[] {
  const created = createTarget(targetConfig(config, () => {}));
  if (!created.ok) return created.problems;
  void created.target.close();
  return [];
}

function targetConfig(config: SettingValues, announce: (text: string) => void): TargetConfig {
  switch (config.target) {
    case 'log':
      return { kind: 'log', stateDir: config.stateDir, announce };
    case 'http':
      return {
        kind: 'http',
        url: config.targetUrl ?? '',
        testUrl: config.targetTestUrl,
        secret: config.targetSecret ?? '',
        userAgent: `sluice/${toolVersion()}`,
      };
    case 'atomic':
      return {
        kind: 'atomic',
        org: config.atomicOrg ?? '',
        env: config.atomicEnv ?? '',
        clientId: config.atomicClientId ?? '',
        clientSecret: config.atomicClientSecret ?? '',
        tokenUrl: config.atomicTokenUrl,
        baseUrl: config.atomicBaseUrl,
        userAgent: `sluice/${toolVersion()}`,
      };
  }
}
