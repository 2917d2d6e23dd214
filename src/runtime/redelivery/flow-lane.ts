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
/** Ids that are gone are passed over, until there are that many. */
const MIN_GONE = 64;

export class FlowLane {
  readonly key: string;
  /** null: what is judged anew concerns no flow yet. */
  readonly circuit: Circuit | null;
  /** When its turn is planned; kept by whoever gives the turns. */
  plannedAt = Number.POSITIVE_INFINITY;
  isQueued = false;
  /** Every id that waits, and from when on it may be tried. */
  readonly #waiting = new Map<string, number>();
  readonly #later = new DueQueue();
  /** In the order in which they came, oldest first; some are gone or being sent. */
  #order: string[] = [];
  #gone = 0;
  /** What is still to be tried since the flow is well again, oldest first. */
  #round: string[] = [];
  #oldest = 0;
  #roundAt = Number.NEGATIVE_INFINITY;
  #picks = 0;
  #sending = 0;
  #places = 1;
  #isDoubtful = true;
  #wasWell = false;
  /** 0 to 1. */
  readonly #random: () => number;

  constructor(key: string, circuit: Circuit | null, random: () => number) {
    this.key = key;
    this.circuit = circuit;
    this.#random = random;
  }

  get isEmpty(): boolean {
    return this.#waiting.size + this.#sending === 0;
  }

  /** The last attempt failed, or there was none: what is sent may take all the time that there is. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  /** One that is new here. */
  add(id: string, at: number): void {
    this.#order.push(id);
    this.again(id, at);
  }

  /** One that was taken waits again. */
  again(id: string, at: number): void {
    this.#waiting.set(id, at);
    this.#later.add(id, at);
    this.#count();
  }

  /** One that was taken is gone. */
  forget(): void {
    this.#gone += 1;
    if (this.#gone < Math.max(MIN_GONE, this.#order.length / 2)) return;
    this.#order = this.#order.filter((id) => this.#waiting.has(id));
    this.#gone = 0;
  }

  /** From when on one may be sent; null: nothing waits, or as many as may be are being sent. */
  startsAt(): number | null {
    if (this.#waiting.size === 0) return null;
    if (this.#isOpen()) return this.#sending < MAX_PROBES ? (this.circuit?.holds.probeAt ?? null) : null;
    if (this.#sending >= this.#places) return null;
    return this.#oldest < this.#round.length ? Number.NEGATIVE_INFINITY : this.#later.nextAt();
  }

  /** Takes out the next that may be sent now; null: none may. It comes back by `ended` and `again`, or `forget`. */
  take(now: number): string | null {
    const at = this.startsAt();
    if (at === null || at > now) return null;
    // A flow that fails is to blame, not the hold: its own time does not count.
    const id = this.#isOpen() ? this.#probe(now) : (this.#fromRound() ?? this.#fromLater(now));
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
    this.#isDoubtful = false;
    if (now - this.#roundAt < ROUND_MS) return;
    this.#roundAt = now;
    this.#round = this.#order.filter((id) => this.#waiting.has(id));
    this.#oldest = 0;
  }

  #isOpen(): boolean {
    return this.circuit !== null && this.circuit.holds.openedAt !== null;
  }

  #probe(now: number): string | null {
    if (this.circuit?.holds.admit(now) !== true) return null;
    const pick = this.#nextPick();
    const isThere = (id: string): boolean => this.#waiting.has(id);
    if (pick === 'newest') return this.#order.findLast(isThere) ?? null;
    if (pick === 'any') {
      const id = this.#order[Math.floor(this.#random() * this.#order.length)];
      if (id !== undefined && isThere(id)) return id;
    }
    return this.#order.find(isThere) ?? null;
  }

  #fromRound(): string | null {
    while (this.#oldest < this.#round.length) {
      const id = this.#isDoubtful ? this.#fromElsewhere() : this.#round[this.#oldest++];
      if (id !== undefined && this.#waiting.has(id)) return id;
    }
    return null;
  }

  #fromElsewhere(): string | undefined {
    const pick = this.#nextPick();
    if (pick === 'oldest') return this.#round[this.#oldest++];
    const newest = this.#round.pop();
    const index = this.#oldest + Math.floor(this.#random() * (this.#round.length - this.#oldest));
    if (pick === 'newest' || newest === undefined || index >= this.#round.length) return newest;
    const id = this.#round[index];
    this.#round[index] = newest;
    return id;
  }

  #fromLater(until: number): string | null {
    for (let id = this.#later.take(until); id !== null; id = this.#later.take(until))
      if ((this.#waiting.get(id) ?? Number.POSITIVE_INFINITY) <= until) return id;
    return null;
  }

  #nextPick(): 'newest' | 'oldest' | 'any' {
    this.#picks = (this.#picks + 1) % 3;
    return (['any', 'newest', 'oldest'] as const)[this.#picks] ?? 'oldest';
  }

  #count(): void {
    if (this.circuit !== null) this.circuit.waiting = this.#waiting.size + this.#sending;
  }
}
