/**
 * What is held, in memory: enough to list, count, limit and recognise retries without opening a file. Knows no files.
 */

import type { Hold, HoldList, HoldSummary } from '../../admin-api/records.ts';
import type { HoldCode } from '../../outcomes/codes.ts';
import { heldEventOf } from './same-request.ts';

export interface HoldFilter {
  readonly connector?: string;
  readonly code?: string;
  /** Name of the secret that let the request in. */
  readonly verifiedBy?: string;
  /** Id of a hold: those made after it. */
  readonly after?: string;
  /** At most so many, the oldest ones. */
  readonly limit?: number;
}

export interface HoldCounts {
  readonly count: number;
  readonly bytes: number;
  /** When the oldest one was received, in milliseconds since the epoch; null: nothing is held. */
  readonly oldestAt: number | null;
  readonly byCode: Readonly<Partial<Record<HoldCode, number>>>;
  /** Like `oldestAt`, of those with the code. */
  readonly oldestByCode: Readonly<Partial<Record<HoldCode, number>>>;
  /** How much of what may be held is used, by requests or by bytes, whichever is more; at 1 requests are answered 503. */
  readonly quotaUsed: number;
}

export interface Quota {
  readonly count: number;
  readonly bytes: number;
}

export interface HoldLimits {
  readonly perConnector: Quota;
  readonly total: Quota;
}

const MIB = 1024 * 1024;

export const DEFAULT_HOLD_LIMITS: HoldLimits = {
  perConnector: { count: 10_000, bytes: 256 * MIB },
  total: { count: 100_000, bytes: 2048 * MIB },
};

/** What is set aside: fifty of each connector, and room for those that come while they become holds. */
export const ASIDE_LIMITS: HoldLimits = {
  perConnector: { count: 1_000, bytes: 64 * MIB },
  total: { count: 100_000, bytes: 1024 * MIB },
};

/** A sentence, not a payload: what is listed stays in memory. */
const MAX_LISTED_MESSAGE = 300;

interface Usage {
  count: number;
  bytes: number;
}

export class HoldIndex {
  readonly #limits: HoldLimits;
  readonly #byId = new Map<string, HoldSummary>();
  readonly #byConnector = new Map<string, Map<string, HoldSummary>>();
  /** Ids of the holds of each event. */
  readonly #byEvent = new Map<string, Set<string>>();
  /** Taken by holds that exist and by those that are being written. */
  readonly #used = new Map<string, Usage>();
  readonly #usedInTotal: Usage = { count: 0, bytes: 0 };

  constructor(limits: HoldLimits) {
    this.#limits = limits;
  }

  /** Takes room for a new hold; why there is none otherwise. */
  reserve(connector: string, bytes: number): string | null {
    const used = this.#used.get(connector) ?? { count: 0, bytes: 0 };
    const { perConnector, total } = this.#limits;
    if (used.count + 1 > perConnector.count || used.bytes + bytes > perConnector.bytes) {
      return `"${connector}" holds ${used.count} requests (${used.bytes} bytes) and may hold no more: replay or discard some`;
    }
    const all = this.#usedInTotal;
    if (all.count + 1 > total.count || all.bytes + bytes > total.bytes) {
      return `${all.count} requests (${all.bytes} bytes) are held and no more may be: replay or discard some`;
    }
    this.#use(connector, 1, bytes);
    return null;
  }

  /** Gives back what `reserve` took. */
  release(connector: string, bytes: number): void {
    this.#use(connector, -1, -bytes);
  }

  /** A hold whose room is reserved, or one found on disk (`found`), which counts whatever the limits say. */
  add(summary: HoldSummary, found: boolean): void {
    if (found) this.#use(summary.connector, 1, summary.bytes);
    this.#put(summary);
  }

  replace(summary: HoldSummary): void {
    const before = this.#byId.get(summary.id);
    if (before === undefined) return;
    this.#use(summary.connector, 0, summary.bytes - before.bytes);
    this.#leaveEvent(before);
    this.#put(summary);
  }

  remove(id: string): void {
    const summary = this.#byId.get(id);
    if (summary === undefined) return;
    this.#byId.delete(id);
    this.#byConnector.get(summary.connector)?.delete(id);
    this.#leaveEvent(summary);
    this.release(summary.connector, summary.bytes);
  }

  get(id: string): HoldSummary | null {
    return this.#byId.get(id) ?? null;
  }

  /** Other requests of the same event, oldest first. */
  othersOf(id: string): readonly HoldSummary[] {
    const summary = this.#byId.get(id);
    if (summary === undefined || summary.event === null) return [];
    return [...(this.#byEvent.get(summary.event) ?? [])]
      .map((other) => this.#byId.get(other) as HoldSummary)
      .filter(({ requestDigest }) => requestDigest !== summary.requestDigest)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  list({ connector, code, verifiedBy, after = '', limit = Number.POSITIVE_INFINITY }: HoldFilter): HoldList {
    const candidates = connector === undefined ? this.#byId : (this.#byConnector.get(connector) ?? new Map());
    const holds = [...candidates.values()].filter(
      (hold) =>
        hold.id > after &&
        (code === undefined || hold.code === code) &&
        (verifiedBy === undefined || hold.verifiedBy === verifiedBy),
    );
    holds.sort((a, b) => (a.id < b.id ? -1 : 1));
    return { holds: holds.slice(0, limit), total: holds.length };
  }

  connectors(): readonly string[] {
    return [...this.#byConnector].filter(([, holds]) => holds.size > 0).map(([connector]) => connector);
  }

  counts(connector?: string): HoldCounts {
    const holds = connector === undefined ? this.#byId : this.#byConnector.get(connector);
    const byCode: Partial<Record<HoldCode, number>> = {};
    const oldestByCode: Partial<Record<HoldCode, number>> = {};
    let bytes = 0;
    for (const hold of holds?.values() ?? []) {
      bytes += hold.bytes;
      byCode[hold.code] = (byCode[hold.code] ?? 0) + 1;
      oldestByCode[hold.code] = Math.min(hold.receivedAt, oldestByCode[hold.code] ?? hold.receivedAt);
    }
    const oldest = Object.values(oldestByCode);
    const oldestAt = oldest.length === 0 ? null : Math.min(...oldest);
    const count = holds?.size ?? 0;
    const quota = connector === undefined ? this.#limits.total : this.#limits.perConnector;
    const quotaUsed = Math.max(count / quota.count, bytes / quota.bytes);
    return { count, bytes, oldestAt, byCode, oldestByCode, quotaUsed };
  }

  #put(summary: HoldSummary): void {
    this.#byId.set(summary.id, summary);
    const holds = this.#byConnector.get(summary.connector);
    if (holds === undefined) this.#byConnector.set(summary.connector, new Map([[summary.id, summary]]));
    else holds.set(summary.id, summary);
    if (summary.event === null) return;
    const ofEvent = this.#byEvent.get(summary.event);
    if (ofEvent === undefined) this.#byEvent.set(summary.event, new Set([summary.id]));
    else ofEvent.add(summary.id);
  }

  #leaveEvent({ event, id }: HoldSummary): void {
    const ofEvent = event === null ? undefined : this.#byEvent.get(event);
    ofEvent?.delete(id);
    if (ofEvent?.size === 0) this.#byEvent.delete(event as string);
  }

  #use(connector: string, count: number, bytes: number): void {
    const used = this.#used.get(connector) ?? { count: 0, bytes: 0 };
    used.count += count;
    used.bytes += bytes;
    this.#used.set(connector, used);
    this.#usedInTotal.count += count;
    this.#usedInTotal.bytes += bytes;
  }
}

export function summarise(hold: Hold, bytes: number): HoldSummary {
  const { id, connector, code, message, mode, receivedAt, count, verifiedBy, attempts, nextAttemptAt } = hold;
  const listed = message.slice(0, MAX_LISTED_MESSAGE);
  return {
    id,
    connector,
    code,
    message: listed,
    path: hold.differences[0]?.path.replace(/\[\d+\]/g, '[*]') ?? null,
    mode,
    flow: hold.triggers[0]?.actionFlow ?? null,
    target: hold.triggers[0]?.target ?? null,
    event: heldEventOf(hold),
    requestDigest: hold.requestDigest,
    receivedAt,
    count,
    verifiedBy,
    attempts,
    nextAttemptAt,
    bytes,
  };
}
