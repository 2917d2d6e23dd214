/** What is signed for test requests, and what comes of it. */
import type { RequestHeaders } from '../../stages/request.ts';

export interface UnsignedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly publicUrl?: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
}

/** genuine: verifies. wrong: everything there, but the signature is not right. stale: right, but too old. */
export type Signing = 'genuine' | 'wrong' | 'stale';

export type SignResult =
  /** Header names in lower case; they replace those of the request. */
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>> }
  /** Why this scheme or secret cannot be used to sign, for people. */
  | { readonly ok: false; readonly reason: string };
