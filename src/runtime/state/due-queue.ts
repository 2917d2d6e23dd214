/** Ids with the time at which each is due, the earliest first: a binary heap, as there may be a hundred thousand. */
export class DueQueue {
  readonly #heap: { readonly id: string; readonly at: number }[] = [];

  get size(): number {
    return this.#heap.length;
  }

  add(id: string, at: number): void {
    const heap = this.#heap;
    const item = { id, at };
    let index = heap.length;
    for (let parent = (index - 1) >> 1; index > 0 && at < this.#at(parent); parent = (index - 1) >> 1) {
      heap[index] = this.#item(parent);
      index = parent;
    }
    heap[index] = item;
  }

  /** When the earliest is due; null: the queue is empty. */
  nextAt(): number | null {
    return this.#heap[0]?.at ?? null;
  }

  /** Takes the earliest out, if it is due by then. */
  take(now: number): string | null {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.at > now) return null;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first.id;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#at(child + 1) < this.#at(child)) child += 1;
      if (last.at <= this.#at(child)) break;
      heap[index] = this.#item(child);
      index = child;
    }
    heap[index] = last;
    return first.id;
  }

  #at(index: number): number {
    return this.#item(index).at;
  }

  #item(index: number): { readonly id: string; readonly at: number } {
    const item = this.#heap[index];
    if (item === undefined) throw new Error(`the queue has no item ${index}`);
    return item;
  }
}
