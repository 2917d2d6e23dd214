/**
 * Stage 2: which addresses may call. Prepare: the list of the connector file in, one canonical spelling of each range
 * out. Run: an address in, yes or no out. IPv4 written as IPv6 (::ffff:192.0.2.1) counts as IPv4 on both sides; anything
 * that is not an address is refused.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { quote } from '../diagnostics/printable.ts';
import { pointerTo, type Report } from './problem.ts';

/** Addresses whose first `prefix` bits are those of `value`; the other bits of `value` are 0. */
export interface AddressRange {
  readonly version: 4 | 6;
  readonly value: bigint;
  readonly prefix: number;
}

export const BITS = { 4: 32, 6: 128 } as const;
const EXAMPLES = 'write an address or a range, such as 203.0.113.9, 10.0.0.0/8 or 2001:db8::/32';

/** Checks and normalises `allowIps`; what was reported as an error is left out. An empty list allows any address. */
export function prepareAllowIps(list: readonly string[], pointer: string, report: Report): readonly string[] {
  const ranges = list.flatMap((text, index) => {
    const range = parseRange(text);
    const at = pointerTo(pointer, index);
    if (typeof range === 'string') {
      report({ code: 'ip-invalid', pointer: at, message: range });
      return [];
    }
    if (range.prefix === 0) {
      const message = `${quote(text)} contains every IPv${range.version} address; remove allowIps if anyone may call`;
      report({ code: 'ip-allows-all', pointer: at, message });
    }
    return [{ text, range, at }];
  });
  for (const { inner, outer } of findOverlaps(ranges)) {
    const message = `${quote(inner.text)} is already inside ${quote(outer.text)}; keep one of them`;
    report({ code: 'ip-overlap', pointer: inner.at, message, remedy: { kind: 'remove' } });
  }
  return ranges.map(({ range }) => formatRange(range));
}

/**
 * The function that says whether an address may call; for an empty list always true. Throws for a list that
 * prepareAllowIps would not take: that is a bug of the caller.
 */
export function materialiseAllowIps(list: readonly string[]): (ip: string) => boolean {
  if (list.length === 0) return () => true;
  // Apart, as ::/0 in one BlockList would let in every IPv4 address.
  const allowed = { 4: new BlockList(), 6: new BlockList() };
  for (const text of list) {
    const range = parseRange(text);
    if (typeof range === 'string') throw new Error(`a list of addresses was used unchecked: ${range}`);
    allowed[range.version].addSubnet(formatAddress(range), range.prefix, `ipv${range.version}`);
  }
  return (ip) => {
    if (isIPv4(ip)) return allowed[4].check(ip, 'ipv4');
    if (!isIPv6(ip) || ip.includes('%')) return false;
    // BlockList finds IPv4 written as IPv6 in its IPv4 ranges.
    return MAPPED_IPV4.check(ip, 'ipv6') ? allowed[4].check(ip, 'ipv6') : allowed[6].check(ip, 'ipv6');
  };
}

/** RFC 4291, section 2.5.5.2. */
const MAPPED_IPV4 = new BlockList();
MAPPED_IPV4.addSubnet('::ffff:0:0', 96, 'ipv6');

/** The range that a text names, or what is wrong with it. */
export function parseRange(text: string): AddressRange | string {
  const [address = '', prefixText, ...more] = text.split('/');
  if (address.includes('%')) return `${quote(text)} has a zone id, which means nothing elsewhere; remove it`;
  const version = isIPv4(address) ? 4 : isIPv6(address) ? 6 : null;
  if (version === null || more.length > 0)
    return `${quote(text)} is not an IP address or CIDR range; ${EXAMPLES}`;
  const bits = BITS[version];
  const prefix = prefixText === undefined ? bits : parsePrefix(prefixText);
  if (prefix === null || prefix > bits) {
    return `${quote(text)} has no prefix length from 0 to ${bits} behind the slash; ${EXAMPLES}`;
  }
  const exact = version === 4 ? readIPv4(address) : readIPv6(address);
  const hostBits = BigInt(bits - prefix);
  const value = (exact >> hostBits) << hostBits;
  const range = unmap({ version, value, prefix });
  if (value === exact) return range;
  const fix = `write "${formatRange(range)}" for the whole range, or "${address}" for the one address`;
  return `${quote(text)} sets bits behind the first ${prefix}; ${fix}`;
}

function parsePrefix(text: string): number | null {
  return /^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : null;
}

function readIPv4(text: string): bigint {
  return text.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function readIPv6(text: string): bigint {
  // The URL parser writes every IPv6 address in one way: hex groups, at most one of the gaps closed.
  const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [head = [], tail] = canonical
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const gap = tail === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const groups = [...head, ...gap, ...(tail ?? [])];
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** IPv4 written as IPv6 becomes IPv4. A prefix under 96 would have cleared the last of the sixteen ones. */
function unmap(range: AddressRange): AddressRange {
  if (range.version === 4 || range.value >> 32n !== 0xffffn) return range;
  return { version: 4, value: range.value & 0xffff_ffffn, prefix: range.prefix - 96 };
}

function formatRange(range: AddressRange): string {
  const address = formatAddress(range);
  return range.prefix === BITS[range.version] ? address : `${address}/${range.prefix}`;
}

function formatAddress({ version, value }: AddressRange): string {
  const size = version === 4 ? 8 : 16;
  const parts = Array.from({ length: BITS[version] / size }, (_, index) =>
    BigInt.asUintN(size, value >> BigInt(BITS[version] - size * (index + 1))),
  );
  if (version === 4) return parts.join('.');
  return new URL(`http://[${parts.map((part) => part.toString(16)).join(':')}]`).hostname.slice(1, -1);
}

interface Entry {
  readonly text: string;
  readonly range: AddressRange;
  readonly at: string;
}

/** Pairs of which the inner lies in the outer. Ranges nest or are apart, so one pass in order finds each inner once. */
function findOverlaps(
  entries: readonly Entry[],
): readonly { readonly inner: Entry; readonly outer: Entry }[] {
  const sorted = entries.toSorted(({ range: left }, { range: right }) => {
    if (left.version !== right.version) return left.version - right.version;
    if (left.value !== right.value) return left.value < right.value ? -1 : 1;
    return left.prefix - right.prefix;
  });
  const overlaps: { readonly inner: Entry; readonly outer: Entry }[] = [];
  let outer: Entry | undefined;
  for (const inner of sorted) {
    if (outer !== undefined && contains(outer.range, inner.range)) overlaps.push({ inner, outer });
    else outer = inner;
  }
  return overlaps;
}

function contains(outer: AddressRange, inner: AddressRange): boolean {
  const ignored = BigInt(BITS[outer.version] - outer.prefix);
  return (
    outer.version === inner.version &&
    outer.prefix <= inner.prefix &&
    inner.value >> ignored === outer.value >> ignored
  );
}
