/**
 * Stands before a target. In: triggers to send. Out: what the target said, or at once that the trigger is better kept: its
 * flow fails, or has all the places that it may have. One flow that is slow, hangs or fails costs the others nothing.
 */
import type { FlowReport } from '../../admin-api/answers.ts';
import type { Delivery, OutgoingTrigger } from '../../outcomes/delivery.ts';
import type { Target } from '../targets/target.ts';
import { type Cause, Circuit } from './circuit.ts';
import { DEFAULT_PLACES, type PlaceLimits, Places } from './places.ts';

export interface DeliveryRoomOptions {
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow?: () => number;
  /** 0 to 1. */
  readonly random?: () => number;
  readonly places?: PlaceLimits;
}

/** Beyond so many flows, those of which nothing is known are forgotten. */
const MAX_BLANK = 4096;

export class DeliveryRoom {
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #places: Places;
  /** By target, then by flow. */
  readonly #circuits = new Map<string, Map<string, Circuit>>();
  readonly #listeners = new Set<(circuit: Circuit) => void>();
  #count = 0;

  constructor(options: DeliveryRoomOptions = {}) {
    this.#now = options.monotonicNow ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
    this.#places = new Places(options.places ?? DEFAULT_PLACES);
  }

  /** Places that are taken, of all flows. */
  get inFlight(): number {
    return this.#places.used;
  }

  circuit(target: string, flow: string): Circuit {
    let flows = this.#circuits.get(target);
    if (flows === undefined) {
      flows = new Map();
      this.#circuits.set(target, flows);
    }
    let circuit = flows.get(flow);
    if (circuit === undefined) {
      if (this.#count >= MAX_BLANK) this.#forgetBlank();
      circuit = new Circuit(target, flow, this.#random);
      flows.set(flow, circuit);
      this.#count += 1;
    }
    return circuit;
  }

  /** The target, with this room before it. */
  outlet(target: Target, cause: Cause): Target {
    return {
      name: target.name,
      close: () => target.close(),
      send: (trigger, signal) => this.#send(target, cause, trigger, signal),
    };
  }

  /** Another process has reached it: requests may be sent again. */
  heardWell(target: string, flow: string): void {
    const circuit = this.#circuits.get(target)?.get(flow);
    if (circuit === undefined || circuit.requests.openedAt === null) return;
    circuit.requests.succeeded(this.#now());
    circuit.holds.succeeded(this.#now());
    for (const listener of this.#listeners) listener(circuit);
  }

  /** Called when a flow's state changes. Returns how to stop. */
  subscribe(listener: (circuit: Circuit) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every flow that fails, or has something in flight or waiting. `wallNow`: milliseconds since the epoch, now. */
  report(wallNow: number): readonly FlowReport[] {
    const now = this.#now();
    const flows: FlowReport[] = [];
    for (const circuit of this.#all()) {
      if (circuit.isBlank) continue;
      const { target, flow, state, requests, holds, inFlight, waiting } = circuit;
      const opened = [requests.openedAt, holds.openedAt].filter((at) => at !== null);
      const next = [requests, holds]
        .filter(({ openedAt }) => openedAt !== null)
        .map(({ probeAt }) => probeAt);
      flows.push({
        target,
        flow,
        state,
        since: opened.length === 0 ? null : Math.round(wallNow - now + Math.min(...opened)),
        failures: Math.max(requests.failures, holds.failures),
        reason: (holds.last ?? requests.last)?.reason ?? null,
        nextTryAt: next.length === 0 ? null : Math.round(wallNow - now + Math.min(...next)),
        inFlight,
        waiting,
      });
    }
    return flows;
  }

  #send(target: Target, cause: Cause, trigger: OutgoingTrigger, signal: AbortSignal): Promise<Delivery> {
    const circuit = this.circuit(trigger.target ?? target.name, trigger.actionFlow);
    // What is sent again asked the flow's breaker before it was read; a person wants to know.
    if (cause === 'request' && !circuit.admitRequest(this.#now()))
      return Promise.resolve(deferred(circuit, this.#now()));
    if (!this.#places.take(circuit.inFlight)) return Promise.resolve(full(circuit));
    circuit.inFlight += 1;
    const startedAt = this.#now();
    const settle = (delivery: Delivery): Delivery => {
      circuit.inFlight -= 1;
      this.#places.giveBack();
      if (circuit.note(delivery, cause, signal.aborted, startedAt, this.#now()))
        for (const listener of this.#listeners) listener(circuit);
      return delivery;
    };
    // A target that breaks its promise not to reject has not acknowledged anything.
    return sendSafely(target, trigger, signal).then(settle, () => settle(SILENT));
  }

  *#all(): Iterable<Circuit> {
    for (const flows of this.#circuits.values()) yield* flows.values();
  }

  #forgetBlank(): void {
    for (const flows of this.#circuits.values())
      for (const circuit of flows.values()) if (circuit.isBlank) flows.delete(circuit.flow);
    this.#count = 0;
    for (const flows of this.#circuits.values()) this.#count += flows.size;
  }
}

const SILENT: Delivery = { ok: false, retry: true, reason: 'the target failed without saying why' };

/** A target may even throw. */
function sendSafely(target: Target, trigger: OutgoingTrigger, signal: AbortSignal): Promise<Delivery> {
  try {
    return target.send(trigger, signal);
  } catch {
    return Promise.resolve(SILENT);
  }
}

function deferred({ flow, requests }: Circuit, now: number): Delivery {
  const { last, probeAt } = requests;
  const why = last === null ? '' : ` (${last.reason})`;
  return {
    ok: false,
    retry: true,
    isDeferred: true,
    reason: `the flow ${flow} does not take triggers at the moment${why}: sent when it does`,
    // Another process may be the one that sends it.
    ...(last !== null && last.retryAfterMs > 0 ? { retryAfterMs: Math.max(0, probeAt - now) } : {}),
  };
}

function full({ flow, inFlight }: Circuit): Delivery {
  return {
    ok: false,
    retry: true,
    isDeferred: true,
    reason: `${inFlight} triggers of the flow ${flow} wait for the target already: sent when there is room`,
  };
}
