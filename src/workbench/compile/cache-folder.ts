/** Where results may be kept from run to run. */
import { isAbsolute, join } from 'node:path';

/**
 * The user's cache folder (XDG Base Directory Specification), never one of the repository: results in a folder that came with
 * a pull request would be believed. None in CI, where nothing is kept from run to run, and none where the user has no home.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.CI !== undefined && env.CI !== '' && env.CI !== 'false') return undefined;
  const { XDG_CACHE_HOME: named = '', HOME: home = '' } = env;
  const base = isAbsolute(named) ? named : join(home, '.cache');
  return isAbsolute(base) ? join(base, 'sluice') : undefined;
}
