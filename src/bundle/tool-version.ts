import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Version of this package, from the nearest package.json above this file: in the source tree as in the published one. */
export function toolVersion(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (found.name === 'sluice' && found.version !== undefined) return found.version;
    } catch {
      // Not this folder.
    }
  }
  return '0.0.0';
}
