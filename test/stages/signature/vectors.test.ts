/** Every genuine recording is accepted, every forgery refused, and for its own reason. */
import { describe, expect, test } from 'vitest';
import { planOf, verify } from './harness.ts';
import { SCHEMES, VECTOR_FILE, VECTORS } from './vectors.ts';

/** Why some of the forgeries must be refused; the others are mismatches, or made with a text that is no key at all. */
const CODES: Readonly<Record<string, string>> = {
  'missing-signature-header': 'signature-missing',
  'stale-timestamp': 'signature-stale',
  'tampered-body-one-byte': 'signature-mismatch',
  'reserialised-body': 'signature-mismatch',
  'signature-one-char': 'signature-mismatch',
};

if (VECTORS !== null) {
  const providers = Map.groupBy(VECTORS, ({ provider }) => provider);

  test('every provider of the file has a scheme', () => {
    expect([...providers.keys()].filter((provider) => !Object.hasOwn(SCHEMES, provider))).toEqual([]);
  });

  for (const [provider, ofProvider] of providers) {
    const scheme = SCHEMES[provider];
    if (scheme === undefined) continue;
    describe(`${provider}, ${ofProvider.length} requests`, () => {
      const plan = planOf(scheme);
      for (const [index, vector] of ofProvider.entries()) {
        test(`${index}: ${vector.case} is ${vector.valid ? 'accepted' : 'refused'}`, () => {
          const { method, url, headers, body, secret, now } = vector;
          const { pathname, search } = new URL(url);
          const sent = { method, url: pathname + search, publicUrl: url, headers, body };
          const result = verify(plan, sent, secret, now);
          expect(result.ok).toBe(vector.valid);
          const code = CODES[vector.case];
          if (!result.ok && code !== undefined) expect(result.code).toBe(code);
        });
      }
    });
  }
} else {
  // biome-ignore lint/suspicious/noSkippedTests: the recordings are not part of the project, and their absence must show.
  test.skip(`SKIPPED: recorded signatures are not checked, as there is no ${VECTOR_FILE} (set SLUICE_SIGNATURE_VECTORS)`, () => {});
}
