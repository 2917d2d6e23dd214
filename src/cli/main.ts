#!/usr/bin/env node
// The process edge: argv, streams and environment in, an exit code out. Everything else is in program.ts.
import { runProgram } from './program.ts';
import { createTerminalPrompts } from './prompts.ts';

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
  ...(isTerminal ? { prompts: createTerminalPrompts({ input: process.stdin, output: process.stderr }) } : {}),
});
