/**
 * The targets that a deployment names in its targets.yaml. In: what the file says, and the deployment's secrets. Out: kind
 * and settings of each, or every problem by its place in the file. Literal secrets are refused and never quoted.
 */
import { quote } from '../../diagnostics/printable.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { SecretReference } from '../../stages/secrets.ts';
import type { Setting } from '../settings/setting.ts';
import { TARGET_NAMES, TARGETS, type TargetName } from '../targets/targets.ts';
import type { SecretStore } from './secret-store.ts';

/** Settings by their names in the configuration; null: not set. */
export interface NamedTarget {
  readonly kind: TargetName;
  readonly values: Readonly<Record<string, unknown>>;
}

export type NamedTargets = Readonly<Record<string, NamedTarget>>;

export interface PlaceProblem {
  /** JSON pointer into the file. */
  readonly pointer: string;
  /** What is wrong there: the name, or what stands under it. */
  readonly part: 'key' | 'value';
  readonly message: string;
}

/** As a connector names it. */
export const TARGET_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const API_VERSION = 'sluice/v1';

type Report = (pointer: string, message: string, part?: PlaceProblem['part']) => void;

/** How a setting is called in the file: the flag without the word that tells targets apart. */
export function memberName({ flag }: Pick<Setting, 'flag'>): string {
  return flag.replace(/^[a-z]+-/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function readNamedTargets(
  file: unknown,
  secrets: Pick<SecretStore, 'lookup' | 'missing'>,
): { readonly targets: NamedTargets; readonly problems: readonly PlaceProblem[] } {
  const problems: PlaceProblem[] = [];
  const report: Report = (pointer, message, part = 'value') => void problems.push({ pointer, message, part });
  const targets: Record<string, NamedTarget> = {};
  if (!isJsonObject(file)) {
    report('', 'the file is no object: it begins with "apiVersion: sluice/v1" and "targets:"');
    return { targets, problems };
  }
  for (const key of Object.keys(file)) {
    if (key === 'apiVersion' || key === 'targets') continue;
    report(
      pointerTo('', key),
      `${quote(key)} is no key of this file${didYouMean(key, ['apiVersion', 'targets'])}`,
      'key',
    );
  }
  if (file.apiVersion !== API_VERSION) report('/apiVersion', `apiVersion has to be "${API_VERSION}"`);
  if (!isJsonObject(file.targets)) {
    report(
      '/targets',
      'targets is missing or no object: give names with what they are, such as billing: { kind: log }',
    );
    return { targets, problems };
  }
  if (Object.keys(file.targets).length === 0) report('/targets', 'targets names none: give one at least');
  for (const [name, target] of Object.entries(file.targets)) {
    const pointer = pointerTo('/targets', name);
    if (!TARGET_NAME.test(name))
      report(pointer, `${quote(name)} is no name: lower-case letters, digits and dashes, at most 63`, 'key');
    const read = readTarget(target, pointer, secrets, report);
    if (read !== null) targets[name] = read;
  }
  return { targets, problems };
}

function readTarget(
  target: unknown,
  pointer: string,
  secrets: Pick<SecretStore, 'lookup' | 'missing'>,
  report: Report,
): NamedTarget | null {
  if (!isJsonObject(target)) {
    report(pointer, 'a target is an object: give { kind: ... } and its settings');
    return null;
  }
  const kind = TARGET_NAMES.find((one) => one === target.kind);
  if (kind === undefined) {
    const given =
      typeof target.kind === 'string' ? `${quote(target.kind)} is no kind of target` : 'kind is missing';
    const hint = typeof target.kind === 'string' ? didYouMean(target.kind, TARGET_NAMES) : '';
    report(`${pointer}/kind`, `${given}${hint}: give ${TARGET_NAMES.join(', ')}`);
    return null;
  }
  const { settings, needs } = TARGETS[kind] as {
    settings: Readonly<Record<string, Setting>>;
    needs: readonly string[];
  };
  const members = new Map(Object.entries(settings).map(([name, setting]) => [memberName(setting), name]));
  for (const key of Object.keys(target)) {
    if (key === 'kind' || members.has(key)) continue;
    const hint = didYouMean(key, members.keys());
    const known = members.size === 0 ? 'it has none' : `it has ${[...members.keys()].join(', ')}`;
    report(
      pointerTo(pointer, key),
      `${quote(key)} is no setting of a target of the kind ${kind}${hint}: ${known}`,
      'key',
    );
  }
  const values: Record<string, unknown> = {};
  for (const [member, name] of members) {
    const place = pointerTo(pointer, member);
    const setting = settings[name] as Setting;
    const given = target[member];
    values[name] = null;
    if (given === undefined || given === null) {
      if (needs.includes(name)) report(pointer, `a target of the kind ${kind} needs ${member}: set it`);
      continue;
    }
    const text = setting.secret
      ? readSecret(given, member, place, secrets, report)
      : readText(given, member, place, report);
    if (text === null) continue;
    const parsed = setting.parse(text);
    if (parsed.ok) values[name] = parsed.value;
    else
      report(place, `${member}${setting.secret ? '' : ` ${quote(text)}`} ${parsed.fact}: ${parsed.advice}`);
  }
  return { kind, values };
}

/** A list is the same as its entries with commas between, as in a flag. */
function readText(given: unknown, member: string, pointer: string, report: Report): string | null {
  if (typeof given === 'string' && given !== '') return given;
  if (Array.isArray(given) && given.length > 0 && given.every((one) => typeof one === 'string'))
    return given.join(',');
  report(pointer, `${member} is no text: give it in quotes`);
  return null;
}

function readSecret(
  given: unknown,
  member: string,
  pointer: string,
  secrets: Pick<SecretStore, 'lookup' | 'missing'>,
  report: Report,
): string | null {
  const isReference =
    isJsonObject(given) &&
    Object.keys(given).length === 1 &&
    (typeof given.env === 'string' || typeof given.file === 'string');
  if (!isReference) {
    report(
      pointer,
      `${member} has to be a reference, { env: SLUICE_SECRET_... } or { file: name }: a secret never stands in a file of a repository`,
    );
    return null;
  }
  const reference = given as unknown as SecretReference;
  const text = secrets.lookup(reference);
  if (text !== undefined) return text;
  const [missing] = secrets.missing([reference]);
  report(
    pointer,
    `the secret ${missing?.name ?? member} cannot be used: ${missing?.reason ?? 'it is not set'}`,
  );
  return null;
}
