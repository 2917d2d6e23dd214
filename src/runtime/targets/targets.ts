/** The targets that a deployment can name with --target. Each declares its own settings: the file, and a line here. */
import type { Setting } from '../settings/setting.ts';
import { atomicTarget } from './atomic-target.ts';
import type { TargetDefinition } from './define-target.ts';
import { httpTarget } from './http-target.ts';
import { logTarget } from './log-target.ts';
import { natsTarget } from './nats-target.ts';

export const TARGETS = {
  log: logTarget,
  http: httpTarget,
  atomic: atomicTarget,
  nats: natsTarget,
};

export type TargetName = keyof typeof TARGETS;

export const TARGET_NAMES = Object.keys(TARGETS) as readonly TargetName[];

type TablesOf<Definitions extends Readonly<Record<string, { settings: object }>>> = {
  [Name in keyof Definitions]: (table: Definitions[Name]['settings']) => void;
}[keyof Definitions] extends (table: infer All) => void
  ? All
  : never;

/** The tables of all targets in one. */
export type TargetSettings = TablesOf<typeof TARGETS>;

/** The settings of all targets, by the name they have in the configuration. */
export const TARGET_SETTINGS = Object.assign(
  {},
  ...Object.values(TARGETS).map(({ settings }): Readonly<Record<string, Setting>> => settings),
) as TargetSettings;

/** Of the values it is opened with, a target reads those of its own settings. */
export function findTarget(name: TargetName): TargetDefinition<TargetSettings> {
  return TARGETS[name] as unknown as TargetDefinition<TargetSettings>;
}
