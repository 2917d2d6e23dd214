/**
 * What the owner of the state folder and a worker process say to each other, over a channel that may carry other
 * messages too. Plain JSON: holds travel as text, as their triggers may hold big integers.
 */
import type { StoredRequest } from '../../admin-api/records.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import type { SnapshotMessage } from './snapshot.ts';
import type { KeepResult, SetAside } from './state.ts';

/** One end of a connection between two processes, or a test's stand-in. Keeps the order of messages. */
export interface Channel {
  /** Throws, or does nothing, when the other end is gone. */
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

export type WorkerMessage =
  | { readonly state: 'hello' }
  | { readonly state: 'keep'; readonly call: number; readonly hold: string }
  | {
      readonly state: 'capture';
      readonly call: number;
      readonly connector: string;
      readonly request: StoredRequest;
      readonly now: number;
    }
  | { readonly state: 'aside'; readonly call: number; readonly hold: string }
  | { readonly state: 'fitted'; readonly connector: string; readonly hasRecipient: boolean }
  | {
      readonly state: 'drifted';
      readonly connector: string;
      readonly differences: readonly Difference[];
      readonly now: number;
    };

export type OwnerMessage =
  | { readonly state: 'snapshot'; readonly snapshot: SnapshotMessage }
  | { readonly state: 'kept'; readonly call: number; readonly result: KeepResult }
  | { readonly state: 'set-aside'; readonly call: number; readonly result: SetAside }
  | { readonly state: 'captured'; readonly call: number; readonly result: { readonly ok: boolean } };

/** Whether a message is one of these; the channel's other messages have no `state`. */
export function isStateMessage(message: unknown): boolean {
  return isJsonObject(message) && typeof message.state === 'string';
}
