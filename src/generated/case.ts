// Generated from schemas/case.schema.json by scripts/generate.ts; do not edit.

/**
 * Recorded requests with the outcome each must have: one case, or a list. Run by `sluice test`.
 */
export type CaseFile = Case | Case[];

/**
 * One request and the outcome it must have.
 */
export interface Case {
  /**
   * What this case shows, in a few words.
   */
  note: string;
  /**
   * The clock of this case, ISO 8601. Default: 2025-01-01T00:00:00Z.
   */
  now?: string;
  /**
   * Example values for the secrets that the connector refers to, by variable or file name. Never real ones. A missing one is made up.
   */
  secrets?: {
    [k: string]: string;
  };
  request: CaseRequest;
  want: CaseWant;
}
/**
 * The request as it arrives. With none of body, json, bodyFile and sample, the first sample is sent.
 */
export interface CaseRequest {
  /**
   * HTTP method.
   */
  method?: string;
  /**
   * What [url] sees.
   */
  url?: string;
  /**
   * Address of the sender.
   */
  ip?: string;
  /**
   * Headers by name; a list sends the header several times.
   */
  headers?: {
    [k: string]: string | string[];
  };
  /**
   * Sign by the connector's own scheme: genuine, wrong (one that does not match), or stale (too old). Without it nothing is added to the headers. Where the URL key is the only proof, genuine and wrong say which token the URL ends in; without it there is none.
   */
  sign?: 'genuine' | 'wrong' | 'stale';
  /**
   * The raw text of the body.
   */
  body?: string;
  /**
   * The body as a value; sent as compact JSON.
   */
  json?: unknown;
  /**
   * File in the connector's folder with the raw body.
   */
  bodyFile?: string;
  /**
   * One of the connector's samples, by file name ("inline" for the inline one): its body and its headers.
   */
  sample?: string;
  /**
   * Changes to the json, bodyFile or sample body before it is sent: path -> new value.
   */
  set?: {
    [k: string]: unknown;
  };
  /**
   * Paths removed from the json, bodyFile or sample body before it is sent.
   */
  remove?: string[];
}
/**
 * What must come out. Only what is given is compared.
 */
export interface CaseWant {
  /**
   * What became of the request.
   */
  outcome: 'delivered' | 'held' | 'ignored' | 'rejected' | 'answered' | 'captured';
  /**
   * The code that says why, where it was rejected, ignored or held.
   */
  code?:
    | 'signature-mismatch'
    | 'signature-missing'
    | 'signature-stale'
    | 'signature-time-unreadable'
    | 'address-not-allowed'
    | 'method-not-allowed'
    | 'connector-unknown'
    | 'body-malformed'
    | 'body-type-unsupported'
    | 'body-encoding-unsupported'
    | 'body-too-large'
    | 'request-malformed'
    | 'rate-limited'
    | 'sender-rate-limited'
    | 'secret-missing'
    | 'keys-pending'
    | 'url-key-missing'
    | 'public-url-missing'
    | 'not-ready'
    | 'connector-broken'
    | 'state-unavailable'
    | 'overloaded'
    | 'internal-error'
    | 'handshake'
    | 'captured'
    | 'delivered'
    | 'disabled'
    | 'when-differs'
    | 'no-targets'
    | 'no-elements'
    | 'script-ignored'
    | 'duplicate'
    | 'paused'
    | 'no-sample'
    | 'shape-changed'
    | 'when-missing'
    | 'recipient-missing'
    | 'idempotency-missing'
    | 'mapping-failed'
    | 'card-expired'
    | 'trigger-invalid'
    | 'script-error'
    | 'script-timeout'
    | 'script-memory'
    | 'script-unavailable'
    | 'target-refused'
    | 'undelivered'
    | 'superseded';
  /**
   * The HTTP status of the answer.
   */
  status?: number;
  /**
   * The text of the answer, where the outcome is answered.
   */
  body?: string;
  /**
   * Whether the connector is paused afterwards.
   */
  paused?: boolean;
  /**
   * Whether the trigger is a test or a live one.
   */
  mode?: 'test' | 'live';
  /**
   * The trigger, compared as a subset.
   */
  trigger?: {
    [k: string]: unknown;
  };
  /**
   * The triggers of a batch, in order, each compared as a subset.
   */
  triggers?: {
    [k: string]: unknown;
  }[];
  /**
   * Paths that the differences must name, where the request was held for its shape.
   */
  differences?: string[];
}
