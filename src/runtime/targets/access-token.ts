/**
 * OAuth2 client credentials (RFC 6749 section 4.4): one access token for all requests, fetched once however many ask
 * for it, kept until shortly before it expires. Failures are values; neither credentials nor tokens are in them.
 */
import { ABORTED, type Failure, unlessAborted } from './aborted.ts';
import type { Poster } from './post.ts';
import { readAnswer } from './read-answer.ts';

/** Given up this long before it expires, as it travels and clocks differ. */
const MARGIN_MS = 60_000;

/** Lifetime when the server names none. */
const UNSAID_SECONDS = 300;

/** After a failure the server is left alone for at least this long; it is rate limited. */
const REST_MS = 1000;

/** While the API takes no token, the token server is asked this rarely. */
const REFUSED_REST_MS = 60_000;

/** Fetching goes on when the request that asked for it is over: others wait for the same token. */
const FETCH_MS = 10_000;

const WHO = 'the token server';

export interface TokenOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userAgent: string;
  readonly poster: Poster;
  readonly now: () => number;
}

export type TokenResult =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly failure: Failure };

export interface TokenSource {
  get(signal: AbortSignal): Promise<TokenResult>;
  /** The token was not accepted; the next `get` fetches another. */
  discard(token: string): void;
  /** Not even a new one was: until `REFUSED_REST_MS` are over nobody is asked for another, and `get` gives this failure. */
  rest(token: string, failure: Failure): void;
}

export function createTokenSource(options: TokenOptions): TokenSource {
  const { now } = options;
  let current: { readonly result: TokenResult; readonly until: number } | undefined;
  let fetching: Promise<TokenResult> | undefined;

  const refresh = async (): Promise<TokenResult> => {
    const { result, lastsMs } = await fetchToken(options);
    current = { result, until: now() + lastsMs };
    fetching = undefined;
    return result;
  };

  return {
    async get(signal) {
      if (current !== undefined && now() < current.until) return current.result;
      fetching ??= refresh();
      return (await unlessAborted(fetching, signal)) ?? { ok: false, failure: ABORTED };
    },
    discard(token) {
      if (current?.result.ok && current.result.token === token) current = undefined;
    },
    rest(token, failure) {
      if (current?.result.ok && current.result.token !== token) return;
      current = { result: { ok: false, failure }, until: now() + REFUSED_REST_MS };
    },
  };
}

async function fetchToken(options: TokenOptions): Promise<{ result: TokenResult; lastsMs: number }> {
  const { tokenUrl, clientId, clientSecret, userAgent, poster, now } = options;
  const answer = await poster.post({
    url: tokenUrl,
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': userAgent,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId }).toString(),
    signal: AbortSignal.timeout(FETCH_MS),
    readText: true,
  });
  const read = readAnswer(answer, WHO, now());
  if (!read.ok) {
    // Whatever is wrong is wrong with the deployment or the server, never with the trigger that happens to ask.
    const hint = read.retry ? '' : '; check the client id and the client secret';
    const fault = read.retry ? {} : { isDeploymentFault: true as const };
    const failure: Failure = { ...read, retry: true, reason: `${read.reason}${hint}`, ...fault };
    return { result: { ok: false, failure }, lastsMs: Math.max(REST_MS, read.retryAfterMs ?? 0) };
  }
  const token = answer.kind === 'answered' ? readToken(answer.text) : null;
  if (token === null) {
    const reason = `${WHO} answered without a usable access token`;
    return { result: { ok: false, failure: { ok: false, retry: true, reason } }, lastsMs: REST_MS };
  }
  const lifetimeMs = token.seconds * 1000;
  const lastsMs = Math.max(lifetimeMs - MARGIN_MS, lifetimeMs / 2);
  return { result: { ok: true, token: token.text }, lastsMs };
}

function readToken(text: string | null): { readonly text: string; readonly seconds: number } | null {
  try {
    const { access_token: token, expires_in: seconds } = JSON.parse(text ?? '') as Record<string, unknown>;
    if (typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token)) return null;
    return { text: token, seconds: typeof seconds === 'number' && seconds > 0 ? seconds : UNSAID_SECONDS };
  } catch {
    return null;
  }
}
