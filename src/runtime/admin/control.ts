/**
 * What an operator can do to a running runtime, free of HTTP. The admin API calls it; the process that owns the state
 * folder implements it.
 */

import type { OutgoingTrigger } from '../../outcomes/delivery.ts';
import type { ReplayListener, ReplayView } from '../redelivery/replay-view.ts';
import type { HoldList, HoldSummary } from '../state/hold-index.ts';
import type { Hold, PauseRecord } from '../state/state.ts';
import type { Problem } from './problem.ts';
import type { SampleField } from './read-fields.ts';
import type { StatusReport } from './status-report.ts';

export type Done<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export interface HoldSelection {
  readonly ids?: readonly string[];
  readonly connector?: string;
  readonly verifiedBy?: string;
}

export interface CaptureView {
  readonly window: { readonly endsAt: number } | null;
  readonly latest: {
    readonly name: string;
    /** {headers, body} */
    readonly sample: unknown;
  } | null;
}

export interface SendView {
  readonly outcome: string;
  readonly code: string;
  readonly message?: string;
  readonly triggers: readonly OutgoingTrigger[];
}

export interface Control {
  status(): Promise<StatusReport>;
  /** Prometheus text. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Whether requests are served. */
  isReady(): boolean;
  pause(connector: string, by: string, reason: string): Promise<Done<{ readonly paused: PauseRecord }>>;
  /** `held`: how many requests of the connector wait for a replay. */
  resume(
    connector: string,
    by: string,
  ): Promise<Done<{ readonly held: number; readonly wasPaused: boolean }>>;
  resumeAll(by: string): Promise<Done<{ readonly held: number }>>;
  openCapture(
    connector: string,
    seconds: number,
  ): Promise<Done<{ readonly url: string; readonly endsAt: number }>>;
  closeCapture(connector: string): Promise<Done<object>>;
  captureOf(connector: string): Promise<Done<CaptureView>>;
  send(connector: string, sample: SampleField, to: string | undefined): Promise<Done<SendView>>;
  /** Oldest first. */
  holds(filter: {
    readonly connector?: string;
    readonly code?: string;
    /** Those made after this one. */
    readonly after?: string;
    readonly limit: number;
  }): Promise<Done<HoldList>>;
  hold(id: string): Promise<Done<Hold>>;
  /** Stops between two holds when the signal aborts. What a listener hears is not in the results too. */
  replay(
    selection: HoldSelection,
    options: {
      readonly dryRun: boolean;
      /** Requests of one event are sent each, under ids of their own. */
      readonly each?: boolean;
      readonly by: string;
      readonly signal: AbortSignal;
      readonly listener?: ReplayListener;
    },
  ): Promise<Done<{ readonly results: readonly ReplayView[] }>>;
  /** With `dryRun` nothing is dropped; `chosen` is what would be. */
  discard(
    selection: HoldSelection,
    options: { readonly by: string; readonly dryRun: boolean },
  ): Promise<Done<{ readonly discarded: number; readonly chosen?: readonly HoldSummary[] }>>;
}

export function done<T>(value: T): Done<T> {
  return { ok: true, value };
}

export function refuse(status: number, detail: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { status, detail } };
}
