/**
 * When keys may be fetched: at most once a minute and host, whoever asks. In: an address and how to fetch it. Of several
 * that wait for one host, chance decides: whoever makes up addresses cannot keep a real one from its turn for long.
 */

/** Milliseconds between two fetches from one host. */
const INTERVAL_MS = 60_000;
/** Addresses of one host that wait. */
const MAX_WAITING = 16;
const MAX_HOSTS = 256;

export interface FetchTurns {
  /** Runs `fetch`, or one that waits for the same host, if it is the host's time. Never both at once, never rejects. */
  ask(host: string, address: string, fetch: () => Promise<void>): void;
}

interface Host {
  nextAt: number;
  isBusy: boolean;
  readonly waiting: Map<string, () => Promise<void>>;
}

export function createFetchTurns(now: () => number, random: () => number = Math.random): FetchTurns {
  const hosts = new Map<string, Host>();
  return {
    ask(name, address, fetch) {
      const host = hosts.get(name) ?? { nextAt: 0, isBusy: false, waiting: new Map() };
      if (hosts.size >= MAX_HOSTS && !hosts.has(name)) hosts.delete(hosts.keys().next().value as string);
      hosts.set(name, host);
      if (host.waiting.size < MAX_WAITING) host.waiting.set(address, fetch);
      if (host.isBusy || now() < host.nextAt) return;
      const waiting = [...host.waiting];
      const [chosen, run] = waiting[Math.floor(random() * waiting.length)] ?? [address, fetch];
      host.waiting.delete(chosen);
      host.isBusy = true;
      host.nextAt = now() + INTERVAL_MS;
      run()
        .catch(() => {})
        .finally(() => {
          host.isBusy = false;
        });
    },
  };
}
