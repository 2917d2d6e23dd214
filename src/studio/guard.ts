/**
 * Who may call the studio. In: the head of a request. Out: null, or why not. The page is opened by a person at this
 * machine: no other name for it (DNS rebinding), no other site (Origin, Sec-Fetch-Site), and nothing without the token.
 */
import type { IncomingMessage } from 'node:http';
import type { Refusal } from './api.ts';

/** How a browser at this machine names it; the port is that of the socket. */
const HOST = /^(?:localhost|127\.0\.0\.1|\[::1\]):([0-9]{1,5})$/;

/** For every request, the page itself included. */
export function checkSite({ headers, socket }: IncomingMessage): Refusal | null {
  const { host = '', origin } = headers;
  if (Number(HOST.exec(host)?.[1]) !== socket.localPort) {
    return { status: 403, detail: 'the Host header names another server: open the address that was printed' };
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: 403, detail: 'other web pages may not call the studio' };
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return { status: 403, detail: 'other web pages may not call the studio' };
  }
  return null;
}
