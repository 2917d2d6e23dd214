/**
 * Follows the file that the bundle comes from. In: its path. Out: each new content to whoever deploys it, and why there
 * is none. Looks into no bundle.
 */
import { MAX_BUNDLE_BYTES } from '../../bundle/codec.ts';
import type { Log } from '../log/log.ts';
import type { Deployer } from './deploy.ts';
import { type FileProblem, type FileWatcher, watchFile } from './watch.ts';

const PROBLEM_CODES = {
  missing: 'bundle-missing',
  'not-a-file': 'bundle-unreadable',
  unreadable: 'bundle-unreadable',
  'too-large': 'bundle-too-large',
} as const satisfies Record<FileProblem, string>;

/** Resolves when its first content is deployed, or was refused, or there is none. */
export function followBundleFile(
  path: string,
  deployer: Pick<Deployer, 'deploy' | 'fail'>,
  log: Log,
): Promise<FileWatcher> {
  return watchFile(path, {
    onChange: async (bytes) => void (await deployer.deploy(bytes, path, { keep: true })),
    onProblem: (problem, message) => deployer.fail(PROBLEM_CODES[problem], message),
    onBlind: (reason) =>
      log.warn({ reason }, 'file events do not work here: looking at the bundle every second'),
    maxBytes: MAX_BUNDLE_BYTES,
  });
}
