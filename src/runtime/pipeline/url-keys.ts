/**
 * Secret URLs. In: the keys of a deployment and the id of a connector. Out: the tokens that its URL may end in, and which
 * key a given token is of. What it makes is a credential: it goes to operators, never into logs, metrics or holds.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface UrlKeys {
  /** The tokens of a connector: that of the current key first. */
  tokensOf(connector: string): readonly string[];
  /**
   * The name of the key whose token for this connector it is, such as url-key:1a2b3c4d; null for any other text. Takes as
   * long for a wrong token, or for a connector that does not exist, as for the right one.
   */
  match(connector: string, token: string): string | null;
}

/** A whole number of base64url's groups, so that no character carries fewer bits than it seems to: 144 bits. */
const TOKEN_BYTES = 18;
const TOKEN_LENGTH = (TOKEN_BYTES / 3) * 4;
const NOT_A_TOKEN = Buffer.alloc(TOKEN_LENGTH);
/** A token where it stands in the URL of a request. */
const TOKEN_IN_URL = new RegExp(`/c/[a-z0-9-]+/([A-Za-z0-9_-]{${TOKEN_LENGTH}})(?:\\?|$)`);

/** `keys`: the current one first; during a rotation the one that it replaces after it. */
export function createUrlKeys(keys: readonly string[]): UrlKeys {
  const named = keys.map((key) => ({ key, name: nameOf(key) }));
  return {
    tokensOf: (connector) => keys.map((key) => tokenOf(key, connector)),
    match(connector, token) {
      const given = token.length === TOKEN_LENGTH ? Buffer.from(token, 'latin1') : NOT_A_TOKEN;
      let matched: string | null = null;
      // Every key, also after a match: neither the right token nor the older key shows in the time.
      for (const { key, name } of named) {
        if (timingSafeEqual(Buffer.from(tokenOf(key, connector), 'latin1'), given)) matched ??= name;
      }
      return matched;
    },
  };
}

/** The paths of a connector, the current one first: /c/<id>, and with keys /c/<id>/<token>. */
export function connectorPaths(connector: string, urlKeys: UrlKeys | null): readonly [string, ...string[]] {
  const path = `/c/${connector}`;
  const [first, ...others] = (urlKeys?.tokensOf(connector) ?? []).map((token) => `${path}/${token}`);
  return first === undefined ? [path] : [first, ...others];
}

/** The token in the URL of a request. null: it has none. */
export function urlTokenOf(url: string): string | null {
  return TOKEN_IN_URL.exec(url)?.[1] ?? null;
}

function tokenOf(key: string, connector: string): string {
  return createHmac('sha256', key)
    .update(`sluice-url-key-v1\0${connector}`)
    .digest('base64url')
    .slice(0, TOKEN_LENGTH);
}

/** By what holds, and people, call a key: says nothing about it, and stays the same when the key moves to second place. */
function nameOf(key: string): string {
  return `url-key:${createHmac('sha256', key).update('sluice-url-key-name-v1').digest('hex').slice(0, 8)}`;
}
