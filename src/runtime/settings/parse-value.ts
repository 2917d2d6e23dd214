/**
 * The forms that settings take. In: the text of a flag or an environment variable. Out: its value, or what is wrong with
 * it and what is allowed. Pure.
 */
import { isIP } from 'node:net';

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  /** Reads as: `--port "x" <fact>: <advice>`. */
  | { readonly ok: false; readonly fact: string; readonly advice: string };

export type Parser<T> = (text: string) => Parsed<T>;

export const anyText: Parser<string> = (text) => good(text);

export function oneOf<const T extends string>(...allowed: readonly T[]): Parser<T> {
  return (text) => {
    const found = allowed.find((one) => one === text);
    if (found !== undefined) return good(found);
    return bad('is not known', `give ${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`);
  };
}

export function wholeNumber(least: number, most: number): Parser<number> {
  return (text) => {
    const number = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return good(number);
    return bad('is out of range or no whole number', `give a number from ${least} to ${most}`);
  };
}

export const port: Parser<number> = (text) => {
  const parsed = wholeNumber(0, 65_535)(text);
  return parsed.ok ? parsed : bad('is not a port', 'give a number from 0 to 65535; 0 takes one that is free');
};

/** A name or an address to listen on, without a port. */
export const host: Parser<string> = (text) => {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) return good(bare);
  if (HOST_NAME.test(text)) return good(text.toLowerCase());
  return bad('is not a host', 'give an address or a name, without scheme and port');
};

const HOST_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/** An http(s) URL without credentials or fragment; those of a URL end up in logs. */
export const url: Parser<string> = (text) => {
  if (!URL.canParse(text)) return bad('is not a URL', 'give one such as https://example.com/hook');
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:')
    return bad('is not a web address', 'give an http or https URL');
  if (username !== '' || password !== '') return bad('holds credentials', 'leave them out of the URL');
  if (hash !== '') return bad('has a fragment', 'leave out what follows #');
  return good(text);
};

/** Where connectors are reached from outside: origin and path, without the slash at its end. */
export const publicUrl: Parser<string> = (text) => {
  const parsed = url(text);
  if (!parsed.ok) return parsed;
  const { origin, pathname, search } = new URL(text);
  if (search !== '') return bad('has a query', 'leave out what follows ?');
  return good(`${origin}${pathname.replace(/\/+$/, '')}`);
};

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1000,
  mb: 1_000_000,
  kib: 1024,
  mib: 1024 * 1024,
};

export function byteCount(least: number, most: number): Parser<number> {
  return (text) => {
    const [, digits = '', unit = ''] = /^([0-9]{1,12}) ?([A-Za-z]{0,3})$/.exec(text) ?? [];
    const bytes = digits === '' ? Number.NaN : Number(digits) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
    if (bytes >= least && bytes <= most) return good(bytes);
    return bad('is not a size', `give ${least} to ${most} bytes, such as 512KiB or 1MiB`);
  };
}

/** Text that can stand in an Authorization header, long enough not to be guessed. */
export const token: Parser<string> = (text) => {
  if (/^[\x21-\x7e]{16,512}$/.test(text)) return good(text);
  return bad(
    'is too short or holds characters that a header cannot carry',
    'give at least 16 printable characters',
  );
};

/** One key, or two while one takes the place of the other. */
export const urlKeys: Parser<readonly string[]> = (text) => {
  const keys = text.split(',').map((one) => one.trim());
  const advice =
    'give one key of at least 32 printable characters, such as `openssl rand -hex 32` makes, or the new and the old one with a comma between them';
  if (keys.length > 2) return bad('holds more than two keys', advice);
  if (!keys.every((key) => /^[\x21-\x7e]{32,512}$/.test(key)))
    return bad('holds a key that is too short, or characters that are not printable', advice);
  return new Set(keys).size === keys.length ? good(keys) : bad('holds the same key twice', advice);
};

/** Names that stand between commas. */
export function listOf(item: RegExp, fact: string, advice: string): Parser<readonly string[]> {
  return (text) => {
    const items = splitList(text);
    return items.length > 0 && items.every((one) => item.test(one)) ? good(items) : bad(fact, advice);
  };
}

/**
 * Which proxies are believed: their addresses and networks, or how many every request passes. A count is for proxies
 * without fixed addresses: it believes whoever reaches the port, so that nobody else may.
 */
export const trustedProxies: Parser<readonly string[]> = (text) => {
  const items = splitList(text);
  if (/^[1-9]$/.test(text.trim())) return good([text.trim()]);
  if (items.length > 0 && items.every((one) => NETWORK_NAMES.includes(one) || isNetwork(one)))
    return good(items);
  return bad(
    'is not a list of proxies',
    `give their addresses and networks such as 10.0.0.0/8, or ${NETWORK_NAMES.join(', ')}; or how many every request passes, 1 to 9`,
  );
};

const NETWORK_NAMES = ['loopback', 'linklocal', 'uniquelocal'];

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

export function good<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function bad(
  fact: string,
  advice: string,
): { readonly ok: false; readonly fact: string; readonly advice: string } {
  return { ok: false, fact, advice };
}
