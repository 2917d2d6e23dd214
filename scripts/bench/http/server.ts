// One server under measurement, in a process of its own on the first core. In: a contender. Out: where it listens, what it
// has used of the processor, and its memory.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SINK } from './contenders.ts';
import { pinned } from './load.ts';

export interface Server {
  readonly url: string;
  /** Processor time until now, user and system, in microseconds; NaN where /proc is not. */
  processorTime(): number;
  /** Resident memory in MiB. */
  memory(): number;
  stop(): void;
}

/** Clock ticks of /proc are a hundredth of a second on every Linux. */
const TICK_MICROSECONDS = 10_000;

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill();
});

export function startServer(
  command: readonly [string, ...string[]],
  sink: string,
  core: 0 | 1 = 0,
): Promise<Server> {
  const [file, ...rest] = command;
  const path = join(import.meta.dirname, 'servers', file);
  const args = rest.map((argument) => (argument === SINK ? sink : argument));
  const [program = '', ...before] = [...pinned(core), process.execPath];
  const child: ChildProcess = spawn(program, [...before, path, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.add(child);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
    child.stdout?.setEncoding('utf8').once('data', (line: string) => {
      const [url = '', pid = String(child.pid)] = line.trim().split(' ');
      resolve({
        url,
        processorTime: () => ticks(pid) * TICK_MICROSECONDS,
        memory: () => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? Number.NaN) / 1024,
        stop: () => void child.kill(),
      });
    });
  });
}

function ticks(pid: string): number {
  // The name of the program may hold spaces; what follows it does not.
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
