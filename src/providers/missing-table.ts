/**
 * What a provider says of its payloads, as data: which members of which event may be missing or null. In: a table, a body with
 * its headers, a path into it. Out: what the table says of it. Of events that it does not have it says nothing. No I/O.
 */
import { compilePath } from '../stages/json/compile-path.ts';
import { parsePath } from '../stages/json/json-path.ts';
import type { Segment } from '../stages/json/json-path-grammar.ts';
import { isJsonObject, type JsonValue } from '../stages/json/json-value.ts';

/** `may-be-missing.json` of a provider; made by scripts/provider-tables/make.ts. */
export interface MissingTable {
  /** What it was made from: package, version and licence. */
  readonly source: string;
  /**
   * Where a request says which event it is: paths into its body and names of headers, joined by dots, or `members`: the
   * names of the body's members.
   */
  readonly named: readonly string[];
  /** Events by name, and the part that describes the body; null: nothing of it may be missing. */
  readonly events: Readonly<Record<string, number | null>>;
  /**
   * Members by name, `[]` for the elements of a list: `?` may be missing, `0` may be null, `*` either, `.` is always there;
   * behind it the part that describes what is inside.
   */
  readonly parts: readonly Readonly<Record<string, string>>[];
}

/** A request as far as it names its event. */
export interface NamedRequest {
  readonly body: JsonValue;
  /** All values of a header. */
  header(name: string): readonly string[];
}

/** What may be missing of a path: the first step that may be, as a path of its own. */
export interface MayBeMissing {
  readonly path: string;
  readonly how: 'missing' | 'null' | 'missing or null';
}

/** The events that a request is, as far as the table has them; several where it is a batch. */
export function eventsOf({ named, events }: MissingTable, request: NamedRequest): readonly string[] {
  const names = named.map((place) => namesAt(place, request));
  const joined = names.reduce((left, right) =>
    right.length === 0 ? left : left.flatMap((one) => [...right.map((other) => `${one}.${other}`), one]),
  );
  const known = joined.filter((name) => Object.hasOwn(events, name));
  // `issues.opened` says more than `issues`.
  return known.filter((name) => !known.some((other) => other.startsWith(`${name}.`)));
}

function namesAt(place: string, { body, header }: NamedRequest): readonly string[] {
  if (place === 'members') return isJsonObject(body) ? Object.keys(body) : [];
  if (!place.startsWith('$')) return header(place);
  const values = compilePath(place).all(body);
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

/** `path` starts at the body. null: it is always there, or the table cannot say. */
export function mayBeMissing(table: MissingTable, event: string, path: string): MayBeMissing | null {
  const parsed = parsePath(path);
  let part = table.events[event] ?? null;
  if (!parsed.ok) return null;
  for (const segment of parsed.segments) {
    const name = memberOf(segment);
    const said = part === null || name === null ? undefined : ownEntry(table.parts[part], name);
    if (said === undefined) return null;
    const how = HOW[said.charAt(0)];
    if (how !== undefined) return { path: path.slice(0, segment.offset + segment.length), how };
    part = said.length > 1 ? Number(said.slice(1)) : null;
  }
  return null;
}

const HOW: Readonly<Record<string, MayBeMissing['how']>> = {
  '?': 'missing',
  '0': 'null',
  '*': 'missing or null',
};

/** Elements of a list are alike; what selects by other means is not followed. */
function memberOf(segment: Segment): string | null {
  if (segment.kind === 'name') return segment.name;
  return segment.kind === 'index' || segment.kind === 'wildcard' || segment.kind === 'slice' ? '[]' : null;
}

function ownEntry(part: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return part !== undefined && Object.hasOwn(part, name) ? part[name] : undefined;
}
