/** A request as handshakes look at it: anybody's, unless something else has proven it before. */
import type { JsonValue } from '../json/json-value.ts';
import type { RequestHeaders } from '../request.ts';
import { parametersOf } from '../signature/query.ts';

export interface Challenge {
  readonly method: string;
  /** Parsed on the first use: few challenges have one. */
  readonly query: () => URLSearchParams;
  readonly headers: RequestHeaders;
  /** null where there is none, or none that could be read. */
  readonly body: JsonValue;
}

/** `url` is path and query as received. */
export function challengeOf(
  {
    method,
    url,
    headers,
  }: { readonly method: string; readonly url: string; readonly headers: RequestHeaders },
  body: JsonValue,
): Challenge {
  let query: URLSearchParams | undefined;
  return {
    method,
    headers,
    body,
    query: () => {
      query ??= parametersOf(url);
      return query;
    },
  };
}
