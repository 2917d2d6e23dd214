import { describe, expect, test } from 'vitest';
import { areNamesData } from '../../../src/stages/shape/recognise-map.ts';

describe('keys that can only be data', () => {
  test.each([
    [
      'UUIDs',
      [
        '3f2b8c1e-0000-4000-8000-000000000001',
        '3F2B8C1E-0000-4000-8000-000000000002',
        '00000000-0000-0000-0000-000000000000',
      ],
    ],
    ['ULIDs', ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01BX5ZZKBKACTAV9WEVGEMMVRZ', '01BX5ZZKBKACTAV9WEVGEMMVS0']],
    ['numbers', ['1', '42', '360001234567']],
    ['digests', ['9ae0ea9e3c9c', '0d1a26e67d8f', 'f95f852bd8fc']],
    ['days', ['2026-01-01', '2026-01-02', '2026-01-03']],
    ['months', ['2026-01', '2026-02', '2026-03']],
    ['instants', ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00.000+02:00', '2026-01-01 02:00']],
    ['addresses', ['ann@example.com', 'bob@example.com', 'x+y@sub.example.org']],
    ['ids with one prefix', ['cus_9s6XKzkNRiz8i3', 'cus_4QFJOjw2pOmAGJ', 'cus_8epDebVEl8Bs2V']],
    ['numbers with one prefix', ['custom_field_360001', 'custom_field_360002', 'custom_field_7200019']],
    ['locales', ['en-GB', 'de_DE', 'fr']],
    ['scripts and regions', ['zh-Hant', 'zh-Hans-CN', 'es-419']],
    ['languages', ['en', 'de', 'fr', 'it']],
  ])('%s', (_, names) => {
    expect(areNamesData(names)).toBe(true);
    expect(areNamesData(names.toReversed())).toBe(true);
  });
});

describe('keys of ordinary records', () => {
  test.each([
    ['nothing', []],
    ['too few to tell', ['2026-01-01', '2026-01-02']],
    [
      'GitHub: a repository',
      ['id', 'node_id', 'name', 'full_name', 'private', 'owner', 'html_url', 'ssh_url'],
    ],
    ['GitHub: reactions', ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes']],
    ['GitHub: links', ['self', 'html', 'issue', 'comments', 'review_comments', 'commits', 'statuses']],
    ['GitHub: permissions', ['admin', 'push', 'pull', 'triage', 'maintain']],
    ['Stripe: an address', ['city', 'country', 'line1', 'line2', 'postal_code', 'state']],
    ['Jira: avatars', ['16x16', '24x24', '32x32', '48x48']],
    ['Slack: images', ['image_24', 'image_32', 'image_512', 'image_1024']],
    ['digests by kind', ['md5', 'sha1', 'sha256', 'sha512']],
    ['standards', ['rfc1123', 'rfc2822', 'rfc3339']],
    ['short words that are languages', ['id', 'to', 'no', 'is']],
    ['abbreviations', ['am', 'pm', 'tz']],
    ['words of hexadecimal letters', ['deadbeefcafe', 'feedfacecafe', 'defacedfacade']],
    ['one that is not like the others', ['1', '2', 'total']],
    ['prefixes that differ', ['cus_9s6XKzkNRiz8i3', 'sub_4QFJOjw2pOmAGJ', 'in_8epDebVEl8Bs2Vaa']],
    ['two languages and a total', ['en', 'de', 'fr', 'total']],
  ])('%s', (_, names) => {
    expect(areNamesData(names)).toBe(false);
  });
});
