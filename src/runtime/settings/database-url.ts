/**
 * In: the URL of a PostgreSQL database, as libpq writes it, several hosts with commas between them among them. Out: whom to
 * connect to and how, or what is wrong. Its password is in no message and in nothing that `showDatabase` gives.
 */
import type { Parsed, Parser } from './parse-value.ts';

export interface DatabaseAddress {
  /** Tried in this order; the first one that takes writes is used. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly user: string;
  /** Empty: none is given. */
  readonly password: string;
  readonly database: string;
  readonly tls: DatabaseTls;
}

/**
 * off: plain text. unverified: encrypted, whoever answers. verified: by `caFile`, else by the authorities that Node knows, and
 * for the name that was asked for unless `anyName`.
 */
export type DatabaseTls =
  | { readonly kind: 'off' | 'unverified' }
  | { readonly kind: 'verified'; readonly anyName: boolean; readonly caFile: string | null };

const DEFAULT_PORT = 5432;
const FORM = /^postgres(?:ql)?:\/\/(?:([^/?#@]*)@)?([^/?#@]+)\/([^/?#]+)(?:\?([^#]*))?$/;
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?$/;
const MODES = ['disable', 'require', 'verify-ca', 'verify-full'];
const SHAPE = 'give one such as postgres://sluice@db.internal/sluice, with commas between several hosts';

export const databaseUrl: Parser<DatabaseAddress> = (text) => {
  const [, credentials = '', hostList = '', path = '', query = ''] = FORM.exec(text) ?? [];
  if (hostList === '') return bad('is not the URL of a PostgreSQL database', SHAPE);
  const hosts: { host: string; port: number }[] = [];
  for (const one of hostList.split(',')) {
    const [, host = '', port = String(DEFAULT_PORT)] = HOST.exec(one) ?? [];
    if (host === '' || Number(port) < 1 || Number(port) > 65_535)
      return bad(`names "${one}", which is no host with a port`, SHAPE);
    hosts.push({ host: host.replace(/^\[|\]$/g, ''), port: Number(port) });
  }
  const [user = '', password = ''] = splitOnce(credentials, ':').map(decode);
  if (user === '') return bad('names no user', 'put it before the host: postgres://user@host/database');
  const options = new URLSearchParams(query);
  for (const name of options.keys()) {
    if (name !== 'sslmode' && name !== 'sslrootcert')
      return bad(`has the parameter "${name}"`, 'give sslmode and sslrootcert alone');
  }
  const isLocal = hosts.every(({ host }) => LOOPBACK.test(host));
  const mode = options.get('sslmode') ?? (isLocal ? 'disable' : 'verify-full');
  if (!MODES.includes(mode)) return bad(`says sslmode=${mode}`, `give one of ${MODES.join(', ')}`);
  return {
    ok: true,
    value: { hosts, user, password, database: decode(path), tls: tlsOf(mode, options.get('sslrootcert')) },
  };
};

/** For people: without the password. */
export function showDatabase({ hosts, user, database }: DatabaseAddress): string {
  const list = hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`);
  return `postgres://${encodeURIComponent(user)}@${list.join(',')}/${encodeURIComponent(database)}`;
}

/** The text of a URL that may be none, for a message: what may be its password is masked. */
export function maskDatabase(text: string): string {
  return text.replace(/(:\/\/[^:@/]*:).*@/, '$1***@');
}

const LOOPBACK = /^(localhost|127(\.[0-9]{1,3}){3}|::1)$/;

function tlsOf(mode: string, caFile: string | null): DatabaseTls {
  if (mode === 'disable') return { kind: 'off' };
  if (mode === 'require') return { kind: 'unverified' };
  return { kind: 'verified', anyName: mode === 'verify-ca', caFile };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function bad(fact: string, advice: string): Parsed<never> {
  return { ok: false, fact, advice };
}
