// Encrypted connections, as the URL asks for them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, endQuietly } from '../../src/runtime/state/postgres/connect.ts';
import { addressOf, POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.log('skipped: encrypted connections to a database: there is no openssl here');

describe.skipIf(POSTGRES === null || !hasOpenssl)('a database that takes encrypted connections', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
  let server: PostgresServer;
  let url: string;

  const makeCertificate = (name: string, host: string): string => {
    const file = join(folder, name);
    const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${file}.key`];
    execFileSync('openssl', ['req', '-x509', ...key, '-out', `${file}.crt`, '-days', '2', ...subject], {
      stdio: 'ignore',
    });
    return file;
  };

  beforeAll(async () => {
    const own = makeCertificate('own', 'localhost');
    makeCertificate('other', 'localhost');
    server = await startPostgres({
      tls: { certificate: readFileSync(`${own}.crt`, 'utf8'), key: readFileSync(`${own}.key`, 'utf8') },
    });
    url = await server.makeDatabase();
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** Whether the connection is encrypted, or why there is none. */
  async function tryUrl(host: string, query: string): Promise<boolean | string> {
    const connected = await connect(addressOf(`${url.replace('127.0.0.1', host)}${query}`), { name: 'test' });
    if (!connected.ok) return connected.reason;
    const { client } = connected;
    const { rows } = await client.query<{ ssl: boolean }>(
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    );
    await endQuietly(client);
    return rows[0]?.ssl ?? 'unknown';
  }

  test('is spoken to as the URL says', async () => {
    const root = (name: string) => `sslrootcert=${join(folder, `${name}.crt`)}`;
    expect(await tryUrl('127.0.0.1', '')).toBe(false);
    expect(await tryUrl('127.0.0.1', '?sslmode=require')).toBe(true);
    expect(await tryUrl('localhost', `?sslmode=verify-full&${root('own')}`)).toBe(true);
    expect(await tryUrl('127.0.0.1', `?sslmode=verify-ca&${root('own')}`)).toBe(true);
    expect(await tryUrl('127.0.0.1', `?sslmode=verify-full&${root('own')}`)).toContain('127.0.0.1');
    expect(await tryUrl('localhost', `?sslmode=verify-full&${root('other')}`)).toContain('self-signed');
    expect(await tryUrl('localhost', '?sslmode=verify-full')).toContain('self-signed');
    expect(await tryUrl('localhost', `?sslmode=verify-full&${root('missing')}`)).toContain('cannot be read');
  });
});
