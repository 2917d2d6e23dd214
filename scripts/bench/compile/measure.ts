// What work takes: said by the process that does it, read by the one that started it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface Measured {
  /** Without the start of the process. */
  readonly milliseconds: number;
  /** Of all its threads, in milliseconds. */
  readonly cpu: number;
  /** The most memory that the process had at any time. */
  readonly peakMiB: number;
  /** With the start and end of the process. */
  readonly whole: number;
}

/** Starts to measure; the function that it returns prints what was measured. */
export function startMeasure(): (more: object) => void {
  const before = process.cpuUsage();
  const started = performance.now();
  return (more) => {
    const milliseconds = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    const peakMiB = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ ...more, milliseconds, cpu: (user + system) / 1000, peakMiB }));
  };
}

/** Runs a file beside this one that says what it measured. Throws when it, or the command in it, fails. */
export function measure(cwd: string, file: string, args: readonly string[]): Measured {
  const started = performance.now();
  // In CI nothing is taken from a cache.
  const env = { ...process.env, CI: '' };
  const options = { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const child = spawnSync(process.execPath, [join(import.meta.dirname, file), ...args], options);
  const whole = performance.now() - started;
  if (child.status !== 0) throw new Error(`${file} ${args.join(' ')}: ${child.stderr}`);
  const said = JSON.parse(child.stdout) as Omit<Measured, 'whole'> & { readonly code?: number };
  if (said.code !== undefined && said.code !== 0) throw new Error(`${args.join(' ')}: ${child.stderr}`);
  return { ...said, whole };
}
