// In: what the payloads of each event have, as members that may be missing or null. Out: the text of a table, in which equal
// parts stand once. Members that are always there, with nothing inside that may be missing, are left out.
import type { MissingTable } from '../../src/providers/missing-table.ts';

export interface Member {
  readonly optional: boolean;
  readonly nullable: boolean;
  readonly inner: Members | null;
}

/** Elements of a list are its member `[]`. */
export type Members = ReadonlyMap<string, Member>;

export function makeTable(about: Omit<MissingTable, 'parts' | 'events'>, events: Members): MissingTable {
  const parts: Record<string, string>[] = [];
  const known = new Map<string, number>();
  /** Which part it became; null: nothing of it may be missing. */
  const add = (members: Members): number | null => {
    const part: Record<string, string> = {};
    for (const [name, { optional, nullable, inner }] of sorted(members)) {
      const index = inner === null ? null : add(inner);
      const flag = optional && nullable ? '*' : optional ? '?' : nullable ? '0' : '.';
      if (flag !== '.' || index !== null) part[name] = `${flag}${index ?? ''}`;
    }
    if (Object.keys(part).length === 0) return null;
    const text = JSON.stringify(part);
    const index = known.get(text) ?? parts.push(part) - 1;
    known.set(text, index);
    return index;
  };
  const named = sorted(events).map(
    ([name, { inner }]) => [name, inner === null ? null : add(inner)] as const,
  );
  return { ...about, events: Object.fromEntries(named), parts };
}

/** One part a line, so that a new version of the package is a readable difference. */
export function tableText({ parts, events, ...about }: MissingTable): string {
  const lines = (entries: readonly string[]): string => entries.map((entry) => `\n    ${entry}`).join(',');
  const head = Object.entries(about).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`,
  );
  const eventLines = Object.entries(events).map(([name, part]) => `${JSON.stringify(name)}: ${part}`);
  const partLines = parts.map((part) => JSON.stringify(part));
  return `{\n${head.join('')}  "events": {${lines(eventLines)}\n  },\n  "parts": [${lines(partLines)}\n  ]\n}\n`;
}

/** Alternatives of one place as one: what one of them lacks may be missing. */
export function mergeMembers(alternatives: readonly Members[]): Members {
  const merged = new Map<string, Member>();
  for (const name of new Set(alternatives.flatMap((one) => [...one.keys()]))) {
    const all = alternatives.map((one) => one.get(name));
    const present = all.filter((member) => member !== undefined);
    const inner = present.flatMap((member) => (member.inner === null ? [] : [member.inner]));
    merged.set(name, {
      optional: present.length < all.length || present.some(({ optional }) => optional),
      nullable: present.some(({ nullable }) => nullable),
      inner: inner.length === 0 ? null : mergeMembers(inner),
    });
  }
  return merged;
}

function sorted(members: Members): readonly (readonly [string, Member])[] {
  return [...members].sort(([left], [right]) => (left < right ? -1 : 1));
}
