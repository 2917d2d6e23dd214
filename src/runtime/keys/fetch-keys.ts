/**
 * One GET for keys. In: an HTTPS address. Out: its text, or why there is none: no redirects, bounded in time and size, never
 * from a private address unless a proxy of the deployment connects for us. Nothing of a request ever goes there.
 */
import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { isPrivateAddress } from './private-address.ts';

/** Sets of keys have some kilobytes. */
const MAX_BYTES = 256 * 1024;
const TIME_MS = 5_000;

export type FetchedKeys =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

export type FetchKeys = (address: string) => Promise<FetchedKeys>;

export interface KeyFetcher {
  /** Never rejects. */
  readonly fetch: FetchKeys;
  close(): Promise<void>;
}

/** `env`: HTTPS_PROXY and NO_PROXY, as everywhere. `connect`: what opens connections. */
export function createKeyFetcher(
  env: Readonly<Record<string, string | undefined>>,
  connect: (env: Readonly<Record<string, string | undefined>>) => Dispatcher = createAgent,
): KeyFetcher {
  // Made with the first fetch: few deployments have any.
  let agent: Dispatcher | undefined;
  return {
    async fetch(address) {
      agent ??= connect(env);
      const signal = AbortSignal.timeout(TIME_MS);
      try {
        const { origin, pathname, search, hostname } = new URL(address);
        // An address in place of a name is never looked up.
        const literal = hostname.replace(/^\[|\]$/g, '');
        if (isIP(literal) !== 0 && isPrivateAddress(literal))
          return { ok: false, reason: 'cannot be reached (EPRIVATE)' };
        const answer = await agent.request({ origin, path: `${pathname}${search}`, method: 'GET', signal });
        if (answer.statusCode !== 200) {
          answer.body.dump({ limit: 0 }).catch(() => {});
          return { ok: false, reason: `answered ${answer.statusCode}` };
        }
        return await readBounded(answer.body);
      } catch (error) {
        const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
        const found = [cause?.code, code].find((one) => typeof one === 'string');
        return {
          ok: false,
          reason: signal.aborted
            ? 'gave no answer in time'
            : `cannot be reached (${found ?? 'no connection'})`,
        };
      }
    },
    close: async () => agent?.destroy(),
  };
}

function createAgent(env: Readonly<Record<string, string | undefined>>): Dispatcher {
  const limits = { connections: 4, headersTimeout: TIME_MS, bodyTimeout: TIME_MS, allowH2: false };
  const httpsProxy = env.HTTPS_PROXY ?? env.https_proxy;
  const noProxy = env.NO_PROXY ?? env.no_proxy;
  const connect = { timeout: TIME_MS, lookup: lookupPublic };
  if (httpsProxy === undefined || httpsProxy === '') return new Agent({ ...limits, connect });
  // `connect` is for the hosts of NO_PROXY: to the others the proxy connects.
  return new EnvHttpProxyAgent({
    httpsProxy,
    ...(noProxy === undefined ? {} : { noProxy }),
    ...limits,
    connect,
  });
}

/** Refused where the name is looked up, so that the address that is connected to is the one that was judged. */
const lookupPublic: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, '', 0);
    const addresses = found.filter(({ address }) => !isPrivateAddress(address));
    const [first] = addresses;
    if (first === undefined) {
      const refused = Object.assign(new Error('the address is private'), { code: 'EPRIVATE' });
      return callback(refused, '', 0);
    }
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};

async function readBounded(body: AsyncIterable<Buffer>): Promise<FetchedKeys> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return { ok: false, reason: `answered more than ${MAX_BYTES} bytes` };
    chunks.push(chunk);
  }
  return { ok: true, text: Buffer.concat(chunks).toString('utf8') };
}
