/**
 * Addresses that nothing on the internet has: of this machine, of private networks, of links, for documentation. In: an
 * address as DNS gives it. Out: whether keys may be fetched from there. Whoever writes a connector must not reach them.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** IANA's special-purpose registries, as far as an address in them is not globally reachable. */
const PRIVATE: readonly (readonly [network: string, bits: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
];
/** The only globally reachable unicast there is; what in it is not follows. */
const GLOBAL_IPV6 = ['2000::', 3] as const;
const PRIVATE_IPV6: readonly (readonly [network: string, bits: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const blocked = new BlockList();
for (const [network, bits, family] of PRIVATE) blocked.addSubnet(network, bits, family);
for (const [network, bits] of PRIVATE_IPV6) blocked.addSubnet(network, bits, 'ipv6');
const reachable = new BlockList();
reachable.addSubnet(GLOBAL_IPV6[0], GLOBAL_IPV6[1], 'ipv6');

/** True also for what is no address. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return blocked.check(mapped, 'ipv4');
  if (isIPv4(address)) return blocked.check(address, 'ipv4');
  return !isIPv6(address) || !reachable.check(address, 'ipv6') || blocked.check(address, 'ipv6');
}
