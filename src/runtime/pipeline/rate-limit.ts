/**
 * How often a connector may be called. Two token buckets: one per connector, from which only requests that have proven
 * themselves take, and one per connector and sender address for those that have not. So strangers cannot use up what
 * genuine requests need, and a full table forgets instead of growing.
 */
import { isIPv6 } from 'node:net';
import type { ConnectorPlan } from '../../bundle/plan.ts';

export interface RateRefusal {
  /** Whose bucket is empty: the connector's, or that of an address which has proven nothing yet. */
  readonly code: 'rate-limited' | 'sender-rate-limited';
  /** Whole seconds until there is a token. */
  readonly retryAfter: number;
}

export interface RateLimiter {
  /** Before the body is read. null: go on. */
  enter(plan: ConnectorPlan, ip: string): RateRefusal | null;
  /** A signature has proven the request. null: go on. */
  verified(plan: ConnectorPlan, ip: string): RateRefusal | null;
}

export interface RateLimiterOptions {
  /** For connectors that set no limit; null: they have none. */
  readonly perMinute: number | null;
  /** How many processes share each limit. */
  readonly workers: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Rate {
  readonly perMinute: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** When it was last filled up. */
  at: number;
  /** A genuine request has come from there. */
  isProven: boolean;
}

/** Some 3 MB. Who commands more addresses than that is not stopped by counting them. */
const MAX_SENDERS = 20_000;
const MAX_CONNECTORS = 100_000;
const MS_PER_MINUTE = 60_000;
/** What is one token but for the rounding of fractions. */
const ONE = 1 - 1e-6;

export function createRateLimiter({ perMinute, workers, now }: RateLimiterOptions): RateLimiter {
  const connectors = new BucketTable(MAX_CONNECTORS);
  const senders = new BucketTable(MAX_SENDERS);
  const rateOf = ({ limits }: ConnectorPlan): Rate | null => {
    const perMinuteOfAll = limits?.requestsPerMinute ?? perMinute;
    if (perMinuteOfAll === null) return null;
    const burst = limits?.burst ?? perMinuteOfAll;
    return { perMinute: perMinuteOfAll / workers, burst: Math.max(1, burst / workers) };
  };
  const refuse = (code: RateRefusal['code'], bucket: Bucket, rate: Rate): RateRefusal => ({
    code,
    retryAfter: Math.max(1, Math.ceil(((ONE - bucket.tokens) * 60) / rate.perMinute)),
  });
  const take = (bucket: Bucket): boolean => {
    if (bucket.tokens < ONE) return false;
    bucket.tokens -= 1;
    return true;
  };
  const senderOf = (plan: ConnectorPlan, ip: string): string => `${plan.id} ${networkOf(ip)}`;

  return {
    enter(plan, ip) {
      const rate = rateOf(plan);
      // To a stranger a disabled connector does not exist, so it has no limits either.
      if (rate === null || plan.status === 'disabled') return null;
      const time = now();
      const connector = connectors.get(plan.id, rate, time);
      // What the head has proven (a secret URL), or nothing ever proves, counts at once.
      if (plan.signature === null) return take(connector) ? null : refuse('rate-limited', connector, rate);
      if (connector.tokens < ONE) return refuse('rate-limited', connector, rate);
      const sender = senders.get(senderOf(plan, ip), rate, time);
      if (sender.isProven || take(sender)) return null;
      return refuse('sender-rate-limited', sender, rate);
    },
    verified(plan, ip) {
      const rate = rateOf(plan);
      if (rate === null || plan.status === 'disabled') return null;
      const time = now();
      senders.get(senderOf(plan, ip), rate, time).isProven = true;
      const connector = connectors.get(plan.id, rate, time);
      return take(connector) ? null : refuse('rate-limited', connector, rate);
    },
  };
}

/** Buckets by name. A new one is full, so forgetting the one that was not used for longest refuses nobody. */
class BucketTable {
  readonly #buckets = new Map<string, Bucket>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** The bucket as it is at this time. */
  get(name: string, { perMinute, burst }: Rate, time: number): Bucket {
    const bucket = this.#buckets.get(name) ?? { tokens: burst, at: time, isProven: false };
    // A clock that was set back fills nothing, and takes nothing away.
    const filled = (Math.max(0, time - bucket.at) * perMinute) / MS_PER_MINUTE;
    bucket.tokens = Math.min(burst, bucket.tokens + filled);
    bucket.at = time;
    // A map keeps the order of insertion: the first is the one that was not used for longest.
    this.#buckets.delete(name);
    if (this.#buckets.size >= this.#max) this.#buckets.delete(this.#buckets.keys().next().value as string);
    this.#buckets.set(name, bucket);
    return bucket;
  }
}

/** What one sender has: an IPv4 address, or the 64 bits of an IPv6 address that a customer of any provider is given. */
function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const [head = '', tail] = ip.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 address at the end stands for two groups.
  const length = rest.length + (rest.at(-1)?.includes('.') ? 1 : 0);
  if (tail !== undefined) while (groups.length + length < 8) groups.push('0');
  return [...groups, ...rest]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
