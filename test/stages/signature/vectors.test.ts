/**
 * Signed requests recorded from providers' own libraries and documentation, each genuine one followed by forgeries. They
 * are not part of the project: the folder is named by SLUICE_SIGNATURE_VECTORS, or is ../shared beside the project.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { planOf, verify } from './harness.ts';

interface Vector {
  readonly provider: string;
  readonly case: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret: string;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly valid: boolean;
}

const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const folder = process.env.SLUICE_SIGNATURE_VECTORS ?? join(projectRoot, '../shared');
const file = join(folder, 'signature-vectors.json');

/** The scheme of each provider in the file: a preset, or spelled out as in a connector file. */
const SCHEMES: Readonly<Record<string, object>> = {
  stripe: { preset: 'stripe' },
  github: { preset: 'github' },
  svix: { preset: 'svix' },
  'twilio-json': { preset: 'twilio-json' },
  slack: { preset: 'slack' },
  shopify: { preset: 'shopify' },
  'hubspot-v1': { preset: 'hubspot-v1' },
  'hubspot-v2': { preset: 'hubspot-v2' },
  sendgrid: { preset: 'sendgrid' },
  'adyen-platform': { preset: 'adyen-platform' },
  line: { preset: 'line' },
  zendesk: { preset: 'zendesk' },
  intercom: { preset: 'intercom' },
  typeform: { preset: 'typeform' },
  mailgun: { preset: 'mailgun' },
  meta: { preset: 'meta' },
  calendly: { preset: 'calendly' },
  xero: { preset: 'xero' },
  dropbox: { preset: 'dropbox' },
  asana: { preset: 'asana' },
  customerio: { preset: 'customerio' },
  segment: { preset: 'segment' },
  'gitlab-token': { preset: 'gitlab-token' },
  'jira-admin-webhook': { preset: 'jira' },
  'salesforce-mc-ens': { preset: 'salesforce-marketing-cloud' },
  'servicenow-user-script': {
    algorithm: 'sha256',
    digest: 'base64',
    signature: { header: 'X-HMAC-Signature' },
    template: '[payload]',
  },
  'auth0-log-stream': { preset: 'auth0' },
  webflow: { preset: 'webflow' },
  woocommerce: { preset: 'woocommerce' },
};

/** Why some of the forgeries must be refused; the others are mismatches, or made with a text that is no key at all. */
const CODES: Readonly<Record<string, string>> = {
  'missing-signature-header': 'signature-missing',
  'stale-timestamp': 'signature-stale',
  'tampered-body-one-byte': 'signature-mismatch',
  'reserialised-body': 'signature-mismatch',
  'signature-one-char': 'signature-mismatch',
};

if (existsSync(file)) {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly Vector[];
  const providers = Map.groupBy(vectors, ({ provider }) => provider);

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
  test.skip(`SKIPPED: recorded signatures are not checked, as there is no ${file} (set SLUICE_SIGNATURE_VECTORS)`, () => {});
}
