/**
 * What a runtime keeps and shows as it is: pauses and held requests. The state folder stores these, the admin API answers
 * with them. Plain data: no secret, and no payload but that of the held request itself.
 */
import type { HoldCode } from '../outcomes/codes.ts';
import type { OutgoingTrigger } from '../outcomes/delivery.ts';
import type { Mode } from '../stages/plans.ts';
import type { Difference } from '../stages/shape/difference.ts';

export interface PauseRecord {
  readonly kind: 'auto' | 'manual';
  readonly connector: string;
  /** ISO 8601. */
  readonly at: string;
  /** Who: "sluice" for an automatic pause, else the operator's name. */
  readonly by: string;
  /** One sentence for people. */
  readonly reason: string;
  /** Automatic pauses only: the behaviour digest they are bound to, and what differed. */
  readonly behaviour?: string;
  readonly code?: HoldCode;
  readonly requestId?: string;
  /** SHA-256 (hex) of the body that paused: the same body never pauses twice. */
  readonly bodyDigest?: string;
  readonly differences?: readonly Difference[];
}

/** A request as a hold or a capture keeps it. Credential headers are removed. */
export interface StoredRequest {
  readonly method: string;
  readonly url: string;
  readonly ip: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Raw body, base64. */
  readonly body: string;
}

/** A held request, as it is kept. */
export interface Hold {
  readonly format: 1;
  readonly id: string;
  readonly connector: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly code: HoldCode;
  /** One sentence for people, without payload values; the script's own error message, say. */
  readonly message: string;
  readonly mode: Mode;
  readonly behaviour: string;
  readonly differences: readonly Difference[];
  /** Event id by the connector's idempotency, or null: a retry of the same event is counted, not added. */
  readonly sourceId: string | null;
  /** Name of the secret that verified the request (never its value), or null. */
  readonly verifiedBy: string | null;
  readonly request: StoredRequest;
  /** Elements of a batch that are held (indexes); null: the whole request. */
  readonly elements: readonly number[] | null;
  /** Mapped triggers that the target did not take: redelivered as they are. Empty unless code is undelivered or target-refused. */
  readonly triggers: readonly OutgoingTrigger[];
  /** How often the sender delivered this event, retries included. */
  readonly count: number;
  /** Redelivery only. */
  readonly attempts: number;
  /** Milliseconds since the epoch; redelivery only. */
  readonly nextAttemptAt: number | null;
}

/** A hold without the request that it keeps. */
export interface HoldSummary
  extends Pick<
    Hold,
    | 'id'
    | 'connector'
    | 'code'
    | 'message'
    | 'mode'
    | 'receivedAt'
    | 'count'
    | 'verifiedBy'
    | 'attempts'
    | 'nextAttemptAt'
  > {
  /** Size of the file. */
  readonly bytes: number;
}

export interface HoldList {
  /** Oldest first. */
  readonly holds: readonly HoldSummary[];
  /** How many there are, beyond the limit too. */
  readonly total: number;
}
