/**
 * Calls that wait for a script process: bounded, and fair between connectors. Each turn goes to the next connector
 * that waits, so that one with a thousand calls delays another by one call; and where there is no more room, the
 * connector with the most calls gives some up.
 */
export class CallQueue<Call extends { readonly connector: string }> {
  readonly #maxCalls: number;
  /** In the order of their next turn. */
  readonly #waiting = new Map<string, Call[]>();
  #size = 0;

  constructor(maxCalls: number) {
    this.#maxCalls = maxCalls;
  }

  get size(): number {
    return this.#size;
  }

  /** Gives the call for which there is no room: null, this one, or the newest of the connector that has the most. */
  push(call: Call): Call | null {
    const own = this.#waiting.get(call.connector);
    let refused: Call | null = null;
    if (this.#size >= this.#maxCalls) {
      const most = [...this.#waiting.values()].reduce((one, other) =>
        other.length > one.length ? other : one,
      );
      if (most.length <= (own?.length ?? 0) + 1) return call;
      refused = most.pop() as Call;
      this.#size -= 1;
    }
    if (own === undefined) this.#waiting.set(call.connector, [call]);
    else own.push(call);
    this.#size += 1;
    return refused;
  }

  /** Back to the front: the call had its turn and lost it through no fault of its own. */
  putBack(call: Call): void {
    const own = this.#waiting.get(call.connector) ?? [];
    this.#waiting.delete(call.connector);
    const others = [...this.#waiting];
    this.#waiting.clear();
    this.#waiting.set(call.connector, [call, ...own]);
    for (const [connector, calls] of others) this.#waiting.set(connector, calls);
    this.#size += 1;
  }

  /** The next call of a connector that `mayRun`; those of the lowest rank first. */
  take(mayRun: (connector: string) => boolean, rank: (connector: string) => number): Call | undefined {
    let next: string | undefined;
    for (const connector of this.#waiting.keys()) {
      if (!mayRun(connector) || (next !== undefined && rank(next) <= rank(connector))) continue;
      next = connector;
      if (rank(next) === 0) break;
    }
    if (next === undefined) return undefined;
    const calls = this.#waiting.get(next) as Call[];
    const call = calls.shift();
    this.#waiting.delete(next);
    if (calls.length > 0) this.#waiting.set(next, calls);
    this.#size -= 1;
    return call;
  }

  /** Further calls of one connector, at most `count`. */
  takeMore(connector: string, count: number): Call[] {
    const calls = this.#waiting.get(connector);
    if (calls === undefined || count <= 0) return [];
    const taken = calls.splice(0, count);
    if (calls.length === 0) this.#waiting.delete(connector);
    this.#size -= taken.length;
    return taken;
  }

  /** Calls of such a connector wait. */
  some(isSuch: (connector: string) => boolean): boolean {
    return this.#waiting.keys().some(isSuch);
  }

  /** How many calls of the connector wait. */
  waitingOf(connector: string): number {
    return this.#waiting.get(connector)?.length ?? 0;
  }

  remove(call: Call): void {
    const calls = this.#waiting.get(call.connector);
    const index = calls?.indexOf(call) ?? -1;
    if (calls === undefined || index === -1) return;
    calls.splice(index, 1);
    if (calls.length === 0) this.#waiting.delete(call.connector);
    this.#size -= 1;
  }

  /** Empties the queue. */
  drain(): Call[] {
    const calls = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#size = 0;
    return calls;
  }
}
