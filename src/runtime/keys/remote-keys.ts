/**
 * The keys that senders have at addresses. In: which key a request names. Out: what is known of it, at once; what is not
 * known is fetched in the background, at most once a minute and host for requests that nothing has proven. A key that has
 * proven a request is only displaced by one that has, and what was good last survives an outage of its address.
 */
import { parseJwks } from '../../stages/signature/jwt-keys.ts';
import type { RemoteKey, RemoteKeys } from '../../stages/signature/remote-keys.ts';
import type { FetchKeys } from './fetch-keys.ts';
import { createFetchTurns } from './fetch-turns.ts';

/** Known keys are looked up again after this: providers publish new ones at least a day before they use them. */
const REFRESH_MS = 60 * 60 * 1000;
/** Addresses that are remembered; certificates have one for each region and year. */
const MAX_ADDRESSES = 256;
/** Names that were asked for and not found since the last fetch. */
const MAX_ABSENT = 100;

export interface RemoteKeyOptions {
  readonly fetch: FetchKeys;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Hosts that keys may be fetched from; `*` stands for one part of a name. */
  readonly hosts: readonly string[];
  /** Hears of fetches that failed, and of hosts that are not allowed, once until it changes. */
  readonly onProblem?: (address: string, reason: string) => void;
}

/** What stands between a connector and the keys that it needs. */
export interface KeyProblem {
  readonly reason: string;
  /** Milliseconds since the epoch: when it was first seen. */
  readonly since: number;
}

export interface RemoteKeyStore extends RemoteKeys {
  /** Fetches sets that are not known, or are due to be looked up again: before a request needs them. */
  want(addresses: Iterable<string>): void;
  /** Why nothing is known of a set; null: something is, or it is being fetched for the first time. */
  problemOf(address: string): KeyProblem | null;
}

/** A JWK as text, and its name where it has one. */
interface NamedKey {
  readonly kid: string | undefined;
  readonly text: string;
}

interface Known {
  readonly address: string;
  /** The last good answer; null: none yet. */
  text: string | null;
  /** Of a set: the keys in it. */
  keys: readonly NamedKey[];
  fetchedAt: number;
  /** Keys that have proven a request, by name ('' where there is none). */
  readonly proven: Map<string, string>;
  /** Names that requests have asked for and the set does not have: judged by the fetch that follows. */
  asked: Set<string>;
  absent: Set<string>;
  problem: KeyProblem | null;
}

export function createRemoteKeys({
  fetch,
  now,
  hosts,
  onProblem = () => {},
}: RemoteKeyOptions): RemoteKeyStore {
  const known = new Map<string, Known>();
  const turns = createFetchTurns(now);

  const entryOf = (address: string): Known => {
    const entry = known.get(address) ?? makeEntry(address);
    known.delete(address);
    if (known.size >= MAX_ADDRESSES) forget(known);
    known.set(address, entry);
    return entry;
  };
  const note = (entry: Known, reason: string | null): void => {
    if (reason !== null && reason !== entry.problem?.reason) onProblem(entry.address, reason);
    entry.problem = reason === null ? null : { reason, since: entry.problem?.since ?? now() };
  };
  const load = async (entry: Known, isSet: boolean): Promise<void> => {
    const { asked } = entry;
    entry.asked = new Set();
    const fetched = await fetch(entry.address);
    if (!fetched.ok) return note(entry, fetched.reason);
    const keys = isSet ? (parseJwks(fetched.text) ?? []) : [];
    if (isSet && keys.length === 0) return note(entry, 'has no keys in it');
    entry.text = fetched.text;
    entry.keys = keys.map((jwk) => ({ kid: jwk.kid, text: JSON.stringify(jwk) }));
    entry.fetchedAt = now();
    // What was asked for before the fetch and is not in it is not there.
    entry.absent = isSet ? new Set([...asked].filter((name) => keysOf(entry, name).length === 0)) : new Set();
    note(entry, null);
  };
  const request = (entry: Known, isSet: boolean): void => {
    const host = new URL(entry.address).hostname;
    if (isAllowed(host, hosts)) turns.ask(host, entry.address, () => load(entry, isSet));
    else note(entry, `is on a host that keys are not fetched from; allow it with --key-hosts ${host}`);
  };
  const refresh = (entry: Known, isSet: boolean): void => {
    if (entry.text !== null && now() - entry.fetchedAt > REFRESH_MS) request(entry, isSet);
  };

  return {
    jwk(address, name): RemoteKey {
      const entry = entryOf(address);
      refresh(entry, true);
      const found = candidatesOf(entry, name);
      if (found.length > 0) return { kind: 'found', candidates: found };
      const key = name ?? '';
      if (entry.absent.has(key)) return { kind: 'none' };
      if (entry.asked.size < MAX_ABSENT) entry.asked.add(key);
      request(entry, true);
      return { kind: 'pending' };
    },
    certificate(address): RemoteKey {
      const entry = entryOf(address);
      refresh(entry, false);
      const proven = entry.proven.get('');
      const texts = [proven, entry.text].filter((text) => typeof text === 'string');
      if (texts.length > 0) return { kind: 'found', candidates: [...new Set(texts)] };
      request(entry, false);
      return { kind: 'pending' };
    },
    want(addresses) {
      for (const address of addresses) {
        const entry = entryOf(address);
        if (entry.text === null) request(entry, true);
        else refresh(entry, true);
      }
    },
    problemOf(address) {
      const entry = known.get(address);
      return entry?.text === null ? entry.problem : null;
    },
    proven(address, name, candidate) {
      const entry = known.get(address);
      if (entry === undefined) return;
      // What the address does not list any more is displaced by what it does, once that has proven a request.
      const listed = entry.keys.map(({ text }) => text);
      if (listed.includes(candidate)) {
        for (const [other, text] of entry.proven) if (!listed.includes(text)) entry.proven.delete(other);
      }
      entry.proven.set(name ?? '', candidate);
    },
  };
}

function makeEntry(address: string): Known {
  return {
    address,
    text: null,
    keys: [],
    fetchedAt: 0,
    proven: new Map(),
    asked: new Set(),
    absent: new Set(),
    problem: null,
  };
}

/** The one unused for longest that has proven nothing, else the one unused for longest. */
function forget(known: Map<string, Known>): void {
  const unproven = [...known.values()].find(({ proven }) => proven.size === 0);
  known.delete((unproven ?? (known.values().next().value as Known)).address);
}

function candidatesOf(entry: Known, name: string | null): readonly string[] {
  const proven = name === null ? [...entry.proven.values()] : [entry.proven.get(name) ?? []].flat();
  return [...new Set([...proven, ...keysOf(entry, name ?? '')])];
}

/** `name` '': all of them, as where a token names none. */
function keysOf({ keys }: Known, name: string): readonly string[] {
  return keys.filter(({ kid }) => name === '' || kid === name).map(({ text }) => text);
}

function isAllowed(host: string, hosts: readonly string[]): boolean {
  const parts = host.split('.');
  return hosts.some((one) => {
    const wanted = one.split('.');
    return (
      wanted.length === parts.length && wanted.every((part, index) => part === '*' || part === parts[index])
    );
  });
}
