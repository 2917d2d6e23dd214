import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { materialiseAllowIps, prepareAllowIps } from '../../src/stages/allow-ip.ts';
import type { Problem } from '../../src/stages/problem.ts';

function prepare(...list: readonly string[]) {
  const problems: Problem[] = [];
  const plan = prepareAllowIps(list, '/security/allowIps', (problem) => problems.push(problem));
  return { plan, problems };
}

describe('preparing', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9/32', '203.0.113.9'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['::1/128', '::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::ffff:a00:0/104', '10.0.0.0/8'],
    ['fe80::/10', 'fe80::/10'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ])('%s becomes %s', (text, canonical) => {
    expect(prepare(text)).toEqual({ plan: [canonical], problems: [] });
  });

  const examples = 'write an address or a range, such as 203.0.113.9, 10.0.0.0/8 or 2001:db8::/32';
  test.each([
    ['example.com', `"example.com" is not an IP address or CIDR range; ${examples}`],
    ['', `"" is not an IP address or CIDR range; ${examples}`],
    ['1.2.3', `"1.2.3" is not an IP address or CIDR range; ${examples}`],
    ['1.2.3.256', `"1.2.3.256" is not an IP address or CIDR range; ${examples}`],
    ['01.2.3.4', `"01.2.3.4" is not an IP address or CIDR range; ${examples}`],
    ['0x7f.0.0.1', `"0x7f.0.0.1" is not an IP address or CIDR range; ${examples}`],
    ['1.2.3.4 ', `"1.2.3.4 " is not an IP address or CIDR range; ${examples}`],
    ['[::1]', `"[::1]" is not an IP address or CIDR range; ${examples}`],
    ['10.0.0.0/8/8', `"10.0.0.0/8/8" is not an IP address or CIDR range; ${examples}`],
    ['1.2.3.4-1.2.3.9', `"1.2.3.4-1.2.3.9" is not an IP address or CIDR range; ${examples}`],
    ['10.0.0.0/33', `"10.0.0.0/33" has no prefix length from 0 to 32 behind the slash; ${examples}`],
    ['10.0.0.0/', `"10.0.0.0/" has no prefix length from 0 to 32 behind the slash; ${examples}`],
    ['10.0.0.0/08', `"10.0.0.0/08" has no prefix length from 0 to 32 behind the slash; ${examples}`],
    [
      '10.0.0.0/255.0.0.0',
      `"10.0.0.0/255.0.0.0" has no prefix length from 0 to 32 behind the slash; ${examples}`,
    ],
    ['2001:db8::/129', `"2001:db8::/129" has no prefix length from 0 to 128 behind the slash; ${examples}`],
    ['fe80::1%eth0', '"fe80::1%eth0" has a zone id, which means nothing elsewhere; remove it'],
    [
      '10.1.2.3/8',
      '"10.1.2.3/8" sets bits behind the first 8; write "10.0.0.0/8" for the whole range, or "10.1.2.3" for the one address',
    ],
    [
      '2001:db8::1/32',
      '"2001:db8::1/32" sets bits behind the first 32; write "2001:db8::/32" for the whole range, or "2001:db8::1" for the one address',
    ],
  ])('%j is refused', (text, message) => {
    expect(prepare('192.0.2.1', text)).toEqual({
      plan: ['192.0.2.1'],
      problems: [{ code: 'ip-invalid', pointer: '/security/allowIps/1', message }],
    });
  });

  test('overlaps are found wherever they stand', () => {
    const { plan, problems } = prepare(
      '10.1.0.0/16',
      '2001:db8::5',
      '10.0.0.0/8',
      '10.1.2.3',
      '::ffff:10.9.9.9',
      '2001:db8::/32',
      '11.0.0.1',
    );
    expect(plan).toHaveLength(7);
    expect(problems.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`).sort()).toEqual([
      'ip-overlap /security/allowIps/0 "10.1.0.0/16" is already inside "10.0.0.0/8"; keep one of them',
      'ip-overlap /security/allowIps/1 "2001:db8::5" is already inside "2001:db8::/32"; keep one of them',
      'ip-overlap /security/allowIps/3 "10.1.2.3" is already inside "10.0.0.0/8"; keep one of them',
      'ip-overlap /security/allowIps/4 "::ffff:10.9.9.9" is already inside "10.0.0.0/8"; keep one of them',
    ]);
  });

  test('the same address in two spellings overlaps', () => {
    expect(prepare('10.0.0.1', '10.0.0.1/32').problems.map(({ code }) => code)).toEqual(['ip-overlap']);
  });

  test('neighbours do not', () => {
    expect(prepare('10.0.0.0/25', '10.0.0.128/25', '::/1', '8000::/1').problems).toEqual([]);
  });

  test.each([
    ['0.0.0.0/0', '"0.0.0.0/0" contains every IPv4 address; remove allowIps if anyone may call'],
    ['::/0', '"::/0" contains every IPv6 address; remove allowIps if anyone may call'],
    ['::ffff:0:0/96', '"::ffff:0:0/96" contains every IPv4 address; remove allowIps if anyone may call'],
  ])('%s lets everyone in', (text, message) => {
    expect(prepare(text).problems).toEqual([
      { code: 'ip-allows-all', pointer: '/security/allowIps/0', message },
    ]);
  });
});

describe('judging', () => {
  const allows = materialiseAllowIps(
    prepare('203.0.113.9', '10.0.0.0/8', '::ffff:192.0.2.0/120', '2001:db8::/32', '::1').plan,
  );

  test.each([
    ['203.0.113.9', true],
    ['203.0.113.8', false],
    ['10.255.255.255', true],
    ['11.0.0.0', false],
    ['::ffff:10.1.2.3', true],
    ['::ffff:a01:203', true],
    ['0:0:0:0:0:FFFF:0A01:0203', true],
    ['::ffff:11.0.0.0', false],
    ['192.0.2.255', true],
    ['192.0.3.0', false],
    ['2001:db8:ffff::1', true],
    ['2001:0DB8::1', true],
    ['2001:db9::1', false],
    ['::1', true],
    ['::2', false],
    ['::10.1.2.3', false],
    ['::1%eth0', false],
    ['2001:db8::1%1', false],
    ['', false],
    ['localhost', false],
    ['10.1.2.3 ', false],
    ['010.1.2.3', false],
    ['10.1.2.3, 203.0.113.9', false],
    ['10.1.2.3:80', false],
  ])('%j: %s', (ip, allowed) => {
    expect(allows(ip)).toBe(allowed);
  });

  test('an empty list lets anyone in', () => {
    expect(materialiseAllowIps([])('203.0.113.9')).toBe(true);
  });

  test('all of IPv6 is not all of IPv4, nor the other way round', () => {
    const six = materialiseAllowIps(['::/0']);
    expect([six('2001:db8::1'), six('203.0.113.9'), six('::ffff:203.0.113.9')]).toEqual([true, false, false]);
    const four = materialiseAllowIps(['0.0.0.0/0']);
    expect([four('2001:db8::1'), four('203.0.113.9'), four('::ffff:203.0.113.9')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('a list that was never checked is a bug', () => {
    expect(() => materialiseAllowIps(['example.com'])).toThrow('used unchecked');
  });

  test('never throws, whatever the address', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.ipV4(),
          fc.ipV6(),
          fc.ipV6().map((ip) => `${ip}%0`),
        ),
        (ip) => {
          expect(typeof allows(ip)).toBe('boolean');
        },
      ),
    );
  });

  test('an address is in the range of its own first bits, and its spelling does not matter', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 1, max: 128 }), (ip, prefix) => {
        const canonical = prepare(ip).plan[0] as string;
        const network = prepare(`${ip}/${prefix}`);
        const range =
          network.plan[0] ?? (/write "([^"]+)"/.exec(network.problems[0]?.message ?? '')?.[1] as string);
        const isAllowed = materialiseAllowIps([range]);
        expect([isAllowed(ip), isAllowed(canonical)]).toEqual([true, true]);
      }),
    );
  });
});
