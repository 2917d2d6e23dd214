/** The commit that a bundle is built from: its id and its time. Reads git only; null outside a repository. */
import { type GitPlace, runGit } from './run-git.ts';

export interface HeadCommit {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly time: number;
}

/** A signature is not looked at: settings of the repository say which program would do it. */
const HEAD = ['log', '-1', '--no-show-signature', '--no-mailmap', '--format=%H %ct'];

/** `place`: that of whoever calls, as a folder of connectors is not to be trusted with what git finds there. */
export async function readHeadCommit(place: GitPlace): Promise<HeadCommit | null> {
  const result = await runGit(place, HEAD);
  const [, id, time] =
    (result.ok && /^([0-9a-f]{40,64}) (\d+)$/.exec(String(result.value.output).trim())) || [];
  return id === undefined ? null : { id, time: Number(time) };
}
