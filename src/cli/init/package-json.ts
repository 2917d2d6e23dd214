/** The package.json of a repository of connectors: a new one, or what one that is there lacks. */
import { isJsonObject, type JsonValue } from '../../stages/json-value.ts';

/** The text of a new package.json. `template` is the one in the templates folder. */
export function newPackageJson(template: string, version: string): string {
  const manifest = JSON.parse(template) as Record<string, unknown>;
  manifest.devDependencies = { sluice: `^${version}` };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Commands that add what `text` lacks, for people: it is theirs, and edited by nobody else. */
export function adviseOnPackageJson(text: string, template: string): readonly string[] {
  const manifest = parse(text);
  if (!isJsonObject(manifest)) return ['package.json is not a JSON object; correct it first'];
  const named = (field: string): Record<string, JsonValue> => {
    const value = manifest[field];
    return isJsonObject(value) ? { ...value } : {};
  };
  const wanted = (JSON.parse(template) as { scripts: Record<string, string> }).scripts;
  const scripts = named('scripts');
  const missing = Object.entries(wanted).filter(([name, command]) => scripts[name] !== command);
  const isInstalled = ['dependencies', 'devDependencies', 'optionalDependencies'].some((field) =>
    Object.hasOwn(named(field), 'sluice'),
  );
  const settings = missing.map(([name, command]) => `"scripts.${name}=${command}"`).join(' ');
  return [
    ...(isInstalled ? [] : ['package.json does not have Sluice: npm install --save-dev sluice']),
    ...(missing.length === 0
      ? []
      : [`package.json is as it was; short names for the commands: npm pkg set ${settings}`]),
  ];
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
