/**
 * From the settings to the targets that they name, as one. The settings have been checked: what is wrong with them is a
 * bug here.
 */
import { DEFAULT_TARGET } from '../../bundle/plan.ts';
import { toolVersion } from '../../bundle/tool-version.ts';
import { TargetRouter } from '../targets/by-name.ts';
import type { TargetResult } from '../targets/define-target.ts';
import type { Target } from '../targets/target.ts';
import { findTarget, type TargetName } from '../targets/targets.ts';
import type { NamedTargets } from './named-targets.ts';
import type { SettingValues } from './settings.ts';

export interface TargetConfig extends SettingValues {
  /** Of the targets file; null: there is none, and `target` is the only one. */
  readonly namedTargets: NamedTargets | null;
}

export interface OpenTargetOptions {
  /** Gets a line for people about each trigger of a log target. */
  readonly announce: (text: string) => void;
  /** Those of a program around, by name; they take the place of configured ones. */
  readonly own?: Readonly<Record<string, Target>>;
  /** What is not there goes to the default one. */
  readonly isLenient?: boolean;
}

export function openTargets(
  config: TargetConfig,
  { announce, own = {}, isLenient }: OpenTargetOptions,
): TargetRouter {
  const opened = new Map<string, Target>();
  for (const [name, { kind, values }] of listTargets(config)) {
    if (Object.hasOwn(own, name)) continue;
    const result = open(kind, values, config, announce);
    if (!result.ok) throw new Error(result.problems.join('; '));
    opened.set(name, result.target);
  }
  for (const [name, target] of Object.entries(own)) opened.set(name, target);
  const usual = opened.get(DEFAULT_TARGET) ?? null;
  const others = isLenient && usual !== null ? { others: usual } : {};
  const name = config.namedTargets === null ? (usual?.name ?? DEFAULT_TARGET) : DEFAULT_TARGET;
  return new TargetRouter({ name, default: usual, named: opened, ...others });
}

/** What is wrong with the settings of the targets that are configured, by the name of the target; no secrets. */
export function findTargetProblems(
  config: TargetConfig,
): readonly { readonly name: string; readonly problem: string }[] {
  return listTargets(config).flatMap(([name, { kind, values }]) => {
    const opened = open(kind, values, config, () => {});
    if (!opened.ok) return opened.problems.map((problem) => ({ name, problem }));
    void opened.target.close();
    return [];
  });
}

/** The kinds of the configured targets by name. */
export function describeTargets(config: TargetConfig): Readonly<Record<string, TargetName>> {
  return Object.fromEntries(listTargets(config).map(([name, { kind }]) => [name, kind]));
}

function listTargets(
  config: TargetConfig,
): readonly (readonly [string, { kind: TargetName; values: object }])[] {
  const { namedTargets, target } = config;
  return namedTargets === null
    ? [[DEFAULT_TARGET, { kind: target, values: config }]]
    : Object.entries(namedTargets);
}

function open(
  kind: TargetName,
  values: object,
  { stateDir }: SettingValues,
  announce: (text: string) => void,
): TargetResult {
  const surroundings = { stateDir, announce, userAgent: `sluice/${toolVersion()}` };
  return findTarget(kind).open(values as SettingValues, surroundings);
}
