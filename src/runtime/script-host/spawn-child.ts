/**
 * Starts the operating system's side of a script process: no environment, no descriptors but two pipes, less than this
 * program may do, no reason for this program to stay alive.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { extname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** Beside this file, as .ts in the sources and as .js in what is published. */
const CHILD_FILE = fileURLToPath(new URL(`./child${extname(import.meta.url)}`, import.meta.url));

/**
 * What a child is started through, to give up what it never needs: core files, which would be large and full of payloads;
 * writing any file; more descriptors than its own. Where there is no shell, it keeps what this program may do.
 */
const SHELL = '/bin/sh';
const LIMITS = 'unset PWD OLDPWD SHLVL; ulimit -c 0; ulimit -f 0; ulimit -n 64; exec "$0" "$@"';

/** What a crash of the engine looks like: out of memory, mostly. */
const CRASHES = new Set<string | null>(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGTRAP', 'SIGFPE']);

/**
 * isolated-vm needs the first. The next three make how deep a script can call itself, which it can count, the same for each
 * call: its code is optimised after so many calls, not when a thread has the time, nor earlier because another request ran it.
 */
const NODE_FLAGS = [
  '--no-node-snapshot',
  '--no-concurrent-recompilation',
  '--no-profile-guided-optimization',
  '--no-lazy-feedback-allocation',
  '--max-old-space-size=64',
];

export type Child = ChildProcessByStdio<Writable, Readable, null>;

/** Throws when the system has no room for another process. `onError` hears of what goes wrong later. */
export function spawnChild(memoryMb: number, onError: (error: Error) => void): Child {
  const args = [...NODE_FLAGS, CHILD_FILE, String(memoryMb)];
  // That Node itself cannot be started, a direct attempt says better than a shell.
  const isLimited = existsSync(SHELL) && existsSync(process.execPath);
  const [file, given] = isLimited
    ? [SHELL, ['-c', LIMITS, process.execPath, ...args]]
    : [process.execPath, args];
  const child: Child = spawn(file, given, {
    // Constants: they fix what dates and numbers look like when a script formats them.
    env: { TZ: 'UTC', LC_ALL: 'en_US.UTF-8' },
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: '/',
    windowsHide: true,
  });
  // Until the child is handed over there is nobody who could be told: what fails before is thrown.
  let report: (error: Error) => void = () => {};
  child.on('error', (error) => report(error));
  for (const pipe of pipesOf(child)) {
    if (pipe === undefined) {
      for (const made of pipesOf(child)) made?.destroy();
      throw new Error('too many open files');
    }
    // A pipe that breaks tells nothing that the end of the process does not.
    pipe.on('error', () => {});
    pipe.unref();
  }
  child.unref();
  report = onError;
  return child;
}

/** Somebody waits for the end of the child, maybe for nothing else: the program stays until then. */
export function awaitEnd(child: Child): void {
  child.ref();
  for (const pipe of pipesOf(child)) pipe?.ref();
}

export function isCrash(signal: string | null): boolean {
  return CRASHES.has(signal);
}

function pipesOf(child: Child): readonly (Socket | undefined)[] {
  return [child.stdin, child.stdout] as unknown as readonly (Socket | undefined)[];
}
