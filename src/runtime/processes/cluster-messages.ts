/**
 * What the owner of the state folder and its workers say to each other besides the state's own messages, which have a
 * `state` where these have a `kind`. Structured clones: bundles travel as bytes.
 */
import type { FlowReport } from '../../admin-api/answers.ts';
import type { RuntimeConfig } from '../config/config.ts';
import type { ListenFailure } from '../ingress/listen.ts';

export interface SentBundle {
  readonly bytes: Uint8Array;
  readonly source: string;
  /** Where its secrets are found; null: in the worker's own environment. */
  readonly secretEnv: Readonly<Record<string, string | undefined>> | null;
}

export type ToWorker =
  | {
      readonly kind: 'start';
      readonly config: RuntimeConfig;
      /** null: there is none yet. */
      readonly bundle: SentBundle | null;
    }
  | { readonly kind: 'bundle'; readonly call: number; readonly bundle: SentBundle }
  | { readonly kind: 'metrics'; readonly call: number }
  /** What is sent again reached it: requests need not wait for a probe of their own. */
  | { readonly kind: 'flow-well'; readonly target: string; readonly flow: string }
  | { readonly kind: 'stop'; readonly graceMs: number };

export type FromWorker =
  /** It is there, and wants to be told to start. */
  | { readonly kind: 'hello' }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly code: ListenFailure; readonly message: string }
  | { readonly kind: 'broken'; readonly connector: string }
  | { readonly kind: 'flows'; readonly flows: readonly FlowReport[] }
  /** The answer to a call. */
  | { readonly kind: 'done'; readonly call: number; readonly value: unknown };

/** Whether a message is one of these. */
export function isClusterMessage(message: unknown): message is ToWorker | FromWorker {
  return (
    typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string'
  );
}
