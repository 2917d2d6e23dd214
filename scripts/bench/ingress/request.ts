// The one request that every server gets: a payment event of 1.5 KB, signed as Stripe signs, with a time that no tolerance
// refuses while the benchmark runs.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SECRET = 'whsec_benchmark';
const SAMPLE = join(
  import.meta.dirname,
  '../../../connectors/stripe-payment-failed/samples/card-declined.json',
);

export const BODY = JSON.stringify(JSON.parse(readFileSync(SAMPLE, 'utf8')));

const time = Math.floor(Date.now() / 1000);
const signature = createHmac('sha256', SECRET).update(`${time}.${BODY}`).digest('hex');

export const HEADERS = {
  'content-type': 'application/json',
  'stripe-signature': `t=${time},v1=${signature}`,
};

/** Longer than any run: the routes check the age of a request, but do not refuse this one. */
export const TOLERANCE_SECONDS = 3600;
