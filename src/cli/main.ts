#!/usr/bin/env node
// The process edge: argv, streams and environment in, an exit code out. Everything else is in program.ts, which is loaded
// after a look at the version: an older Node would fail at a module that it does not know, before it could say so.

import module from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../workbench/compile/cache-folder.ts';

/** As `engines` in package.json. */
const OLDEST_NODE = 24;

if (Number.parseInt(process.version.slice(1), 10) < OLDEST_NODE) {
  process.stderr.write(`Sluice needs Node ${OLDEST_NODE} or later, this is ${process.version}\n`);
  process.exitCode = 2;
} else {
  // Half of what a short command takes is compiling this program.
  const cache = cacheFolder(process.env);
  if (cache !== undefined) module.enableCompileCache(join(cache, 'node'));
  const { runProgram } = await import('./program.ts');
  const { createTerminalPrompts } = await import('./prompts.ts');

  // Whoever reads our output may stop early, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });

  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true;

  process.exitCode = await runProgram(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    ...(isTerminal
      ? { prompts: createTerminalPrompts({ input: process.stdin, output: process.stderr }) }
      : {}),
  });
}
