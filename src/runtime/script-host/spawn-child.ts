/**
 * Starts the operating system's side of a script process: no environment, no descriptors but two pipes, no reason for
 * this program to stay alive.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { extname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** Beside this file, as .ts in the sources and as .js in what is published. */
const CHILD_FILE = fileURLToPath(new URL(`./child${extname(import.meta.url)}`, import.meta.url));

export type Child = ChildProcessByStdio<Writable, Readable, null>;

/** Throws when the system has no room for another process. `onError` hears of what goes wrong later. */
export function spawnChild(memoryMb: number, onError: (error: Error) => void): Child {
  // isolated-vm needs --no-node-snapshot. The variables are constants: they fix what dates and numbers look like when a
  // script formats them.
  const child: Child = spawn(
    process.execPath,
    ['--no-node-snapshot', '--max-old-space-size=64', CHILD_FILE, String(memoryMb)],
    {
      env: { TZ: 'UTC', LC_ALL: 'en_US.UTF-8' },
      stdio: ['pipe', 'pipe', 'ignore'],
      cwd: '/',
      windowsHide: true,
    },
  );
  child.on('error', onError);
  for (const pipe of pipesOf(child)) {
    if (pipe === undefined) throw new Error('too many open files');
    // A pipe that breaks tells nothing that the end of the process does not.
    pipe.on('error', () => {});
    pipe.unref();
  }
  child.unref();
  return child;
}

/** Somebody waits for the end of the child, maybe for nothing else: the program stays until then. */
export function awaitEnd(child: Child): void {
  child.ref();
  for (const pipe of pipesOf(child)) pipe?.ref();
}

function pipesOf(child: Child): readonly (Socket | undefined)[] {
  return [child.stdin, child.stdout] as unknown as readonly (Socket | undefined)[];
}
