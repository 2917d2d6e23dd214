/**
 * What an operator can do to a running runtime, free of HTTP. The admin API calls it; the process that owns the state
 * folder implements it.
 */

import type { StatusReport } from '../../admin-api/answers.ts';
import type { AnswerTo, HoldSelection, Route, SampleField } from '../../admin-api/routes.ts';
import type { ReplayListener } from '../redelivery/replay-view.ts';
import type { Problem } from './problem.ts';

export type Done<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** With what a discard may be chosen by besides. */
export type HoldChoice = HoldSelection & {
  readonly verifiedBy?: string | undefined;
  /** "<path>=<value>", in the body. */
  readonly match?: string | undefined;
};

type Answered<R extends Route> = Promise<Done<AnswerTo<R>>>;

export interface Control {
  status(): Promise<StatusReport>;
  /** Prometheus text. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Whether requests are served. */
  isReady(): boolean;
  pause(connector: string, by: string, reason: string): Answered<'POST /connectors/:id/pause'>;
  resume(connector: string, by: string): Answered<'POST /connectors/:id/resume'>;
  resumeAll(by: string): Answered<'POST /resume'>;
  openCapture(connector: string, seconds: number): Answered<'POST /connectors/:id/capture'>;
  closeCapture(connector: string): Answered<'DELETE /connectors/:id/capture'>;
  captureOf(connector: string): Answered<'GET /connectors/:id/capture'>;
  send(connector: string, sample: SampleField, to: string | undefined): Answered<'POST /connectors/:id/send'>;
  /** Oldest first. */
  holds(filter: {
    readonly connector?: string;
    readonly code?: string;
    /** Those made after this one. */
    readonly after?: string;
    readonly limit: number;
  }): Answered<'GET /held'>;
  hold(id: string): Answered<'GET /held/:id'>;
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
  ): Answered<'POST /held/replay'>;
  discard(
    selection: HoldChoice,
    options: { readonly by: string; readonly dryRun: boolean },
  ): Answered<'POST /held/discard'>;
}

export function done<T>(value: T): Done<T> {
  return { ok: true, value };
}

export function refuse(status: number, detail: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { status, detail } };
}
