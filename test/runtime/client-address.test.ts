import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { createAddressReader } from '../../src/runtime/ingress/client-address.ts';

function read(trustProxy: readonly string[], remoteAddress: string, forwarded?: string): string {
  const rawHeaders = forwarded === undefined ? [] : ['X-Forwarded-For', forwarded];
  return createAddressReader(trustProxy)({
    socket: { remoteAddress },
    rawHeaders,
  } as unknown as IncomingMessage);
}

const cases: readonly (readonly [string, readonly string[], string, string | undefined, string])[] = [
  ['no proxies: the connection counts', [], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a stranger is not believed', ['10.0.0.0/8'], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a proxy is', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.1', '198.51.100.1'],
  [
    'what the client itself claims is not',
    ['10.0.0.0/8'],
    '10.1.2.3',
    '1.1.1.1, 198.51.100.1',
    '198.51.100.1',
  ],
  [
    'a chain of proxies is followed',
    ['10.0.0.0/8'],
    '10.1.2.3',
    '1.1.1.1, 198.51.100.1,10.9.9.9',
    '198.51.100.1',
  ],
  ['only proxies: the first of them', ['10.0.0.0/8'], '10.1.2.3', '10.7.7.7, 10.9.9.9', '10.7.7.7'],
  ['a proxy that forwards nothing', ['10.0.0.0/8'], '10.1.2.3', undefined, '10.1.2.3'],
  ['an IPv4 connection on an IPv6 socket', ['10.0.0.0/8'], '::ffff:10.1.2.3', '2001:db8::1', '2001:db8::1'],
  ['names of ranges', ['loopback'], '::1', '198.51.100.1', '198.51.100.1'],
  ['ports and brackets', ['loopback'], '127.0.0.1', '[2001:db8::1]:443', '2001:db8::1'],
  ['an IPv4 address with a port', ['loopback'], '127.0.0.1', '198.51.100.1:5000', '198.51.100.1'],
  ['one proxy, by count', ['1'], '203.0.113.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
  ['two proxies, by count', ['2'], '203.0.113.1', '1.1.1.1, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
  [
    'more proxies counted than there are: the first address',
    ['3'],
    '203.0.113.1',
    '198.51.100.1',
    '198.51.100.1',
  ],
  ['a counted proxy that forwards nothing', ['1'], '203.0.113.1', undefined, '203.0.113.1'],
  ['no address at all is nobody', ['loopback'], '127.0.0.1', 'unknown', ''],
  ['nothing between commas is nobody', ['loopback'], '127.0.0.1', '198.51.100.1,', ''],
  ['a chain without end is nobody', ['loopback'], '127.0.0.1', Array(100).fill('127.0.0.1').join(), ''],
];

test.each(cases)('%s', (_, trustProxy, remote, forwarded, expected) => {
  expect(read(trustProxy, remote, forwarded)).toBe(expected);
});
