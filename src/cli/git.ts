/** The commit that a bundle is built from: its id and its time. Reads git only; absent outside a repository. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface HeadCommit {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly time: number;
}

export async function readHeadCommit(folder: string): Promise<HeadCommit | null> {
  try {
    const { stdout } = await run('git', ['-C', folder, 'log', '-1', '--format=%H %ct'], { timeout: 10_000 });
    const [id, time] = stdout.trim().split(' ');
    return id !== undefined && time !== undefined && /^\d+$/.test(time) ? { id, time: Number(time) } : null;
  } catch {
    return null;
  }
}
