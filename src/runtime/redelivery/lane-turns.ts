/** Whose turn it is: lanes that may send something now take turns, however many holds each has. */
import { DueQueue } from '../state/due-queue.ts';
import type { FlowLane } from './flow-lane.ts';

export class LaneTurns {
  readonly #lanes = new Map<string, FlowLane>();
  #ready: FlowLane[] = [];
  /** Doubtful ones that found no place. */
  #aside: FlowLane[] = [];
  readonly #planned = new DueQueue();

  get(key: string): FlowLane | undefined {
    return this.#lanes.get(key);
  }

  add(lane: FlowLane): void {
    this.#lanes.set(lane.key, lane);
  }

  all(): Iterable<FlowLane> {
    return this.#lanes.values();
  }

  /** To be called whenever something about the lane has changed. */
  plan(lane: FlowLane, now: number): void {
    if (lane.isQueued) return;
    if (lane.isEmpty) this.#lanes.delete(lane.key);
    const at = lane.startsAt();
    if (at === null) return;
    if (at <= now) {
      lane.isQueued = true;
      this.#ready.push(lane);
    } else if (at < lane.plannedAt) {
      lane.plannedAt = at;
      this.#planned.add(lane.key, at);
    }
  }

  /** The lane whose turn it is, or null. It has to be planned again. */
  next(now: number, mayTakeDoubtful: boolean): FlowLane | null {
    this.#wake(now);
    for (let lane = this.#ready.shift(); lane !== undefined; lane = this.#ready.shift()) {
      if (lane.isDoubtful && !mayTakeDoubtful) {
        this.#aside.push(lane);
        continue;
      }
      lane.isQueued = false;
      return lane;
    }
    return null;
  }

  /** A place for doubtful ones is free. */
  bringBack(): void {
    this.#ready.push(...this.#aside);
    this.#aside = [];
  }

  /** When the next lane that is planned has its turn; null: none is. */
  nextAt(): number | null {
    return this.#planned.nextAt();
  }

  #wake(now: number): void {
    for (let key = this.#planned.take(now); key !== null; key = this.#planned.take(now)) {
      const lane = this.#lanes.get(key);
      if (lane === undefined) continue;
      lane.plannedAt = Number.POSITIVE_INFINITY;
      this.plan(lane, now);
    }
  }
}
