// The requests that servers get: a payment event of 1.5 KB, the same padded to 8 KB, and a batch of ten, signed as Stripe
// signs, with a time that no tolerance refuses while the benchmark runs; and the first with a signature that is wrong.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SECRET = 'whsec_benchmark';
/** Longer than any run: the routes check the age of a request, but do not refuse this one. */
export const TOLERANCE_SECONDS = 4 * 3600;

const SAMPLE = join(
  import.meta.dirname,
  '../../../connectors/stripe-payment-failed/samples/card-declined.json',
);
const EVENT = JSON.parse(readFileSync(SAMPLE, 'utf8'));
const LARGE_BYTES = 8192;
const BATCH = 10;

export interface SignedRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What every server must answer, or the round does not count. */
  readonly status: 'accepted' | 'refused';
}

export const REQUESTS = {
  event: sign(JSON.stringify(EVENT)),
  large: sign(JSON.stringify(pad(EVENT))),
  batch: sign(JSON.stringify({ events: Array.from({ length: BATCH }, (_, index) => numbered(index)) })),
  forged: { ...sign(JSON.stringify(EVENT), 'whsec_other'), status: 'refused' },
} as const satisfies Record<string, SignedRequest>;

export type RequestName = keyof typeof REQUESTS;

export const { body: BODY, headers: HEADERS } = REQUESTS.event;

function sign(body: string, secret = SECRET): SignedRequest {
  const time = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'stripe-signature': `t=${time},v1=${signature}`,
    // For the one contender that cannot verify Stripe's: the same work over the same bytes.
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  return { body, headers, status: 'accepted' };
}

/** Members that no mapping reads, of the kinds that events have. */
function pad(event: object): object {
  const padded: Record<string, unknown> = { ...event };
  for (let index = 0; JSON.stringify(padded).length < LARGE_BYTES; index += 1) {
    padded[`extra_${index}`] = {
      id: `item_${index}`,
      amount: index * 100,
      note: 'as sent',
      paid: index % 2 === 0,
    };
  }
  return padded;
}

function numbered(index: number): object {
  return { ...EVENT, id: `${EVENT.id}_${index}` };
}
