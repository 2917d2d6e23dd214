// Generated from schemas/hold.schema.json by scripts/generate.ts; do not edit.

/**
 * held/<connector>/<id>.json in the state folder: a verified request that was kept because it was not delivered. Written by the runtime alone.
 */
export interface HoldFile {
  /**
   * Version of this file format.
   */
  format: 1;
  /**
   * Name of the hold; ids sort in the order in which the requests were kept.
   */
  id: string;
  /**
   * The connector that received the request.
   */
  connector: string;
  /**
   * Id of the request, as in the answer and the log.
   */
  requestId: string;
  /**
   * When the request arrived, in milliseconds since the epoch.
   */
  receivedAt: number;
  /**
   * Why it was held. undelivered: mapped, but the target did not take it yet; it is sent again by itself. target-refused: the target will never take it. superseded: another request of the same event was sent instead.
   */
  code:
    | 'paused'
    | 'no-sample'
    | 'shape-changed'
    | 'when-missing'
    | 'recipient-missing'
    | 'idempotency-missing'
    | 'mapping-failed'
    | 'trigger-invalid'
    | 'script-error'
    | 'script-timeout'
    | 'script-memory'
    | 'script-unavailable'
    | 'target-refused'
    | 'undelivered'
    | 'superseded';
  /**
   * The same in a sentence, without payload values.
   */
  message: string;
  /**
   * Whether it would have made test or live cards. A test hold never goes live.
   */
  mode: 'test' | 'live';
  /**
   * Digest of what decided how the connector judged and mapped at that time.
   */
  behaviour: string;
  /**
   * How the payload differed from the samples; at most 20, never a value.
   */
  differences: HoldDifference[];
  /**
   * The event's id by the connector's idempotency. null: it has none.
   */
  sourceId: string | null;
  /**
   * SHA-256 of what the request says, without what belongs to one attempt: a request with the same event id and digest is counted, not added. Absent in files of earlier versions.
   */
  requestDigest?: string;
  /**
   * An operator has said that it is an event of its own, though others have its event id.
   */
  ownEvent?: true;
  /**
   * Name of the secret that verified the request, never its value. null: nothing verifies this connector's requests.
   */
  verifiedBy: string | null;
  request: HeldRequest;
  /**
   * Of a batch, the elements that are held (indexes from 0). null: the whole request.
   */
  elements: number[] | null;
  /**
   * Triggers that the target did not take, sent again as they are. Empty unless code is undelivered or target-refused.
   */
  triggers: HeldTrigger[];
  /**
   * How often the sender delivered this event, retries included.
   */
  count: number;
  /**
   * How often it was sent to the target again.
   */
  attempts: number;
  /**
   * When it is sent again at the earliest, in milliseconds since the epoch. null: not scheduled.
   */
  nextAttemptAt: number | null;
}
/**
 * One way in which the payload did not look like the samples.
 */
export interface HoldDifference {
  /**
   * JSONPath; keys that no sample has are masked as [?].
   */
  path: string;
  /**
   * What the samples have.
   */
  expected: string;
  /**
   * What arrived.
   */
  found: string;
}
/**
 * The request as it arrived, without headers that carry credentials.
 */
export interface HeldRequest {
  /**
   * HTTP method.
   */
  method: string;
  /**
   * Path of the connector's URL.
   */
  url: string;
  /**
   * Address of the sender.
   */
  ip: string;
  /**
   * Header lines in order: name in lower case, and value.
   */
  headers: string[][];
  /**
   * The raw body in base64.
   */
  body: string;
}
/**
 * One start of an Action Flow.
 */
export interface HeldTrigger {
  /**
   * Id of the request.
   */
  requestId: string;
  /**
   * The connector.
   */
  connector: string;
  /**
   * The Action Flow that it starts.
   */
  actionFlow: string;
  /**
   * Whether it makes test or live cards.
   */
  mode: 'test' | 'live';
  /**
   * The same id starts the flow once, however often it is sent.
   */
  flowInvocationId: string;
  /**
   * The trigger itself, as in trigger.schema.json.
   */
  trigger: {
    [k: string]: unknown;
  };
}
