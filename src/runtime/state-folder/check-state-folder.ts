/**
 * Looks at a state folder before anything in it is opened. In: its path. Out: why it is not used, with the command that
 * mends it, or null. Looks at the way to it and at what lies directly in it; a folder that is not there is fine.
 */
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { checkFile, checkFolder, isLink, UnsafeEntry } from './open-own.ts';

export function checkStateFolder(folder: string): string | null {
  try {
    checkWayTo(folder);
    const status = statSync(folder, { throwIfNoEntry: false });
    if (status === undefined) return null;
    // That of a volume may be root's, with rights for the group of the process.
    checkFolder(status, folder, [0]);
    for (const name of readdirSync(folder)) checkEntry(join(folder, name));
    return null;
  } catch (error) {
    if (!(error instanceof UnsafeEntry)) return null;
    return `the state folder "${folder}" is not used: ${error.message}`;
  }
}

/** Links that root made are part of a path that somebody wrote out, such as systemd's. Others may have come with a branch. */
function checkWayTo(folder: string): void {
  for (let place = folder; place !== dirname(place) && place !== '.'; place = dirname(place)) {
    const status = lstatSync(place, { throwIfNoEntry: false });
    const isOfSystem = isAbsolute(folder) && status?.uid === 0;
    if (status?.isSymbolicLink() && !isOfSystem) throw isLink(place);
  }
}

function checkEntry(path: string): void {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  // What every new volume has; nothing of ours is in it.
  if (path.endsWith('/lost+found')) return;
  if (status.isDirectory()) checkFolder(status, path);
  else checkFile(status, path);
}
