import { expect, test } from 'vitest';
import { databaseUrl, maskDatabase, showDatabase } from '../../src/runtime/settings/database-url.ts';

const read = (text: string) => {
  const parsed = databaseUrl(text);
  return parsed.ok ? parsed.value : `${parsed.fact}: ${parsed.advice}`;
};

test('a URL says whom to connect to; what is escaped in it is meant', () => {
  expect(read('postgres://sluice:p%40ss%3Aword@db.internal/sluice')).toEqual({
    hosts: [{ host: 'db.internal', port: 5432 }],
    user: 'sluice',
    password: 'p@ss:word',
    database: 'sluice',
    tls: { kind: 'verified', anyName: false, caFile: null },
  });
});

test('several hosts keep their order and their ports, addresses of version 6 their brackets', () => {
  expect(read('postgresql://sluice@db-1:5433,[fd00::1]:5434,db-3/sluice')).toMatchObject({
    hosts: [
      { host: 'db-1', port: 5433 },
      { host: 'fd00::1', port: 5434 },
      { host: 'db-3', port: 5432 },
    ],
  });
});

test.each([
  ['postgres://sluice@127.0.0.1/sluice', { kind: 'off' }],
  ['postgres://sluice@localhost,[::1]/sluice', { kind: 'off' }],
  ['postgres://sluice@localhost,db/sluice', { kind: 'verified', anyName: false, caFile: null }],
  ['postgres://sluice@db/sluice?sslmode=disable', { kind: 'off' }],
  ['postgres://sluice@db/sluice?sslmode=require', { kind: 'unverified' }],
  [
    'postgres://sluice@db/sluice?sslmode=verify-ca&sslrootcert=/ca.pem',
    { kind: 'verified', anyName: true, caFile: '/ca.pem' },
  ],
])('%s is encrypted unless it stays on this machine, or says otherwise', (text, tls) => {
  expect(read(text)).toMatchObject({ tls });
});

test.each([
  ['mysql://sluice@db/sluice', 'is not the URL of a PostgreSQL database'],
  ['postgres://sluice@db', 'is not the URL of a PostgreSQL database'],
  ['postgres://db/sluice', 'names no user'],
  ['postgres://sluice@db:70000/sluice', 'names "db:70000", which is no host with a port'],
  ['postgres://sluice@db,/sluice', 'names "", which is no host with a port'],
  ['postgres://sluice@db/sluice?sslmode=prefer', 'says sslmode=prefer'],
  ['postgres://sluice@db/sluice?options=-c', 'has the parameter "options"'],
])('%s is refused, with what to do', (text, fact) => {
  expect(read(text)).toContain(fact);
});

test.each([
  'postgres://sluice:hunter2@db/sluice',
  'postgres://sluice:hunter2@db@db/sluice',
  'mysql://sluice:hunter2@db',
  'postgres://sluice:hun@ter2@db:x/sluice',
])('%s is shown without its password', (text) => {
  expect(maskDatabase(text)).not.toMatch(/hun|ter2/);
  const parsed = databaseUrl(text);
  if (parsed.ok) expect(showDatabase(parsed.value)).toBe('postgres://sluice@db:5432/sluice');
});
