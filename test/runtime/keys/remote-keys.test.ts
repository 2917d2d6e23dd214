/** Keys before anybody asks for them: what is served is fetched, looked up again when it is due, and told where it fails. */
import { expect, test } from 'vitest';
import { createRemoteKeys } from '../../../src/runtime/keys/remote-keys.ts';

const ADDRESS = 'https://keys.example.com/jwks';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SET = '{"keys":[{"kty":"RSA","kid":"a"}]}';
const settle = () => new Promise((resolve) => setImmediate(resolve));

function store(answer: () => string | null, hosts: readonly string[] = ['keys.example.com']) {
  let time = 1_760_000_000_000;
  const fetched: string[] = [];
  const keys = createRemoteKeys({
    async fetch(address) {
      fetched.push(address);
      const text = answer();
      return text === null ? { ok: false, reason: 'cannot be reached' } : { ok: true, text };
    },
    now: () => time,
    hosts,
  });
  return {
    keys,
    fetched,
    now: () => time,
    async want(after = 0) {
      time += after;
      keys.want([ADDRESS]);
      await settle();
    },
  };
}

test('a set is there before the first token, and is looked up again every hour', async () => {
  const { keys, fetched, want } = store(() => SET);
  await want();
  expect(keys.jwk(ADDRESS, 'a').kind).toBe('found');
  await want(MINUTE);
  await want(HOUR - 2 * MINUTE);
  expect(fetched).toHaveLength(1);
  await want(2 * MINUTE);
  expect(fetched).toHaveLength(2);
});

test('what cannot be fetched is a problem since the first failure, asked for once a minute, until it is there', async () => {
  let answer: string | null = null;
  const { keys, fetched, now, want } = store(() => answer);
  expect(keys.problemOf(ADDRESS)).toBe(null);
  await want();
  const since = now();
  await want(MINUTE / 2);
  expect(fetched).toHaveLength(1);
  await want(MINUTE / 2);
  expect(fetched).toHaveLength(2);
  expect(keys.problemOf(ADDRESS)).toEqual({ reason: 'cannot be reached', since });
  answer = '{}';
  await want(MINUTE);
  expect(keys.problemOf(ADDRESS)).toEqual({ reason: 'has no keys in it', since });
  answer = SET;
  await want(MINUTE);
  expect(keys.problemOf(ADDRESS)).toBe(null);
  // An outage later stops nothing: the last good keys are used.
  answer = null;
  await want(2 * HOUR);
  expect(keys.problemOf(ADDRESS)).toBe(null);
  expect(keys.jwk(ADDRESS, 'a').kind).toBe('found');
});

test('a host that nobody allowed is named, and never asked', async () => {
  const { keys, fetched, want } = store(() => SET, ['*.example.org']);
  await want();
  expect(fetched).toEqual([]);
  expect(keys.problemOf(ADDRESS)?.reason).toContain('--key-hosts keys.example.com');
});
