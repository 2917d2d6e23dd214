/**
 * The commit that a bundle is built from: its id, its time, and which of the files are not as it has them. Reads git only;
 * null outside a repository.
 */
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

const STATUS = [
  '--literal-pathspecs',
  'status',
  '--porcelain=v1',
  '-z',
  '--no-renames',
  '--untracked-files=all',
  '--ignored=matching',
  '--ignore-submodules=all',
  '--',
];
/** What a connector is made of. Declarations of types are made from it, and hidden files are none of it. */
const SOURCE = /\.(?:ya?ml|json|[cm]?[jt]s)$/;
const NO_SOURCE = /(?:^|\/)\.|\.d\.[cm]?ts$/;

/** Files below the folder that the commit has otherwise, or not at all, or that only it has. The folder: git knows none of it. */
export async function readUncommitted(place: GitPlace, folder: string): Promise<readonly string[]> {
  const result = await runGit(place, [...STATUS, folder]);
  if (!result.ok || result.value.code !== 0) return [folder];
  return String(result.value.output)
    .split('\0')
    .map((entry) => entry.slice(3))
    .filter((path) => SOURCE.test(path) && !NO_SOURCE.test(path));
}
