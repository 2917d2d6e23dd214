/** From a deployment's configuration to the target it names, or to what is wrong with it. */

import { createAtomicTarget } from './atomic-target.ts';
import { createHttpTarget } from './http-target.ts';
import { createLogTarget } from './log-target.ts';
import { decodeWebhookSecret } from './standard-webhooks.ts';
import type { Target } from './target.ts';

export type TargetConfig =
  | { readonly kind: 'log'; readonly stateDir: string; readonly announce: (text: string) => void }
  | {
      readonly kind: 'http';
      readonly url: string;
      /** Without one, test triggers are refused. */
      readonly testUrl?: string | null;
      /** "whsec_" and base64. */
      readonly secret: string;
      readonly userAgent?: string;
    }
  | {
      readonly kind: 'atomic';
      readonly org: string;
      readonly env: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly tokenUrl?: string | null;
      readonly baseUrl?: string | null;
      readonly userAgent?: string;
    };

export type TargetResult =
  | { readonly ok: true; readonly target: Target }
  /** Every problem; no secrets. */
  | { readonly ok: false; readonly problems: readonly string[] };

export function createTarget(config: TargetConfig): TargetResult {
  switch (config.kind) {
    case 'log':
      return { ok: true, target: createLogTarget(config) };
    case 'http':
      return createHttp(config);
    case 'atomic':
      return createAtomic(config);
  }
}

/** Where no version is given. */
const USER_AGENT = 'sluice';

function createHttp(config: TargetConfig & { kind: 'http' }): TargetResult {
  const { url, testUrl = null, secret, userAgent = USER_AGENT } = config;
  const key = decodeWebhookSecret(secret);
  const problems = [
    ...urlProblems('the URL of the http target', url),
    ...urlProblems('the test URL of the http target', testUrl),
  ];
  if (testUrl !== null && problems.length === 0 && new URL(testUrl).href === new URL(url).href) {
    problems.push(
      'the test URL of the http target is the live URL: give another, or test triggers would go live',
    );
  }
  if (key === null) {
    problems.push(
      'the secret of the http target is not one of Standard Webhooks: give "whsec_" and the base64 of 24 to 64 random bytes',
    );
  }
  if (key === null || problems.length > 0) return { ok: false, problems };
  return { ok: true, target: createHttpTarget({ url, testUrl, key, userAgent }) };
}

function createAtomic(config: TargetConfig & { kind: 'atomic' }): TargetResult {
  const {
    org,
    env,
    clientId,
    clientSecret,
    tokenUrl = null,
    baseUrl = null,
    userAgent = USER_AGENT,
  } = config;
  const problems = [
    ...urlProblems('the token URL of the atomic target', tokenUrl),
    ...urlProblems('the base URL of the atomic target', baseUrl),
  ];
  // It becomes part of a host name: anything else could lead the credentials elsewhere.
  if (!/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(org)) {
    problems.push(
      `the organisation "${org}" of the atomic target is not an id: give letters, digits and hyphens`,
    );
  }
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(env)) {
    problems.push(
      `the environment "${env}" of the atomic target is not an id: give letters, digits, _ and -`,
    );
  }
  if (clientId === '' || clientId.includes(':')) {
    problems.push(
      'the client id of the atomic target is empty or has a colon: give the id from the Workbench',
    );
  }
  if (clientSecret === '') problems.push('the client secret of the atomic target is empty: set it');
  if (problems.length > 0) return { ok: false, problems };
  const options = { org, env, clientId, clientSecret, tokenUrl, baseUrl, userAgent };
  return { ok: true, target: createAtomicTarget(options) };
}

/** The URL itself is not quoted: keys stand in URLs. */
function urlProblems(what: string, url: string | null): string[] {
  if (url === null) return [];
  if (!URL.canParse(url)) return [`${what} is not a URL: give one such as https://example.com/hook`];
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    return [`${what} is not a web address: give http or https`];
  if (username !== '' || password !== '') return [`${what} holds credentials: leave them out`];
  return [];
}
