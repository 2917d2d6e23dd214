/** Since when sentences are true. In: those that are true now, again and again. Out: when each was first among them. */

export class FirstSeen {
  #since = new Map<string, number>();
  readonly #now: () => number;

  /** Milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** In the order of the sentences. What is not among them is forgotten. */
  of(sentences: readonly string[]): readonly number[] {
    const before = this.#since;
    this.#since = new Map(sentences.map((sentence) => [sentence, before.get(sentence) ?? this.#now()]));
    return sentences.map((sentence) => this.#since.get(sentence) as number);
  }
}
