/** The commit that a bundle is built from: its id and its time. Reads git only; absent outside a repository. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface HeadCommit {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly time: number;
}

/**
 * Files of a pull request may be shaped like a bare repository, whose settings name programs to run. So git is told to take
 * none that it happens upon, and to run nothing that settings of another one could name.
 */
const SAFE = ['-c', 'safe.bareRepository=explicit', '-c', 'core.fsmonitor=false'];
const HEAD = ['log', '-1', '--no-show-signature', '--no-mailmap', '--format=%H %ct'];

/** `folder`: that of whoever calls, as a folder of connectors is not to be trusted with what git finds there. */
export async function readHeadCommit(folder: string): Promise<HeadCommit | null> {
  try {
    const { stdout } = await run('git', [...SAFE, '-C', folder, ...HEAD], { timeout: 10_000 });
    const [id, time] = stdout.trim().split(' ');
    return id !== undefined && time !== undefined && /^\d+$/.test(time) ? { id, time: Number(time) } : null;
  } catch {
    return null;
  }
}
