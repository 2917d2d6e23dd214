// What a hand-written route does: verify the signature, parse, pick five fields. The same for Express and node:http.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { SECRET, TOLERANCE_SECONDS } from '../request.ts';

/** Null: refuse. */
export function handle(body: Buffer, header: string | undefined): string | null {
  if (header === undefined) return null;
  let time = '';
  let given = '';
  for (const part of header.split(',')) {
    if (part.startsWith('t=')) time = part.slice(2);
    else if (part.startsWith('v1=')) given = part.slice(3);
  }
  if (Math.abs(Date.now() / 1000 - Number(time)) > TOLERANCE_SECONDS) return null;
  const expected = createHmac('sha256', SECRET).update(`${time}.`).update(body).digest();
  const actual = Buffer.from(given, 'hex');
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
  const event = JSON.parse(body.toString('utf8'));
  const payment = event.data.object;
  return JSON.stringify({
    targetUserIds: [payment.metadata.user_id],
    variables: {
      amount: payment.amount,
      currency: payment.currency,
      reason: payment.last_payment_error.message,
    },
    metadata: { payment_intent: payment.id },
  });
}
