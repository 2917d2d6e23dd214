/** From the settings to the target that they name. The settings have been checked: what is wrong with them is a bug here. */
import { toolVersion } from '../../bundle/tool-version.ts';
import type { TargetResult } from '../targets/define-target.ts';
import type { Target } from '../targets/target.ts';
import { findTarget } from '../targets/targets.ts';
import type { SettingValues } from './settings.ts';

/** `announce` gets a line for people about each trigger of the log target. */
export function openTarget(config: SettingValues, announce: (text: string) => void): Target {
  const opened = open(config, announce);
  if (!opened.ok) throw new Error(opened.problems.join('; '));
  return opened.target;
}

/** What is wrong with the settings of the target that is configured; names no secrets. */
export function findTargetProblems(config: SettingValues): readonly string[] {
  const opened = open(config, () => {});
  if (!opened.ok) return opened.problems;
  void opened.target.close();
  return [];
}

function open(config: SettingValues, announce: (text: string) => void): TargetResult {
  const { target, stateDir } = config;
  return findTarget(target).open(config, { stateDir, announce, userAgent: `sluice/${toolVersion()}` });
}
