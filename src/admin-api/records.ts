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
  /** Which event paused: after a resume it never pauses the connector again. */
  readonly event?: string;
  /** SHA-256 (hex) of the body that paused: what overlays of earlier versions have instead of `event`. */
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
  /** Event id by the connector's idempotency; null: the event has none, and no other request is ever taken for it. */
  readonly sourceId: string | null;
  /**
   * SHA-256 (hex) of what the request says: its decoded body without what belongs to one attempt of the sender, its method,
   * and the headers that become something. Only a request with the same `sourceId` and the same digest is a retry.
   */
  readonly requestDigest: string;
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
  /**
   * An operator has said that it is an event of its own, though others have its event id: it is sent under an id that
   * includes `requestDigest`, and nothing supersedes it.
   */
  readonly ownEvent?: true;
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
    | 'requestDigest'
    | 'receivedAt'
    | 'count'
    | 'verifiedBy'
    | 'attempts'
    | 'nextAttemptAt'
  > {
  /** Where it differs first, for all elements of a list alike; null: nowhere. */
  readonly path: string | null;
  /** The Action Flow that its triggers start; null: there are none, the request is judged anew. */
  readonly flow: string | null;
  /** Name of the target that they go to; null: the default one, or there are none. */
  readonly target: string | null;
  /** The same for all requests of one event. null: it has no id. */
  readonly event: string | null;
  /** Size of the file. */
  readonly bytes: number;
}

export interface HoldList {
  /** Oldest first. */
  readonly holds: readonly HoldSummary[];
  /** How many there are, beyond the limit too. */
  readonly total: number;
}
