/**
 * One connector as a line of a bundle: canonical JSON with a fixed prefix, so that id and digest are read without
 * parsing the plan. In: a plan, or the bytes of a line. Out: the line, or a connector that parses its plan on first use.
 */
import { hash } from 'node:crypto';
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts';
import type { ConnectorPlan } from './plan.ts';

/** A connector ready to be written. It depends on the plan alone: an incremental build keeps it. */
export interface EncodedConnector {
  readonly id: string;
  /** SHA-256 (hex) of the canonical plan. */
  readonly digest: string;
  /** The line, without its newline. */
  readonly line: string;
}

/** A connector of a decoded bundle. */
export interface BundleConnector {
  readonly id: string;
  /** SHA-256 (hex) of the canonical plan: equal digests are equal connectors. */
  readonly digest: string;
  /**
   * Parses the plan on the first call. Throws when the line is not what its digest says, which only a bundle that was
   * not written by `encodeBundle` can cause. The plan is not frozen: only the stages that materialise it read it, and
   * freezing would walk every plan once more.
   */
  plan(): ConnectorPlan;
}

/** The members stand in sorted order, so that the line is canonical JSON as a whole. */
export function encodeConnector(plan: ConnectorPlan): EncodedConnector {
  const text = canonicalJson(plan);
  const digest = hash('sha256', text, 'hex');
  return {
    id: plan.id,
    digest,
    line: `{"digest":"${digest}","id":${JSON.stringify(plan.id)},"plan":${text}}`,
  };
}

/** Longest prefix: `{"digest":"<64>","id":"<63>","plan":`, rounded up. */
const MAX_PREFIX_BYTES = 160;
const PREFIX = /^\{"digest":"([0-9a-f]{64})","id":"([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)","plan":(?=\{)/;
const SUFFIX = '}}';

/** The connector in bytes `start` to `end` (without the newline), or null when they do not have the frame of a line. */
export function decodeConnector(bytes: Buffer, start: number, end: number): BundleConnector | null {
  const prefix = PREFIX.exec(bytes.toString('latin1', start, Math.min(start + MAX_PREFIX_BYTES, end)));
  if (prefix === null || bytes.toString('latin1', end - SUFFIX.length, end) !== SUFFIX) return null;
  const [frame, digest, id] = prefix as unknown as readonly [string, string, string];
  return new LazyConnector(id, digest, bytes.subarray(start + frame.length, end - 1));
}

class LazyConnector implements BundleConnector {
  readonly id: string;
  readonly digest: string;
  /** Until the first use, then null: a slice keeps the whole bundle in memory. */
  #bytes: Buffer | null;
  #plan: ConnectorPlan | null = null;

  constructor(id: string, digest: string, bytes: Buffer) {
    this.id = id;
    this.digest = digest;
    this.#bytes = bytes;
  }

  plan(): ConnectorPlan {
    if (this.#plan !== null) return this.#plan;
    const bytes = this.#bytes as Buffer;
    if (hash('sha256', bytes, 'hex') !== this.digest) {
      throw new Error(`the plan of "${this.id}" is not what its digest says`);
    }
    const plan = parseCanonicalJson(bytes.toString('utf8')) as ConnectorPlan;
    if (plan.id !== this.id) throw new Error(`the plan of "${this.id}" has another id`);
    this.#plan = plan;
    this.#bytes = null;
    return plan;
  }
}
