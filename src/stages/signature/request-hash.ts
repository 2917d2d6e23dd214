/**
 * The digest of a request's head that Atlassian Connect calls qsh: method, path and query in canonical form
 * (https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#qsh). In: a request. Out: hex.
 */
import { hash } from 'node:crypto';
import type { WebhookRequest } from '../request.ts';
import { parametersOf } from './query.ts';

export function requestHash({
  method,
  url,
  publicUrl,
}: Pick<WebhookRequest, 'method' | 'url' | 'publicUrl'>): string {
  const path =
    (publicUrl === undefined ? url : publicUrl.replace(/^[a-z]+:\/\/[^/?#]*/i, '')).split(/[?#]/, 1)[0] ||
    '/';
  const parameters = new Map<string, string[]>();
  for (const [name, value] of parametersOf(url)) {
    // The token itself may stand there.
    if (name === 'jwt') continue;
    const values = parameters.get(name) ?? [];
    values.push(value);
    parameters.set(name, values);
  }
  const query = [...parameters]
    .map(([name, values]) => `${encode(name)}=${values.map(encode).sort().join(',')}`)
    .sort()
    .join('&');
  const bare = path.length > 1 ? path.replace(/\/$/, '') : path;
  return hash('sha256', `${method.toUpperCase()}&${bare.replaceAll('&', '%26')}&${query}`, 'hex');
}

/** RFC 3986, section 2.1. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
