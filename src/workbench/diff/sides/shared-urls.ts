/**
 * Connectors that share a URL are compiled together: whose URL it is decides how the events of the others are proven, and
 * whose they are. In: the sides as they are listed, and names. Out: these with all that share a URL with one on any side.
 */
import { eventsOwnerOf } from '../../files/events-owner.ts';
import type { GitPlace, GitResult } from '../../git/run-git.ts';
import { readTextsOfCommit, readTextsOfFolder } from './connector-texts.ts';
import type { SideFiles } from './find-mentions.ts';

/** By name of a connector, the one whose URL it uses. */
type Owners = ReadonlyMap<string, string>;

/** `folder`: of the connectors in the working tree. Bundles hold what was linked when they were built. */
export async function findOwners(
  place: GitPlace,
  sides: readonly SideFiles[],
  folder: string,
): Promise<GitResult<readonly Owners[]>> {
  const found: Owners[] = [];
  for (const { source, names, entries } of sides) {
    if (source.kind === 'bundle') continue;
    const texts =
      source.kind === 'tree'
        ? { ok: true as const, value: readTextsOfFolder(folder, names) }
        : await readTextsOfCommit(place, entries);
    if (!texts.ok) return texts;
    const owners = texts.value.flatMap(([name, text]) => {
      const owner = eventsOwnerOf(text);
      return owner === null ? [] : [[name, owner] as const];
    });
    found.push(new Map(owners));
  }
  return { ok: true, value: found };
}

export function withSharedUrls(names: ReadonlySet<string>, sides: readonly Owners[]): ReadonlySet<string> {
  const urls = new Set(names);
  for (const owners of sides) for (const [name, owner] of owners) if (names.has(name)) urls.add(owner);
  const all = new Set(urls);
  for (const owners of sides) for (const [name, owner] of owners) if (urls.has(owner)) all.add(name);
  return all;
}
