/** The one way to wait that rooms share. In: milliseconds. Out: a call back, unless it was cancelled. */

/** Where time comes from; tests bring their own. */
export interface Timer {
  /** Calls back once after that many milliseconds, unless the returned function is called before. */
  start(milliseconds: number, expired: () => void): () => void;
}

export const systemTimer: Timer = {
  start(milliseconds, expired) {
    const timeout = setTimeout(expired, milliseconds);
    return () => clearTimeout(timeout);
  },
};
