/** Operations on one thing follow each other, those on different things do not wait. What fails comes back as a value. */
import { WRITTEN, type Written } from './durable-file.ts';
import { describeFailure } from './file-system.ts';

export class Turns {
  /** The last operation on each. */
  readonly #tails = new Map<string, Promise<Written>>();
  readonly #what: string;

  /** `what` cannot be done, in the words of a refusal. */
  constructor(what: string) {
    this.#what = what;
  }

  /** Runs after everything that was asked of this key before. Never rejects. */
  async run(key: string, task: () => Promise<void>): Promise<Written> {
    const before = this.#tails.get(key) ?? Promise.resolve(WRITTEN);
    const turn = before.then(async (): Promise<Written> => {
      try {
        await task();
        return WRITTEN;
      } catch (error) {
        return { ok: false, reason: `${this.#what}: ${describeFailure(error)}` };
      }
    });
    this.#tails.set(key, turn);
    const written = await turn;
    if (this.#tails.get(key) === turn) this.#tails.delete(key);
    return written;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}
