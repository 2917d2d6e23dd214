/**
 * The schema, as the steps that lead to it. A step that was released never changes; what it makes is taken away two versions
 * after the last runtime that reads it, so that the version before goes on during a rolling update.
 */

export interface Migration {
  readonly number: number;
  readonly name: string;
  /** The lowest schema that a runtime may be made for and still work once this step is taken. */
  readonly worksFrom: number;
  readonly sql: string;
}

/**
 * `changed_in` is the transaction that wrote a row last: replicas read what is not older than the oldest transaction that
 * was under way when they last looked, so that nothing is missed, whatever the order of commits.
 */
const FIRST = `
create table sluice.connectors (
  id text collate "C" primary key,
  pauses text,
  resumed text,
  streak text,
  resumed_at text,
  changed_in xid8 not null default pg_current_xact_id()
);
comment on table sluice.connectors is 'What is paused, one row a connector; "*" stands for all of them';
create index connectors_changed on sluice.connectors (changed_in);

create table sluice.history (
  number bigint generated always as identity primary key,
  entry text not null
);

create table sluice.holds (
  id text collate "C" primary key,
  connector text not null,
  retry_key text not null unique,
  is_aside boolean not null default false,
  code text not null,
  count integer not null,
  last_attempt text not null,
  summary text not null,
  document text not null,
  body bytea not null,
  changed_in xid8 not null default pg_current_xact_id()
);
comment on table sluice.holds is 'Requests that were kept. document and body hold what the sender sent, readable';
create index holds_changed on sluice.holds (changed_in);
create index holds_aside on sluice.holds (connector) where is_aside;

create table sluice.removed (
  id text collate "C" primary key,
  removed_at timestamptz not null default now(),
  changed_in xid8 not null default pg_current_xact_id()
);
comment on table sluice.removed is 'Holds that went in the last minutes, so that every replica hears of it';
create index removed_changed on sluice.removed (changed_in);

create table sluice.windows (
  connector text collate "C" primary key,
  ends_at bigint not null,
  changed_in xid8 not null default pg_current_xact_id()
);
create index windows_changed on sluice.windows (changed_in);

create table sluice.captures (
  number bigint generated always as identity primary key,
  connector text not null,
  name text not null,
  sample text not null
);
create index captures_of on sluice.captures (connector, number);

create table sluice.documents (
  name text primary key,
  content text not null
);
comment on table sluice.documents is 'notified: what the operator''s webhook was told; sequence: the highest bundle accepted';

create table sluice.leases (
  name text primary key,
  holder text not null,
  number bigint not null,
  expires_at timestamptz not null
);

create table sluice.replicas (
  id text primary key,
  report text not null,
  seen_at timestamptz not null
);
`;

export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'first schema', worksFrom: 1, sql: FIRST },
];

/** What this version is made for. */
export const SCHEMA_VERSION = Math.max(...MIGRATIONS.map(({ number }) => number));
