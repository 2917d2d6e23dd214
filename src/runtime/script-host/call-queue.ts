/**
 * Calls that wait for a script process: bounded, and fair between connectors. Each turn goes to the next connector
 * that waits, so that one with a thousand calls delays another by one call.
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

  /** false: no room. One connector may fill half of the queue. */
  push(call: Call): boolean {
    const own = this.#waiting.get(call.connector);
    if (this.#size >= this.#maxCalls || (own !== undefined && own.length >= this.#maxCalls / 2)) return false;
    if (own === undefined) this.#waiting.set(call.connector, [call]);
    else own.push(call);
    this.#size += 1;
    return true;
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

  /** The next call of a connector that `mayRun`. */
  take(mayRun: (connector: string) => boolean): Call | undefined {
    for (const [connector, calls] of this.#waiting) {
      if (!mayRun(connector)) continue;
      const call = calls.shift();
      this.#waiting.delete(connector);
      if (calls.length > 0) this.#waiting.set(connector, calls);
      this.#size -= 1;
      return call;
    }
    return undefined;
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
