/**
 * Calls to another process that wait for their answer. In: what is posted under a number. Out: the answer that comes back
 * under it, or null: in time there was none, or nobody is there any more. Every call ends.
 */
import type { Timer } from '../../outcomes/timer.ts';

export class PendingCalls<Answer> {
  readonly #timer: Timer;
  readonly #timeoutMs: number;
  readonly #settle = new Map<number, (answer: Answer | null) => void>();
  #last = 0;

  constructor(timer: Timer, timeoutMs: number) {
    this.#timer = timer;
    this.#timeoutMs = timeoutMs;
  }

  /** `post` gives false where nobody takes the message. */
  start(post: (call: number) => boolean): Promise<Answer | null> {
    this.#last += 1;
    const call = this.#last;
    return new Promise((resolve) => {
      const settle = (answer: Answer | null): void => {
        cancel();
        this.#settle.delete(call);
        resolve(answer);
      };
      const cancel = this.#timer.start(this.#timeoutMs, () => settle(null));
      this.#settle.set(call, settle);
      if (!post(call)) settle(null);
    });
  }

  /** An answer to a call that has ended is nobody's. */
  answer(call: number, answer: Answer): void {
    this.#settle.get(call)?.(answer);
  }

  /** The other process is gone. */
  endAll(): void {
    for (const settle of this.#settle.values()) settle(null);
  }
}
