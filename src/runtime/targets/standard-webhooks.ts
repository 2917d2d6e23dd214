/**
 * How what Sluice sends is signed: Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). Sends nothing.
 */
import { createHmac } from 'node:crypto';
import { bad, good, type Parser } from '../settings/parse-value.ts';

/**
 * The key behind a secret as Standard Webhooks writes it: "whsec_" and base64 of 24 to 64 bytes. null: it is not one.
 */
export function decodeWebhookSecret(secret: string): Buffer | null {
  const encoded = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : null;
  if (encoded === null || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null;
  const key = Buffer.from(encoded, 'base64');
  if (key.length < 24 || key.length > 64) return null;
  return key.toString('base64').replace(/=+$/, '') === encoded.replace(/=+$/, '') ? key : null;
}

export interface SignedMessage {
  /** The same for every attempt; without a dot, which would make the signed text ambiguous. */
  readonly id: string;
  readonly body: string;
  readonly key: Buffer;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The headers of a JSON message that is sent now. */
export function signWebhook({ id, body, key, now }: SignedMessage): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

/** A setting that holds such a secret; stays text, so that it can be handed over like the others. */
export const webhookSecret: Parser<string> = (text) =>
  decodeWebhookSecret(text) === null
    ? bad('is not a secret of Standard Webhooks', 'give "whsec_" and the base64 of 24 to 64 random bytes')
    : good(text);
