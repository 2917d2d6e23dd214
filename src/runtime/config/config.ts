/**
 * In: flags and environment (https://12factor.net/config). Out: the configuration, or every problem in one go. Problems
 * quote what was given, except secrets, and say what is allowed.
 */
import { resolve } from 'node:path';
import { suggest } from '../../diagnostics/suggest.ts';
import { pointerTo } from '../../stages/problem.ts';
import { environmentVariable, optionName, type Setting } from '../settings/setting.ts';
import { findTarget, TARGET_SETTINGS, TARGETS, type TargetSettings } from '../targets/targets.ts';
import { readNamedTargets } from './named-targets.ts';
import { findTargetProblems, type TargetConfig } from './open-target.ts';
import { openSecretStore } from './secrets-of-config.ts';
import { SETTINGS, type SettingName, type SettingValues } from './settings.ts';

export interface RuntimeConfig extends TargetConfig {
  /** What was given but may not mean what somebody thinks. */
  readonly warnings: readonly string[];
}

export type ConfigResult =
  | { readonly ok: true; readonly config: RuntimeConfig }
  | { readonly ok: false; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** A file of targets that was read: what it says, and where. */
export type TargetsFile =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** Such as deploy/targets.yaml:4:3, for a JSON pointer into the value. */
      readonly placeOf: (pointer: string, part?: 'key' | 'value') => string;
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Flags by their camel-case names; a flag wins over its variable. Empty text counts as not set. `readTargets` reads the file
 * of --targets, as nothing here knows YAML.
 */
export function readConfig(
  options: Readonly<Record<string, string | boolean | undefined>>,
  env: Environment,
  readTargets: (path: string) => TargetsFile = refuseTargetsFile,
): ConfigResult {
  const problems: string[] = [];
  const warnings = findTypos(env);
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting>(SETTINGS)) {
    const text = textOf(setting, options, env, warnings);
    if (text === undefined) {
      values[name] = null;
      continue;
    }
    const parsed = setting.parse(text);
    if (parsed.ok) values[name] = parsed.value;
    else
      problems.push(
        `${label(setting)}${setting.secret ? '' : ` "${setting.mask?.(text) ?? text}"`} ${parsed.fact}: ${parsed.advice}`,
      );
  }
  if (problems.length > 0) return { ok: false, problems };
  const settings = values as unknown as SettingValues;
  const read = settings.targets === null ? null : readTargets(settings.targets);
  if (read?.ok === false) return read;
  const named = read === null ? null : readNamedTargets(read.value, openSecretStore(settings, env));
  if (read !== null && named !== null && named.problems.length > 0)
    return {
      ok: false,
      problems: named.problems.map((one) => `${read.placeOf(one.pointer, one.part)}: ${one.message}`),
    };
  const config = { ...settings, namedTargets: named?.targets ?? null, warnings };
  const conflicts = findConflicts(config);
  if (conflicts.length === 0)
    for (const { name, problem } of findTargetProblems(config))
      conflicts.push(read === null ? problem : `${read.placeOf(pointerTo('/targets', name))}: ${problem}`);
  return conflicts.length > 0 ? { ok: false, problems: conflicts } : { ok: true, config };
}

function refuseTargetsFile(path: string): TargetsFile {
  return { ok: false, problems: [`--targets "${path}" cannot be read here: hand targets over instead`] };
}

/** The configuration by flag, as text for the log: what is secret is masked, what is not set is left out. */
export function describeConfig(config: RuntimeConfig): Readonly<Record<string, string>> {
  const described: Record<string, string> = {};
  for (const [name, setting] of Object.entries<Setting>(SETTINGS)) {
    const value = config[name as SettingName];
    if (value === null) continue;
    described[setting.flag] = setting.secret ? '(set)' : (setting.show?.(value) ?? String(value));
  }
  return described;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(host);
}

function textOf(
  setting: Setting,
  options: Readonly<Record<string, string | boolean | undefined>>,
  env: Environment,
  warnings: string[],
): string | undefined {
  const variable = environmentVariable(setting);
  const given = [setting.secret ? undefined : options[optionName(setting)], env[variable]];
  for (const one of given) {
    if (one === undefined || one === '' || typeof one === 'boolean') continue;
    // Kubernetes sets SLUICE_PORT=tcp://... in every pod beside a Service that is called "sluice".
    if (one === env[variable] && SERVICE_LINK.test(one)) {
      warnings.push(`${variable} "${one}" is ignored: Kubernetes set it for a Service, it is not a setting`);
      continue;
    }
    return one;
  }
  return setting.fallback;
}

const SERVICE_LINK = /^(tcp|udp|sctp):\/\//;

function label(setting: Setting): string {
  return setting.secret
    ? environmentVariable(setting)
    : `--${setting.flag} (${environmentVariable(setting)})`;
}

/** What only shows when settings are seen together. */
function findConflicts(config: RuntimeConfig & { readonly warnings: string[] }): string[] {
  const conflicts: string[] = [];
  if (!isLoopback(config.adminHost) && config.adminToken === null) {
    conflicts.push(
      `--admin-host "${config.adminHost}" is reachable from other machines: set SLUICE_ADMIN_TOKEN, or listen on 127.0.0.1`,
    );
  }
  if (config.port !== 0 && config.port === config.adminPort) {
    conflicts.push(`--port and --admin-port are both "${config.port}": give two different ports`);
  }
  if (config.notifyUrl !== null && config.notifySecret === null) {
    conflicts.push(
      `--notify-url needs ${label(SETTINGS.notifySecret)}: set it, so that the receiver can tell who calls`,
    );
  }
  if (config.spool !== null && config.database === null)
    config.warnings.push(`${label(SETTINGS.spool)} is set, but --database is not: it has no effect`);
  if (config.spool !== null && resolve(config.spool) === resolve(config.stateDir))
    conflicts.push(`--spool and --state are both "${config.spool}": give two different folders`);
  if (config.notifyUrl === null && config.notifySecret !== null) {
    config.warnings.push(`${label(SETTINGS.notifySecret)} is set, but --notify-url is not: it has no effect`);
  }
  conflicts.push(...(config.namedTargets === null ? findTargetConflicts(config) : findBesidesFile(config)));
  return conflicts;
}

/** Of a deployment with one target. */
function findTargetConflicts(config: RuntimeConfig & { readonly warnings: string[] }): string[] {
  const conflicts: string[] = [];
  const { needs, without = {} } = findTarget(config.target);
  for (const [name, lack] of Object.entries(without) as [keyof TargetSettings, string][]) {
    if (config[name] === null) config.warnings.push(`${label(SETTINGS[name])} is not set: ${lack}`);
  }
  for (const name of needs) {
    if (config[name] === null)
      conflicts.push(`--target "${config.target}" needs ${label(SETTINGS[name])}: set it`);
  }
  for (const [target, { settings }] of Object.entries(TARGETS)) {
    if (target === config.target) continue;
    for (const name of Object.keys(settings) as (keyof TargetSettings)[]) {
      if (config[name] === null) continue;
      config.warnings.push(
        `${label(SETTINGS[name])} is set, but --target is "${config.target}": it has no effect`,
      );
    }
  }
  return conflicts;
}

/** Of a deployment whose targets stand in a file. */
function findBesidesFile(config: RuntimeConfig & { readonly warnings: string[] }): string[] {
  for (const name of Object.keys(TARGET_SETTINGS) as (keyof TargetSettings)[]) {
    if (config[name] !== null)
      config.warnings.push(
        `${label(SETTINGS[name])} is set, but targets come from --targets: it has no effect`,
      );
  }
  if (config.target === SETTINGS.target.fallback) return [];
  return [
    `--target "${config.target}" and --targets exclude each other: name it "default" in that file, or leave the file out`,
  ];
}

/** Variables that belong to the command line, not to the runtime. */
const OTHER_VARIABLES = ['SLUICE_ADMIN_URL', 'SLUICE_SIGNING_KEY'];

/** Names that nothing reads and that look like one that something would. */
function findTypos(env: Environment): string[] {
  const known = [...Object.values<Setting>(SETTINGS).map(environmentVariable), ...OTHER_VARIABLES];
  const warnings: string[] = [];
  for (const name of Object.keys(env).sort()) {
    if (!name.startsWith('SLUICE_') || name.startsWith('SLUICE_SECRET_') || known.includes(name)) continue;
    // Without the common prefix, or every name would be half alike.
    const nearest = suggest(
      name.slice('SLUICE_'.length),
      known.map((one) => one.slice('SLUICE_'.length)),
    );
    if (nearest !== undefined && !isServiceVariable(name)) {
      warnings.push(`${name} is not a setting: did you mean SLUICE_${nearest}?`);
    }
  }
  return warnings;
}

/** What Kubernetes sets for a Service that is called "sluice" or "sluice-...". */
function isServiceVariable(name: string): boolean {
  return /_(SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)$/.test(name);
}
