/** One way in which a payload does not look like the samples: in words that people read, never a value. */
export interface Difference {
  /** JSONPath; keys that no sample has are masked as [?]. */
  readonly path: string;
  /** What the samples have, such as "string", "number or null", "a value". */
  readonly expected: string;
  /** What arrived, such as "object", "missing", "null". */
  readonly found: string;
}

/** The most differences that are kept of one request. */
export const MAX_DIFFERENCES = 20;
