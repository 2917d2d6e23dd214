/**
 * `RuntimeState` in a worker process: reads from a local copy that the owner keeps current, writes through the owner.
 * A request counts as kept only after the owner's durable acknowledgement; no answer in time means it was not kept.
 */

import type { PauseRecord, StoredRequest } from '../../admin-api/records.ts';
import { canonicalJson } from '../../bundle/canonical-json.ts';
import { systemTimer, type Timer } from '../../outcomes/timer.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import { pauseOf } from './overlay.ts';
import { PendingCalls } from './pending-calls.ts';
import { EMPTY_SNAPSHOT, type StateSnapshot, unpackSnapshot } from './snapshot.ts';
import type { CaptureWindow, KeepResult, NewHold, RuntimeState, SetAside } from './state.ts';
import { type Channel, isStateMessage, type OwnerMessage, type WorkerMessage } from './worker-protocol.ts';

export interface WorkerStateOptions {
  readonly timer?: Timer;
  /** How long the owner may take to keep a request, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A webhook sender waits 3 s to 10 s; a disk that takes longer has failed for it. */
const TIMEOUT_MS = 5000;
const NO_ANSWER = 'the process that owns the state folder did not answer in time';

/** Resolves once the worker knows what is paused; before that it must not serve. */
export async function connectWorkerState(
  channel: Channel,
  options: WorkerStateOptions = {},
): Promise<RuntimeState> {
  const state = new WorkerState(channel, options.timer ?? systemTimer, options.timeoutMs ?? TIMEOUT_MS);
  await state.greet();
  return state;
}

class WorkerState implements RuntimeState {
  readonly #channel: Channel;
  readonly #calls: PendingCalls<OwnerMessage>;
  #snapshot: StateSnapshot = EMPTY_SNAPSHOT;
  #greeted: () => void = () => {};

  constructor(channel: Channel, timer: Timer, timeoutMs: number) {
    this.#channel = channel;
    this.#calls = new PendingCalls(timer, timeoutMs);
  }

  greet(): Promise<void> {
    return new Promise((resolve) => {
      this.#greeted = resolve;
      this.#channel.onMessage((message) => {
        if (isStateMessage(message)) this.#receive(message as OwnerMessage);
      });
      this.#post({ state: 'hello' });
    });
  }

  isOurs(): boolean {
    return this.#snapshot.isOurs;
  }

  pauseOf(connector: string, behaviour: string, before?: string): PauseRecord | null {
    return pauseOf(this.#snapshot.overlay, connector, behaviour, before);
  }

  captureWindowOf(connector: string, now: number): CaptureWindow | null {
    return (
      this.#snapshot.windows.find((window) => window.connector === connector && now < window.endsAt) ?? null
    );
  }

  async keep(hold: NewHold): Promise<KeepResult> {
    const answer = await this.#call((call) => ({ state: 'keep', call, hold: canonicalJson(hold) }));
    return answer?.state === 'kept' ? answer.result : { ok: false, reason: NO_ANSWER };
  }

  async setAside(hold: NewHold): Promise<SetAside> {
    const answer = await this.#call((call) => ({ state: 'aside', call, hold: canonicalJson(hold) }));
    return answer?.state === 'set-aside' ? answer.result : { ok: false, reason: NO_ANSWER };
  }

  fitted(connector: string, hasRecipient: boolean): void {
    if (this.#snapshot.streaks.includes(connector)) this.#post({ state: 'fitted', connector, hasRecipient });
  }

  async capture(connector: string, request: StoredRequest, now: number): Promise<{ ok: boolean }> {
    const answer = await this.#call((call) => ({ state: 'capture', call, connector, request, now }));
    return { ok: answer?.state === 'captured' && answer.result.ok };
  }

  drifted(connector: string, differences: readonly Difference[], now: number): void {
    this.#post({ state: 'drifted', connector, differences, now });
  }

  #receive(message: OwnerMessage): void {
    if (message.state === 'snapshot') {
      this.#snapshot = unpackSnapshot(this.#snapshot, message.snapshot);
      this.#greeted();
    } else {
      this.#calls.answer(message.call, message);
    }
  }

  #call(message: (call: number) => WorkerMessage): Promise<OwnerMessage | null> {
    return this.#calls.start((call) => this.#post(message(call)));
  }

  #post(message: WorkerMessage): boolean {
    try {
      this.#channel.post(message);
      return true;
    } catch {
      return false;
    }
  }
}
