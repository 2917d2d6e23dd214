/**
 * What a mapping script sees of a request: payload, headers, method and time in, plain JSON out. Headers that carry
 * credentials never reach a script, nor what is kept of a held request.
 */

import type { JsonValue } from '../json/json-value.ts';
import { withoutBigints } from '../mapping/convert-value.ts';
import type { RequestHeaders } from '../request.ts';
import type { ScriptRequest } from './script-runner.ts';

const CREDENTIAL_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);
/** Whatever proves something, by the words in its name: x-api-key, stripe-signature, x-gitlab-token, x-hub-hmac... */
const CREDENTIAL_WORDS =
  /signature|token|secret|password|passwd|hmac|credential|session|api-?key|access-?key|jwt|(?:^|[-_])(?:auth|authentication|authorization|sig|key|cookie)(?:$|[-_])/;

/** True for headers that may carry a credential. The name is given in lower case. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_HEADERS.has(name) || CREDENTIAL_WORDS.test(name);
}

/** Builds a script's request; `payload` is the body, or the element of a batch. Bigints become texts with their digits. */
export function scriptRequest(
  payload: JsonValue,
  input: {
    readonly headers: RequestHeaders;
    readonly method: string;
    /** Milliseconds since the epoch. */
    readonly receivedAt: number;
  },
  root: JsonValue = payload,
): ScriptRequest {
  const headers = new Map<string, string>();
  for (const [name, value] of input.headers.entries()) {
    if (isCredentialHeader(name)) continue;
    const present = headers.get(name);
    headers.set(name, present === undefined ? value : `${present}, ${value}`);
  }
  return {
    body: withoutBigints(payload),
    // The same object twice would be sent twice: without a batch, `root` is the body.
    ...(root === payload ? {} : { root: withoutBigints(root) }),
    headers: Object.fromEntries(headers),
    method: input.method,
    receivedAt: new Date(input.receivedAt).toISOString(),
  };
}
