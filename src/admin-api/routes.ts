/**
 * The admin API: each route with the types of its body and its answer. The runtime serves these and nothing else (health
 * and metrics apart), and clients call them by the same name: an answer that changes is a type error on both sides.
 */
import type { CaptureView, ReplayView, SendView, StatusReport } from './answers.ts';
import type { Hold, HoldList, HoldSummary, PauseRecord } from './records.ts';

/** An example request. */
export interface SampleField {
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

export interface HoldSelection {
  readonly ids?: readonly string[] | undefined;
  readonly connector?: string | undefined;
}

/** Names of people go into the log. */
interface By {
  readonly by: string;
}

export interface Routes {
  'GET /status': { answer: StatusReport };
  'POST /connectors/:id/pause': {
    body: By & { readonly reason?: string | undefined };
    answer: { readonly connector: string; readonly paused: PauseRecord };
  };
  /** `held`: how many requests of the connector wait for a replay. */
  'POST /connectors/:id/resume': {
    body: By;
    answer: { readonly connector: string; readonly wasPaused: boolean; readonly held: number };
  };
  /** Every connector. */
  'POST /resume': { body: By; answer: { readonly held: number } };
  'POST /connectors/:id/capture': {
    body: { readonly seconds: number };
    answer: { readonly url: string; readonly endsAt: number };
  };
  'DELETE /connectors/:id/capture': { answer: { readonly connector: string } };
  'GET /connectors/:id/capture': { answer: CaptureView };
  'POST /connectors/:id/send': {
    body: { readonly sample: SampleField; readonly to?: string | undefined };
    answer: SendView;
  };
  /** Oldest first. Query: connector, code, after (an id), limit. */
  'GET /held': { answer: HoldList };
  'GET /held/:id': { answer: Hold };
  /** With `accept: REPLAY_STREAM` a line for each result, as it comes. */
  'POST /held/replay': {
    body: HoldSelection &
      By & {
        readonly dryRun?: boolean | undefined;
        /** Requests of one event are sent each, under ids of their own. */
        readonly each?: boolean | undefined;
      };
    answer: { readonly results: readonly ReplayView[] };
  };
  /** With `dryRun` nothing is dropped; `chosen` is what would be. */
  'POST /held/discard': {
    body: HoldSelection &
      By & {
        readonly verifiedBy?: string | undefined;
        /** "<path>=<value>": those whose body says it. */
        readonly match?: string | undefined;
        readonly dryRun?: boolean | undefined;
      };
    answer: { readonly discarded: number; readonly chosen?: readonly HoldSummary[] };
  };
}

export type Route = keyof Routes;

export type AnswerTo<R extends Route> = Routes[R]['answer'];

export type BodyOf<R extends Route> = Routes[R] extends { body: infer Body } ? Body : undefined;

/** What a call needs besides the route: the id in its path and its body, where it has them. */
export type CallTo<R extends Route> = (R extends `${string}/:id${string}`
  ? { readonly id: string }
  : object) &
  (Routes[R] extends { body: infer Body } ? { readonly body: Body } : object) & {
    readonly query?: Readonly<Record<string, string>>;
  };

/** The method and the path of a call. */
export function addressOf<R extends Route>(
  route: R,
  call: { readonly id?: string; readonly query?: Readonly<Record<string, string>> },
): { readonly method: string; readonly path: string } {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replace(':id', () => encodeURIComponent(call.id ?? ''));
  const query = new URLSearchParams(call.query).toString();
  return { method, path: query === '' ? path : `${path}?${query}` };
}
