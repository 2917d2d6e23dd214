/**
 * A held request as a row and back: the body is bytes, the rest one JSON text in which big integers keep their digits, and
 * beside it what lists and limits need.
 */
import type { Hold, HoldSummary } from '../../../admin-api/records.ts';
import { canonicalJson, parseCanonicalJson } from '../../../bundle/canonical-json.ts';
import { summarise } from '../hold-index.ts';
import { retryKeyOf } from '../same-request.ts';

/** What stands before the keys of requests that are set aside: they are no holds, and no retries of holds. */
export const ASIDE = 'aside:';

export interface HoldRow {
  readonly id: string;
  readonly connector: string;
  /** `retryKeyOf`; of a request that is never taken for another, its own id. */
  readonly retryKey: string;
  readonly code: string;
  readonly count: number;
  readonly summary: HoldSummary;
  readonly document: string;
  readonly body: Buffer;
}

export function encodeRow(hold: Hold): HoldRow {
  const body = Buffer.from(hold.request.body, 'base64');
  const document = canonicalJson({ ...hold, request: { ...hold.request, body: '' } });
  const { id, connector, code, count } = hold;
  const summary = summarise(hold, document.length + body.length);
  return {
    id,
    connector,
    retryKey: retryKeyOf(hold) ?? id,
    code,
    count,
    summary,
    document,
    body,
  };
}

/** `count` is the column's: retries are counted there alone. */
export function decodeRow(document: string, body: Buffer, count: number): Hold {
  const hold = parseCanonicalJson(document) as unknown as Hold;
  return { ...hold, count, request: { ...hold.request, body: body.toString('base64') } };
}
