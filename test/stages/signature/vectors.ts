/**
 * Signed requests recorded from providers' own libraries and documentation, each genuine one followed by forgeries. They
 * are not part of the project: the folder is named by SLUICE_SIGNATURE_VECTORS, or is ../shared beside the project.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Vector {
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
export const VECTOR_FILE = join(folder, 'signature-vectors.json');

/** null: the recordings are not there. */
export const VECTORS: readonly Vector[] | null = existsSync(VECTOR_FILE)
  ? JSON.parse(readFileSync(VECTOR_FILE, 'utf8'))
  : null;

/** The scheme of each provider in the file: a preset, or spelled out as in a connector file. */
export const SCHEMES: Readonly<Record<string, object>> = {
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
