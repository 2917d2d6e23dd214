/**
 * Sends again what the target did not take: the stored triggers as they are, under the same invocation ids, until the
 * target took or refused each. Runs where the state folder is owned. Never sends live for a connector that is not live
 * now, and nothing for one that is paused, disabled or gone: those holds stay as they are. Flows take turns.
 */

import type { Hold, HoldSummary } from '../../admin-api/records.ts';
import { systemTimer, type Timer } from '../../outcomes/timer.ts';
import { RETRY_AFTER_CAP_MS } from '../delivery/breaker.ts';
import type { DeliveryRoom } from '../delivery/delivery-room.ts';
import type { StateOwner } from '../state/state-owner.ts';
import type { Target } from '../targets/target.ts';
import { HOLD_CAP_MS, HoldAttempts, SENT_AGAIN } from './attempt-hold.ts';
import { backoff } from './backoff.ts';
import { FlowLane } from './flow-lane.ts';
import { LaneTurns } from './lane-turns.ts';
import type { ReplayResult } from './replay.ts';

export interface ConnectorState {
  readonly mode: 'test' | 'live' | 'disabled' | 'absent';
  readonly paused: boolean;
}

export interface RedeliveryOptions {
  readonly owner: Pick<StateOwner, 'holds' | 'subscribe'>;
  readonly target: Target;
  /** What requests of this process go through too. */
  readonly room: DeliveryRoom;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since anything; never set back: a clock that jumps delays nothing. */
  readonly monotonicNow?: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly timer?: Timer;
  /** As the active bundle and the overlay have it now. */
  readonly connectorState: (connector: string) => ConnectorState;
  /** Judges anew what no script process was free for, and delivers what it comes to by that target. */
  readonly rejudge: (hold: Hold, target: Target) => Promise<ReplayResult>;
}

export interface Redelivery {
  /** Looks again at what was not allowed: after a bundle was activated. Pauses and resumes are noticed without it. */
  wake(): void;
  status(): RedeliveryStatus;
  /** Gives up what is being sent, and resolves when nothing is sent any more. */
  stop(): Promise<void>;
}

export interface RedeliveryStatus {
  /** Holds that wait for their next attempt. */
  readonly waiting: number;
  /** Holds that may not be sent as their connector is now. */
  readonly parked: number;
}

/** Holds that are sent at the same time: a quarter of the places of a process, so that requests find theirs. */
const MAX_SENDING = 128;
/** Of them, those of flows that failed last: each may take its whole time. */
const MAX_DOUBTFUL = 64;

export function startRedelivery(options: RedeliveryOptions): Redelivery {
  return new RedeliveryLoop(options);
}

class RedeliveryLoop implements Redelivery {
  readonly #options: RedeliveryOptions;
  readonly #timer: Timer;
  readonly #monotonicNow: () => number;
  readonly #abort = new AbortController();
  readonly #attempts: HoldAttempts;
  readonly #turns = new LaneTurns();
  /** Known here: in a lane, parked or being sent. */
  readonly #known = new Set<string>();
  readonly #parked = new Set<string>();
  readonly #sending = new Map<string, Promise<void>>();
  readonly #unsubscribe: () => void;
  readonly #ignoreFlows: () => void;
  #doubtful = 0;
  #cancelTimer: () => void = () => {};

  constructor(options: RedeliveryOptions) {
    this.#options = options;
    const { owner, room, target, now, random, rejudge } = options;
    this.#timer = options.timer ?? systemTimer;
    this.#monotonicNow = options.monotonicNow ?? (() => performance.now());
    const stopped = this.#abort.signal;
    const outlet = room.outlet(target, 'redelivery');
    this.#attempts = new HoldAttempts({
      owner,
      target: {
        ...outlet,
        send: (trigger, signal) => outlet.send(trigger, AbortSignal.any([signal, stopped])),
      },
      timer: this.#timer,
      now,
      random,
      stopped,
      mayBeSent: (hold) => this.#mayBeSent(hold),
      rejudge,
    });
    this.#unsubscribe = owner.subscribe((change) => {
      if (change.kind === 'held') this.#notice(change.id);
      else if (change.kind === 'overlay') this.wake();
    });
    this.#ignoreFlows = room.subscribe(({ target: name, flow, holds }) => {
      const lane = this.#turns.get(laneKey(name, flow));
      if (lane === undefined) return;
      if (holds.openedAt === null) lane.startRound(this.#monotonicNow());
      this.#turns.plan(lane, this.#monotonicNow());
      this.#pump();
    });
    for (const { id } of owner.holds.list().holds) this.#enqueue(id);
    this.#pump();
  }

  wake(): void {
    const parked = [...this.#parked];
    this.#parked.clear();
    for (const id of parked) this.#add(id, 0);
    this.#pump();
  }

  status(): RedeliveryStatus {
    return { waiting: this.#known.size - this.#parked.size - this.#sending.size, parked: this.#parked.size };
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#unsubscribe();
    this.#ignoreFlows();
    this.#cancelTimer();
    await Promise.all(this.#sending.values());
  }

  #notice(id: string): void {
    if (this.#known.has(id)) {
      if (this.#options.owner.holds.summary(id) === null && !this.#sending.has(id)) this.#forget(id);
      return;
    }
    this.#enqueue(id);
    this.#pump();
  }

  #enqueue(id: string): void {
    const summary = this.#options.owner.holds.summary(id);
    if (summary === null || !SENT_AGAIN.has(summary.code)) return;
    const { now, random } = this.#options;
    // A time far ahead was written under another clock.
    const wait =
      summary.nextAttemptAt === null
        ? backoff(1, HOLD_CAP_MS, random)
        : Math.min(Math.max(0, summary.nextAttemptAt - now()), RETRY_AFTER_CAP_MS);
    this.#known.add(id);
    this.#add(id, wait);
  }

  #add(id: string, wait: number): void {
    const lane = this.#laneOf(id);
    const now = this.#monotonicNow();
    if (lane === null) {
      this.#forget(id);
    } else {
      lane.add(id, now + wait);
      this.#turns.plan(lane, now);
    }
  }

  /** Holds of one flow share a lane; those to be judged anew one for each connector. */
  #laneOf(id: string): FlowLane | null {
    const { owner, room, target, random } = this.#options;
    const summary = owner.holds.summary(id);
    if (summary === null) return null;
    const { connector, flow } = summary;
    const name = summary.target ?? target.name;
    const key = flow === null ? laneKey('', connector) : laneKey(name, flow);
    const known = this.#turns.get(key);
    if (known !== undefined) return known;
    const lane = new FlowLane(key, flow === null ? null : room.circuit(name, flow), random);
    this.#turns.add(lane);
    return lane;
  }

  /** Starts what is due, as far as there are places, and sets the timer for the rest. */
  #pump(): void {
    this.#cancelTimer();
    if (this.#abort.signal.aborted) return;
    const now = this.#monotonicNow();
    while (this.#sending.size < MAX_SENDING) {
      const lane = this.#turns.next(now, this.#doubtful < MAX_DOUBTFUL);
      if (lane === null) break;
      const id = lane.take(now);
      if (id !== null) this.#start(id, lane);
      this.#turns.plan(lane, now);
    }
    const nextAt = this.#turns.nextAt();
    // Where all places are taken, the first that ends calls again.
    if (nextAt === null || this.#sending.size >= MAX_SENDING) return;
    this.#cancelTimer = this.#timer.start(Math.max(0, nextAt - now), () => this.#pump());
  }

  #start(id: string, lane: FlowLane): void {
    const now = this.#monotonicNow();
    const summary = this.#options.owner.holds.summary(id);
    if (summary === null || !SENT_AGAIN.has(summary.code)) {
      this.#forget(id);
      lane.forget();
      lane.ended(null, now);
    } else if (!this.#mayBeSent(summary)) {
      this.#parked.add(id);
      lane.forget();
      lane.ended(null, now);
    } else {
      this.#sending.set(id, this.#attempt(id, lane));
    }
  }

  #mayBeSent({ connector, mode }: Pick<HoldSummary, 'connector' | 'mode'>): boolean {
    const state = this.#options.connectorState(connector);
    return !state.paused && (state.mode === 'live' || (state.mode === 'test' && mode === 'test'));
  }

  async #attempt(id: string, lane: FlowLane): Promise<void> {
    const isDoubtful = lane.isDoubtful;
    if (isDoubtful) this.#doubtful += 1;
    const { waitMs, isFailed } = await this.#attempts.attempt(id);
    if (isDoubtful) {
      this.#doubtful -= 1;
      this.#turns.bringBack();
    }
    this.#sending.delete(id);
    const ended = this.#monotonicNow();
    lane.ended(isFailed, ended);
    if (waitMs === null) {
      lane.forget();
      this.#forget(id);
    } else if (this.#laneOf(id) === lane) {
      lane.again(id, ended + waitMs);
    } else {
      // It was judged anew, and is a flow's affair now.
      lane.forget();
      this.#add(id, waitMs);
    }
    this.#turns.plan(lane, ended);
    this.#pump();
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#parked.delete(id);
    this.#attempts.forget(id);
  }
}

function laneKey(target: string, flow: string): string {
  return `${target}\n${flow}`;
}
