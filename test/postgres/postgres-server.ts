/**
 * A PostgreSQL of Debian over a temporary folder and on a port of its own, under a user of its own, as it refuses root. Null
 * where there is none on this machine.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findTool, POSTGRES_FOLDER } from '../../scripts/debian-tool.ts';
import { type DatabaseAddress, databaseUrl } from '../../src/runtime/settings/database-url.ts';
import { migrate } from '../../src/runtime/state/postgres/migrate.ts';

export const POSTGRES = findTool({
  command: 'postgres',
  package: 'postgresql-15',
  by: 'install',
  folder: POSTGRES_FOLDER,
});
// In CI it is installed, or installing it fails the run; elsewhere this line is what is left of these tests.
if (POSTGRES === null)
  console.log('skipped: several replicas: there is no PostgreSQL here (Debian: postgresql-15)');

export interface PostgresServer {
  readonly port: number;
  /** Makes a database with the schema of Sluice in it. Out: its URL. */
  makeDatabase(): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it without a word, as a machine that loses its power. */
  kill(): Promise<void>;
  /** Again, over the same folder. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** Every commit is on the disk: slower. For measurements, and for what is killed. */
  readonly isDurable?: boolean;
  /** PEM: it takes encrypted connections too. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

export async function startPostgres({ isDurable = false, tls }: ServerOptions = {}): Promise<PostgresServer> {
  if (POSTGRES === null) throw new Error('there is no PostgreSQL here');
  const user = ownUser();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-postgres-'));
  chmodSync(folder, 0o700);
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const asUser = { ...(user ?? {}), cwd: folder, env: { ...process.env, LC_ALL: 'C' } };
  const initialise = ['-D', data, '-U', 'sluice', '--auth=trust', '--encoding=UTF8', '--no-sync'];
  execFileSync(POSTGRES.replace(/postgres$/, 'initdb'), initialise, { ...asUser, stdio: 'ignore' });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'max_connections=200'];
  if (tls !== undefined) {
    for (const [name, text] of [
      ['server.crt', tls.certificate],
      ['server.key', tls.key],
    ] as const) {
      writeFileSync(join(data, name), text, { mode: 0o600 });
      if (user !== null) chownSync(join(data, name), user.uid, user.gid);
    }
    settings.push('ssl=on');
  }
  if (!isDurable) settings.push('fsync=off', 'full_page_writes=off');
  let child: ChildProcess | null = null;
  let databases = 0;
  const admin = `postgres://sluice@127.0.0.1:${port}/postgres`;
  const isRunning = (): boolean => child !== null && child.exitCode === null && child.signalCode === null;
  const start = async (): Promise<void> => {
    if (isRunning()) return;
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])];
    child = spawn(POSTGRES as string, args, { ...asUser, stdio: 'ignore' });
    for (;;) {
      try {
        await query(admin, 'select 1');
        return;
      } catch {
        // It is starting; the test's own limit ends the wait.
        await sleep(20);
      }
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === null || !isRunning()) return;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    child.once('exit', () => resolve());
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  };
  await start();
  const template = `postgres://sluice@127.0.0.1:${port}/template1`;
  const client = new pg.Client(template);
  await client.connect();
  await migrate(client);
  await client.end();
  return {
    port,
    async makeDatabase() {
      databases += 1;
      await query(admin, `create database sluice_${databases}`);
      return `postgres://sluice@127.0.0.1:${port}/sluice_${databases}`;
    },
    signal: (signal) => void child?.kill(signal),
    kill: () => end('SIGKILL'),
    start,
    async close() {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
): Promise<readonly Row[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

export function addressOf(url: string): DatabaseAddress {
  const parsed = databaseUrl(url);
  if (!parsed.ok) throw new Error(`${parsed.fact}: ${parsed.advice}`);
  return parsed.value;
}

/** null: this process is nobody special itself. */
function ownUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
