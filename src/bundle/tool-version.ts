import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Version of this package: in the source tree as in the published one. */
export function toolVersion(): string {
  return findPackage()?.version ?? '0.0.0';
}

/** Absolute path of this package's own folder, where its package.json is. */
export function packageFolder(): string {
  return findPackage()?.folder ?? import.meta.dirname;
}

/** From the nearest package.json of this name above this file. */
function findPackage(): { readonly folder: string; readonly version: string } | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (found.name === 'sluice' && found.version !== undefined) return { folder, version: found.version };
    } catch {
      // Not this folder.
    }
  }
  return undefined;
}
