/** How this tool is called in a folder: hints print commands that work there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonValue } from '../stages/json/json-value.ts';

/** `npm run sluice --` where package.json has a script of that name, as Sluice's own repository does; else `npx sluice`. */
export function ownCommand(cwd: string): string {
  try {
    const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as JsonValue;
    const scripts = isJsonObject(manifest) ? manifest.scripts : undefined;
    if (isJsonObject(scripts) && Object.hasOwn(scripts, 'sluice')) return 'npm run sluice --';
  } catch {
    // No package.json, or none that can be read.
  }
  return 'npx sluice';
}
