/**
 * In: the address of a database. Out: a connection to the one of its hosts that takes writes, with a limit on everything
 * that could wait for ever. The only file that loads the driver (pg: plain JavaScript, LISTEN, every setting per connection),
 * which a runtime without a database never does.
 */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Client, ClientConfig, Pool } from 'pg';
import { type DatabaseAddress, type DatabaseTls, showDatabase } from '../../settings/database-url.ts';

/** Whatever a statement is for, a sender waits for the answer. */
export const STATEMENT_MS = 5000;
/** Rows are locked for milliseconds: who waits longer is behind somebody who hangs. */
const LOCK_MS = 3000;
const IDLE_TRANSACTION_MS = 10_000;
export const CONNECT_MS = 3000;
const GOODBYE_MS = 500;
/** Where the network is gone nobody answers: a little more than the server would take. */
const ANSWER_MS = STATEMENT_MS + 1000;

export type Connected =
  | {
      readonly ok: true;
      readonly client: Client;
      /** Further connections to the same host. Nothing is opened until one is asked for; the caller ends it. */
      readonly openPool: (size: number) => Pool;
    }
  /** `isFinal`: trying again later helps nobody, something has to be changed. */
  | { readonly ok: false; readonly reason: string; readonly isFinal: boolean };

export interface ConnectOptions {
  /** What the connection is for, as pg_stat_activity shows it. */
  readonly name: string;
  /** A migration may take its time. */
  readonly isPatient?: boolean;
}

/** Never rejects. The caller ends the client. */
export async function connect(address: DatabaseAddress, options: ConnectOptions): Promise<Connected> {
  let tls: ClientConfig['ssl'];
  try {
    tls = tlsOptions(address.tls);
  } catch (error) {
    return { ok: false, reason: `sslrootcert cannot be read: ${describeFailure(error)}`, isFinal: true };
  }
  const failures: { reason: string; isFinal: boolean }[] = [];
  for (const { host, port } of address.hosts) {
    const place = address.hosts.length === 1 ? '' : `${host}:${port}: `;
    const tried = await connectTo({ address, host, port, tls, options });
    if (tried.ok) return tried;
    failures.push({ reason: `${place}${tried.reason}`, isFinal: tried.isFinal });
  }
  return {
    ok: false,
    reason: failures.map(({ reason }) => reason).join('; '),
    isFinal: failures.every(({ isFinal }) => isFinal),
  };
}

interface Place {
  readonly address: DatabaseAddress;
  readonly host: string;
  readonly port: number;
  readonly tls: ClientConfig['ssl'];
  readonly options: ConnectOptions;
}

async function connectTo({ address, host, port, tls, options }: Place): Promise<Connected> {
  const { default: pg } = await import('pg');
  const { isPatient = false, name } = options;
  const config: ClientConfig = {
    host,
    port,
    user: address.user,
    password: address.password,
    database: address.database,
    application_name: name,
    ssl: tls,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    ...(isPatient
      ? {}
      : { statement_timeout: STATEMENT_MS, lock_timeout: LOCK_MS, query_timeout: ANSWER_MS }),
  };
  const client = new pg.Client(config);
  // Without a listener a connection that breaks would end the process; whoever uses it next hears of it.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ standby: boolean; commit: string }>(
      `select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as standby,
              current_setting('synchronous_commit') as commit`,
    );
    if (rows[0]?.standby !== false) {
      await endQuietly(client);
      return { ok: false, reason: 'it is a standby and takes no writes', isFinal: false };
    }
    if (rows[0].commit === 'off') {
      await endQuietly(client);
      const reason = 'synchronous_commit is off, so that what was answered 202 could be lost: set it to on';
      return { ok: false, reason, isFinal: true };
    }
    const openPool = (size: number): Pool => {
      const pool = new pg.Pool({ ...config, max: size });
      pool.on('error', () => {});
      pool.on('connect', (one) => one.on('error', () => {}));
      return pool;
    };
    return { ok: true, client, openPool };
  } catch (error) {
    await endQuietly(client);
    return { ok: false, reason: describeFailure(error), isFinal: FINAL.test(codeOf(error)) };
  }
}

/** Wrong password, unknown role, unknown database, no right to connect. */
const FINAL = /^(28...|3D000|42501)$/;

/** SQLSTATE, or the code of the system; empty: neither. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** One line; the driver's messages name hosts and users, never passwords. */
export function describeFailure(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(describeFailure))].join(', ');
  const text = error instanceof Error ? error.message : String(error);
  return text === '' ? codeOf(error) || 'unknown failure' : text.replaceAll('\n', ' ');
}

/** Where the other side is gone without a word, nobody answers the good-bye: then the socket is closed. */
export async function endQuietly(client: Client): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  const closing = setTimeout(() => stream.destroy(), GOODBYE_MS);
  await client.end().catch(() => {});
  clearTimeout(closing);
}

/** "the database postgres://sluice@db:5432/sluice". */
export function nameOf(address: DatabaseAddress): string {
  return `the database ${showDatabase(address)}`;
}

function tlsOptions(tls: DatabaseTls): ClientConfig['ssl'] {
  if (tls.kind !== 'verified') return tls.kind === 'off' ? false : { rejectUnauthorized: false };
  return {
    rejectUnauthorized: true,
    ...(tls.caFile === null ? {} : { ca: readFileSync(tls.caFile, 'utf8') }),
    ...(tls.anyName ? { checkServerIdentity: () => undefined } : {}),
  };
}
