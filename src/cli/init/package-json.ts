/** What the package.json of a repository of connectors lacks, and how to add it. Edits nothing: it is somebody's own. */
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';

export interface PackageAdvice {
  /** Sluice is among its dependencies. */
  readonly hasSluice: boolean;
  /** Commands that add what it lacks, for people. */
  readonly lines: readonly string[];
}

/** `template` is the package.json of the templates folder; `version` the one of this Sluice. */
export function adviseOnPackageJson(text: string, template: string, version: string): PackageAdvice {
  const manifest = parse(text);
  if (!isJsonObject(manifest))
    return { hasSluice: false, lines: ['package.json is not a JSON object; correct it first'] };
  const named = (field: string): Record<string, JsonValue> => {
    const value = manifest[field];
    return isJsonObject(value) ? { ...value } : {};
  };
  const wanted = (JSON.parse(template) as { scripts: Record<string, string> }).scripts;
  const scripts = named('scripts');
  const missing = Object.entries(wanted).filter(([name, command]) => scripts[name] !== command);
  const hasSluice = ['dependencies', 'devDependencies', 'optionalDependencies'].some((field) =>
    Object.hasOwn(named(field), 'sluice'),
  );
  const settings = missing.map(([name, command]) => `"scripts.${name}=${command}"`).join(' ');
  const lines = [
    ...(hasSluice ? [] : howToInstall(version)),
    ...(missing.length === 0
      ? []
      : [`package.json is as it was; short names for the commands: npm pkg set ${settings}`]),
  ];
  return { hasSluice, lines };
}

/** Sluice is on no public registry. Whoever took its name there would run in CI, so nothing installs it by name alone. */
function howToInstall(version: string): readonly string[] {
  const file = `vendor/sluice-${version}.tgz`;
  return [
    'package.json does not have Sluice. It is on no public registry: do not install it by its name alone. Either',
    `  copy its package to ${file}, commit it, and: npm install --save-dev ./${file}`,
    `  or publish it to a registry of yours, and: npm install --save-dev sluice@npm:@<your scope>/sluice@${version}`,
  ];
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
