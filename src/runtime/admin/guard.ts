/**
 * Who may talk to the admin API. A web page in the operator's browser must not: neither by a name that resolves to
 * loopback (DNS rebinding) nor by a form or a script (cross-site requests). What is more than health needs the token.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { isLoopback } from '../config/config.ts';
import type { Problem } from './problem.ts';

export interface GuardOptions {
  /** Address that the admin API listens on. */
  readonly host: string;
  /** Names by which it may be called besides localhost. */
  readonly allowedHosts: readonly string[];
}

/** Judges Host and Origin; null: fine. */
export type SiteCheck = (host: string | undefined, origin: string | undefined) => Problem | null;

export function createSiteCheck({ host, allowedHosts }: GuardOptions): SiteCheck {
  const names = new Set([host, ...allowedHosts].map((one) => one.toLowerCase()));
  const isBeyondLoopback = !isLoopback(host);
  const isKnown = (name: string): boolean =>
    // Rebinding needs a name: an address in the Host header is the address that was connected to.
    isLoopback(name) || names.has(name) || (isBeyondLoopback && isIP(name) !== 0);
  return (header, origin) => {
    if (origin !== undefined)
      return { status: 403, detail: 'web pages may not call the admin API: leave out Origin' };
    const name = hostName(header ?? '');
    if (name !== null && isKnown(name)) return null;
    const detail =
      'the Host header names another server: use localhost, or allow the name with --admin-allowed-hosts';
    return { status: 403, detail };
  };
}

/** The host without its port, in lower case; null for what is neither name nor address. */
function hostName(header: string): string | null {
  const [, bracketed, plain] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::[0-9]{1,5})?$/.exec(header) ?? [];
  return (bracketed ?? plain)?.toLowerCase() ?? null;
}

/** True for exactly this bearer token. Takes the same time for every other. */
export function createTokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization) => {
    const [, given = ''] = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '') ?? [];
    return timingSafeEqual(digest(given), expected) && given !== '';
  };
}

/** Of equal length whatever is given, as the comparison wants. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
