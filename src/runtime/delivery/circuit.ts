/**
 * One flow at one target: its places in flight and its breakers. What a sender waits for and what is sent again have a
 * breaker each, as the second may take longer: a flow that answers after 5 s is too slow for one and well for the other.
 */
import type { FlowState } from '../../admin-api/answers.ts';
import type { Delivery } from '../../outcomes/delivery.ts';
import { Breaker, type Failure } from './breaker.ts';

/** What sends: a sender's request that waits, a hold that is sent again, or a person. */
export type Cause = 'request' | 'redelivery' | 'operator';

/** How long a sender's request waits for a target (stage 13), in milliseconds. */
export const QUICK_MS = 2000;
/** How long a target may take where no sender waits. */
export const PATIENT_MS = 30_000;
/** From both ends of what waits: one bad request at the front must not speak for all. */
const HOLD_PROBES = 2;

export class Circuit {
  readonly target: string;
  readonly flow: string;
  readonly requests: Breaker;
  readonly holds: Breaker;
  inFlight = 0;
  /** Holds that will be sent again. */
  waiting = 0;
  /** When a hold was last taken, after longer than a sender would have waited. */
  #lateSuccessAt = Number.NEGATIVE_INFINITY;

  constructor(target: string, flow: string, random: () => number) {
    this.target = target;
    this.flow = flow;
    this.requests = new Breaker({ random, probes: 1 });
    this.holds = new Breaker({ random, probes: HOLD_PROBES });
  }

  get state(): FlowState {
    const { requests, holds } = this;
    if (requests.openedAt === null && holds.openedAt === null) return 'well';
    if ((holds.last ?? requests.last)?.isParked) return 'parked';
    return requests.openedAt !== null && this.#lateSuccessAt > requests.openedAt ? 'slow' : 'failing';
  }

  /** Whether a sender's request may be sent now. */
  admitRequest(now: number): boolean {
    if (this.requests.openedAt === null) return true;
    // Where probes take their whole time, no sender waits for one as long as there are holds to probe with.
    return (this.waiting === 0 || this.requests.last?.isLate !== true) && this.requests.admit(now);
  }

  /** Nothing is known of it that a new one would not know. */
  get isBlank(): boolean {
    return this.inFlight + this.waiting === 0 && this.requests.failures === 0 && this.holds.failures === 0;
  }

  /** `isLate`: the attempt was ended because its time was over. True: the state is another now. */
  note(delivery: Delivery, cause: Cause, isLate: boolean, startedAt: number, now: number): boolean {
    const { requests, holds } = this;
    // A refusal is an answer: the flow is well.
    if (delivery.ok || !delivery.retry) {
      if (requests.failures === 0 && holds.failures === 0) return false;
      const isQuick = now - startedAt <= QUICK_MS;
      const before = this.state;
      if (isQuick) requests.succeeded(now);
      else this.#lateSuccessAt = now;
      holds.succeeded(now);
      return this.state !== before;
    }
    const failure: Failure = {
      reason: delivery.reason,
      retryAfterMs: delivery.retryAfterMs ?? 0,
      isParked: delivery.isDeploymentFault === true,
      isLate,
    };
    // One hold that the flow never takes says nothing about new requests; what the target asks for concerns all.
    const concernsRequests = cause !== 'redelivery' || failure.isParked || failure.retryAfterMs > 0;
    const before = this.state;
    if (concernsRequests) requests.failed(now, startedAt, failure);
    // What took too long for a sender may still be in time for a hold.
    if (cause === 'redelivery' || !isLate) holds.failed(now, startedAt, failure);
    return this.state !== before;
  }
}
