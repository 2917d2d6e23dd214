/**
 * What a process may have open, shared out. In: the limit of the system (RLIMIT_NOFILE). Out: connections of senders and
 * places for deliveries, so that neither can take what the state folder, script processes and the target need.
 */
import { readFileSync } from 'node:fs';
import { DEFAULT_PLACES, type PlaceLimits } from '../delivery/places.ts';
import { DEFAULT_SERVER_LIMITS } from '../pipeline/limits.ts';

/** Node itself, the log, listeners, the admin port, files of the bundle. */
const OWN = 48;
/** Files of holds that are written or read at the same time. */
const STATE = 64;
/** Pipes and /proc entries of script processes, dying ones included. */
const SCRIPTS = 24;
/** Fewer would serve nobody. */
const MIN_CONNECTIONS = 16;
const MIN_PLACES = 8;

export interface DescriptorShares {
  readonly places: PlaceLimits;
  readonly maxConnections: number;
  /** What a person should know; null: there is enough. */
  readonly warning: string | null;
}

/** `limit` null: the system does not say. */
export function shareDescriptors(limit: number | null = readLimit()): DescriptorShares {
  const { maxConnections: most } = DEFAULT_SERVER_LIMITS;
  if (limit === null) return { places: DEFAULT_PLACES, maxConnections: most, warning: null };
  const free = Math.max(0, limit - OWN - STATE - SCRIPTS);
  const total = Math.max(MIN_PLACES, Math.min(DEFAULT_PLACES.total, Math.floor(free / 3)));
  const maxConnections = Math.max(MIN_CONNECTIONS, Math.min(most, free - total));
  const perFlow = Math.min(DEFAULT_PLACES.perFlow, Math.max(1, Math.floor(total / 2)));
  const isShort = total < DEFAULT_PLACES.total;
  const warning = `${limit} descriptors may be open: ${maxConnections} connections of senders and ${total} deliveries at a time (${perFlow} a flow); raise the limit (ulimit -n, LimitNOFILE) to 4096 or more`;
  return { places: { total, perFlow }, maxConnections, warning: isShort ? warning : null };
}

/** Node raises its limit to the hard one when it starts. */
function readLimit(): number | null {
  try {
    const line = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return line?.[1] === undefined || line[1] === 'unlimited' ? null : Number(line[1]);
  } catch {
    return null;
  }
}
