/**
 * Undoes a content coding. In: a body as it was sent. Out: its bytes, or why there are none. Never holds more than the
 * limit, whatever a few bytes would expand to, and works beside the event loop.
 */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import type { ContentCoding } from './body-type.ts';

export type DecodedBody =
  | { readonly ok: true; readonly body: Buffer }
  | { readonly ok: false; readonly code: 'body-too-large' | 'body-malformed'; readonly detail: string };

const DECODERS = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;
const decodeRaw = promisify(inflateRaw);

/** `limit`: bytes of the decoded body. Never rejects. */
export async function decodeBody(coding: ContentCoding, sent: Buffer, limit: number): Promise<DecodedBody> {
  if (sent.length === 0) return { ok: true, body: sent };
  const options = { maxOutputLength: limit };
  try {
    return { ok: true, body: await DECODERS[coding](sent, options) };
  } catch (error) {
    if (isTooLarge(error)) return tooLong(limit);
    // What RFC 9110 calls deflate has a header of its own (section 8.4.1.2), which some senders leave out.
    if (coding === 'deflate') {
      try {
        return { ok: true, body: await decodeRaw(sent, options) };
      } catch (second) {
        if (isTooLarge(second)) return tooLong(limit);
      }
    }
    return {
      ok: false,
      code: 'body-malformed',
      detail: `the body is not ${coding}, as content-encoding says`,
    };
  }
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}

function tooLong(limit: number): DecodedBody {
  return { ok: false, code: 'body-too-large', detail: `send at most ${limit} bytes, decoded` };
}
