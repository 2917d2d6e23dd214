/**
 * Undoes a content coding within the memory for all bodies. In: a body as it was sent. Out: its bytes, which are taken from
 * the budget: whoever has dealt with them gives them back; or why there are none, and nothing is taken.
 */
import type { ContentCoding } from '../pipeline/body-type.ts';
import { type DecodedBody, decodeBody } from '../pipeline/decode-body.ts';
import type { ByteBudget } from './byte-budget.ts';

type Decoded = DecodedBody | { readonly ok: false; readonly code: 'overloaded'; readonly detail?: undefined };

export async function decodeWithin(
  coding: ContentCoding,
  sent: Buffer,
  limit: number,
  budget: ByteBudget,
): Promise<Decoded> {
  // What it expands to is only known afterwards.
  if (!budget.take(limit)) return { ok: false, code: 'overloaded' };
  const decoded = await decodeBody(coding, sent, limit);
  budget.give(decoded.ok ? limit - decoded.body.length : limit);
  return decoded;
}
