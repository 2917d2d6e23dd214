/**
 * In: a connection and its X-Forwarded-For. Out: the address of the client: the last one that no trusted proxy vouches
 * against. A forwarded address is believed only when the connection itself comes from a configured proxy.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { materialiseAllowIps } from '../../stages/allow-ip.ts';
import { headersFromRaw } from '../../stages/request.ts';

/** Names for ranges that proxies commonly have. */
const NAMED_RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** A list that long is not a chain of proxies. */
const MAX_HOPS = 32;

/**
 * `trustProxy`: addresses and CIDR ranges of the proxies, or the names loopback, linklocal and uniquelocal; or a single
 * number, how many proxies every request passes (as Express counts them: the connection itself is the first). Empty: the
 * address of the connection counts and X-Forwarded-For is ignored. What a proxy forwards that is no address becomes
 * the empty text, which no list of allowed addresses contains.
 */
export function createAddressReader(trustProxy: readonly string[]): (message: IncomingMessage) => string {
  const isTrusted = createTrust(trustProxy);
  return (message) => {
    const direct = plainAddress(message.socket.remoteAddress ?? '');
    if (!isTrusted(direct, 0)) return direct;
    // As sent: of very many headers Node may leave the last ones out of `headers`, and the proxy adds its own last.
    const forwarded = headersFromRaw(message.rawHeaders).all('x-forwarded-for');
    if (forwarded.length === 0) return direct;
    const hops = forwarded.join(',').split(',');
    let client = direct;
    for (let hop = 0; hop < MAX_HOPS; hop += 1) {
      const before = hops.pop();
      if (before === undefined) return client;
      client = plainAddress(before.trim());
      if (client === '' || !isTrusted(client, hop + 1)) return client;
    }
    return '';
  };
}

/** `hop` 0 is the connection, 1 the address that it forwarded, and so on. */
function createTrust(trustProxy: readonly string[]): (address: string, hop: number) => boolean {
  const [only] = trustProxy;
  if (only === undefined) return () => false;
  if (trustProxy.length === 1 && /^[0-9]+$/.test(only)) return (_, hop) => hop < Number(only);
  return materialiseAllowIps(trustProxy.flatMap((entry) => NAMED_RANGES[entry] ?? [entry]));
}

const IPV4_WITH_PORT = /^([0-9.]+):[0-9]+$/;
const BRACKETED = /^\[([^\]]+)\](?::[0-9]+)?$/;
const MAPPED_IPV4 = /^::ffff:([0-9.]+)$/i;

/** Without port, brackets, zone and the IPv6 form of an IPv4 address; the empty text for what is no address. */
function plainAddress(text: string): string {
  const bare = IPV4_WITH_PORT.exec(text)?.[1] ?? BRACKETED.exec(text)?.[1] ?? text;
  const address = MAPPED_IPV4.exec(bare)?.[1] ?? (bare.split('%', 1)[0] as string);
  return isIP(address) === 0 ? '' : address;
}
