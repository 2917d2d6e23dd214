// Generated from schemas/overlay.schema.json by scripts/generate.ts; do not edit.

/**
 * Id of a connector.
 */
export type ConnectorId = string;
/**
 * SHA-256 in hex.
 */
export type Digest = string;

/**
 * overlay.json in the state folder: what the runtime has paused. It only ever restricts what the connector files say. Written by the runtime alone: an edit by hand breaks the checksum, and then every connector is paused.
 */
export interface OverlayFile {
  /**
   * Version of this file format.
   */
  format: 1;
  /**
   * Counts the changes. The generation before is kept as overlay.previous.json.
   */
  generation: number;
  /**
   * There when an earlier overlay could not be read: every connector is paused and holds its requests, except those resumed since. null: normal.
   */
  everything: EverythingPaused | null;
  /**
   * Pauses by connector.
   */
  pauses: {
    [k: string]: ConnectorPauses;
  };
  /**
   * By connector, the digests (hex SHA-256) of events that paused it before it was resumed, newest last: the same event never pauses it again.
   */
  resumed: {
    [k: string]: Digest[];
  };
  /**
   * Who paused and resumed what, when and why; the latest 200, newest last.
   */
  history: HistoryEntry[];
  /**
   * SHA-256 (hex) of everything else in the file as canonical JSON.
   */
  checksum: Digest;
}
/**
 * Every connector is paused.
 */
export interface EverythingPaused {
  /**
   * When, ISO 8601.
   */
  at: string;
  /**
   * What could not be read, and where it is kept.
   */
  reason: string;
  /**
   * Connectors that were resumed since.
   */
  except: ConnectorId[];
}
/**
 * The pauses of one connector.
 */
export interface ConnectorPauses {
  /**
   * An operator's pause: ends only by resume, whatever the connector's file says. null: none.
   */
  manual: Pause | null;
  /**
   * The runtime's own pauses, one per behaviour of the connector, newest last. Each applies exactly while the active connector has that behaviour: a reviewed fix lifts it, a revert pauses again.
   */
  automatic: Pause[];
}
/**
 * Why a connector is paused.
 */
export interface Pause {
  /**
   * Who paused: auto (the runtime) or manual (an operator).
   */
  kind: 'auto' | 'manual';
  /**
   * The connector.
   */
  connector: ConnectorId;
  /**
   * When, ISO 8601.
   */
  at: string;
  /**
   * Who: "sluice", or the operator's name.
   */
  by: string;
  /**
   * One sentence for people.
   */
  reason: string;
  /**
   * Automatic pauses: digest of what decides how the connector judges and maps; the pause is bound to it.
   */
  behaviour?: string;
  /**
   * Automatic pauses: why the request that paused was held.
   */
  code?: string;
  /**
   * Automatic pauses: the request that paused.
   */
  requestId?: string;
  /**
   * Automatic pauses: digest of its event id, or of what it says where it has none; once resumed, the same event never pauses again.
   */
  event?: Digest;
  /**
   * Digest of its body, in files of earlier versions.
   */
  bodyDigest?: Digest;
  /**
   * Automatic pauses: how the payload differed from the samples; at most 20.
   */
  differences?: Difference[];
}
/**
 * One way in which a payload did not look like the samples. Never a value.
 */
export interface Difference {
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
 * A pause or a resume.
 */
export interface HistoryEntry {
  /**
   * When, ISO 8601.
   */
  at: string;
  /**
   * What was done.
   */
  action: 'pause' | 'resume';
  /**
   * A connector, or "*" for all.
   */
  connector: string;
  /**
   * Who: "sluice", or the operator's name.
   */
  by: string;
  /**
   * Why, in a sentence.
   */
  reason: string;
}
