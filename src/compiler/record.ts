/**
 * All that is known of a compiled connector, as plain data and as the bytes in which the cache and the threads hand it
 * on: a sealed line about it, then its line of the bundle. The bytes stay outside the heap, and nothing of the plan is
 * parsed until somebody asks for it.
 */
import { hash } from 'node:crypto';
import { encodeConnector } from '../bundle/connector-line.ts';
import type { ConnectorPlan } from '../bundle/plan.ts';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import type { ConnectorLocation } from './load.ts';
import type { IdPlace } from './rules/identity.ts';

export interface ConnectorFacts {
  readonly location: ConnectorLocation;
  /** Kind and path of each file that was read, against its digest. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The same against what tells without reading that it is unchanged; null where that is not known. */
  readonly stamps: Readonly<Record<string, string>> | null;
  readonly id: IdPlace | null;
  /** The connector whose URL brings its events; null: it has a URL. */
  readonly eventsOf: IdPlace | null;
  /** Where the file says that it maps nothing itself; null: it does. */
  readonly mapsNone: Span | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ConnectorRecord {
  readonly facts: ConnectorFacts;
  /** The connector's line of a bundle; null: it has errors. */
  readonly line: Buffer | null;
  /** Both, as they are written. */
  readonly bytes: Buffer;
}

/** Bytes of the seal: SHA-256 in hex over all that follows it, and a space. */
const SEAL_BYTES = 65;
const NEWLINE = 0x0a;

export function makeRecord(facts: ConnectorFacts, plan: ConnectorPlan | null): ConnectorRecord {
  return seal(facts, plan === null ? null : Buffer.from(encodeConnector(plan).line));
}

/** The record of a connector whose files are what they were, but have other stamps. */
export function restamp({ facts, line }: ConnectorRecord, stamps: ConnectorFacts['stamps']): ConnectorRecord {
  return seal({ ...facts, stamps }, line);
}

function seal(facts: ConnectorFacts, line: Buffer | null): ConnectorRecord {
  const head = `${JSON.stringify(facts)}\n`;
  const start = SEAL_BYTES + Buffer.byteLength(head);
  const end = start + (line?.length ?? 0);
  // Memory of its own, which can be handed to another thread.
  const bytes = Buffer.allocUnsafeSlow(end + 1);
  bytes.write(head, SEAL_BYTES);
  line?.copy(bytes, start);
  bytes[end] = NEWLINE;
  bytes.write(`${hash('sha256', bytes.subarray(SEAL_BYTES), 'hex')} `, 'latin1');
  return { facts, line: line === null ? null : bytes.subarray(start, end), bytes };
}

/** The record that begins at `offset`; null when it is cut, damaged or something else. */
export function readRecord(file: Buffer, offset: number): ConnectorRecord | null {
  const headEnd = file.indexOf(NEWLINE, offset);
  const end = headEnd === -1 ? -1 : file.indexOf(NEWLINE, headEnd + 1);
  if (end === -1) return null;
  const bytes = file.subarray(offset, end + 1);
  const digest = hash('sha256', bytes.subarray(SEAL_BYTES), 'hex');
  if (bytes.toString('latin1', 0, SEAL_BYTES) !== `${digest} `) return null;
  const facts = JSON.parse(file.toString('utf8', offset + SEAL_BYTES, headEnd)) as ConnectorFacts;
  return { facts, line: end === headEnd + 1 ? null : file.subarray(headEnd + 1, end), bytes };
}
