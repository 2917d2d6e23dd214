/**
 * The holds of one flow that are sent again. In: ids, and how their attempts went. Out: which comes next: the oldest, or
 * after a failure one from elsewhere, so that bad ones do not keep good ones waiting. Knows no files and sends nothing.
 */
import type { Circuit } from '../delivery/circuit.ts';
import { DueQueue } from '../state/due-queue.ts';

/** Holds of one flow that are sent at the same time: a flow that comes back is not run over. */
const MAX_PLACES = 32;
/** A flow that comes and goes does not have everything tried each time. */
const ROUND_MS = 30_000;
/** While the flow fails: what its breaker lets through until the first times out. */
const MAX_PROBES = 7;

export class FlowLane {
  readonly key: string;
  /** null: what is judged anew concerns no flow yet. */
  readonly circuit: Circuit | null;
  /** When its turn is planned; kept by whoever gives the turns. */
  plannedAt = Number.POSITIVE_INFINITY;
  isQueued = false;
  /** Every id that waits, in the order in which they came, and from when on it may be tried. */
  readonly #waiting = new Map<string, number>();
  /** Those of this round, oldest first. Whatever is not waiting any more is passed over. */
  #round: string[] = [];
  #oldest = 0;
  #roundAt = Number.NEGATIVE_INFINITY;
  #picks = 0;
  readonly #later = new DueQueue();
  /** 0 to 1. */
  readonly #random: () => number;
  #sending = 0;
  #places = 1;
  #isDoubtful = true;
  #wasWell = false;

  constructor(key: string, circuit: Circuit | null, random: () => number) {
    this.key = key;
    this.circuit = circuit;
    this.#random = random;
  }

  get size(): number {
    return this.#waiting.size;
  }

  get isEmpty(): boolean {
    return this.#waiting.size + this.#sending === 0;
  }

  /** The last attempt failed, or there was none: what is sent may take all the time that there is. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  add(id: string, at: number): void {
    this.#waiting.set(id, at);
    this.#later.add(id, at);
    this.#count();
  }

  forget(id: string): void {
    this.#waiting.delete(id);
    this.#count();
  }

  /** From when on one may be sent; null: nothing waits, or as many as may be are being sent. */
  startsAt(): number | null {
    if (this.#waiting.size === 0) return null;
    const { holds } = this.circuit ?? {};
    if (holds !== undefined && holds.openedAt !== null)
      return this.#sending < MAX_PROBES ? holds.probeAt : null;
    if (this.#sending >= this.#places) return null;
    return this.#round.length > this.#oldest ? Number.NEGATIVE_INFINITY : this.#later.nextAt();
  }

  /** Takes out the next that may be sent now; null: none may. It comes back by `ended` and `add`. */
  take(now: number): string | null {
    const at = this.startsAt();
    if (at === null || at > now) return null;
    const holds = this.circuit?.holds;
    const isProbe = holds !== undefined && holds.openedAt !== null;
    if (isProbe && !holds.admit(now)) return null;
    // A flow that fails is to blame, not the hold: its own time does not count.
    if (isProbe) this.#fillRound();
    const id = this.#fromRound() ?? this.#fromLater(now);
    if (id === null) return null;
    this.#waiting.delete(id);
    this.#sending += 1;
    this.#count();
    return id;
  }

  /** What was taken has been tried. null: that says nothing about the flow. */
  ended(isFailed: boolean | null, now: number): void {
    this.#sending -= 1;
    this.#count();
    if (isFailed === null) return;
    if (!isFailed && !this.#wasWell) this.startRound(now);
    this.#wasWell ||= !isFailed;
    this.#isDoubtful = isFailed;
    this.#places = isFailed ? 1 : Math.min(this.#places * 2, MAX_PLACES);
  }

  /** The flow is well again: everything that waits has one attempt at once, and its own time after that. */
  startRound(now: number): void {
    if (now - this.#roundAt < ROUND_MS) return;
    this.#roundAt = now;
    this.#round = [];
    this.#fillRound();
  }

  #fillRound(): void {
    if (this.#oldest < this.#round.length) return;
    this.#round = [...this.#waiting.keys()].sort();
    this.#oldest = 0;
  }

  #fromRound(): string | null {
    while (this.#oldest < this.#round.length) {
      const id = this.#isDoubtful ? this.#fromElsewhere() : this.#round[this.#oldest++];
      if (id !== undefined && this.#waiting.has(id)) return id;
    }
    return null;
  }

  /** The newest, the oldest, one from between. */
  #fromElsewhere(): string | undefined {
    this.#picks = (this.#picks + 1) % 3;
    if (this.#picks === 1) return this.#round.pop();
    if (this.#picks === 2) return this.#round[this.#oldest++];
    const index = this.#oldest + Math.floor(this.#random() * (this.#round.length - this.#oldest));
    const id = this.#round[index];
    const newest = this.#round.pop();
    if (newest !== undefined && index < this.#round.length) this.#round[index] = newest;
    return id;
  }

  #fromLater(until: number): string | null {
    for (let id = this.#later.take(until); id !== null; id = this.#later.take(until))
      if ((this.#waiting.get(id) ?? Number.POSITIVE_INFINITY) <= until) return id;
    return null;
  }

  #count(): void {
    if (this.circuit !== null) this.circuit.waiting = this.#waiting.size + this.#sending;
  }
}
