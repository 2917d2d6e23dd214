/** What a replay or a dry run came to, in the words of the admin API and the command line. */

import type { OutgoingTrigger } from '../../outcomes/delivery.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { DryRunResult, ReplayResult } from './replay.ts';

export interface ReplayView {
  readonly id: string;
  readonly connector: string;
  readonly outcome: 'delivered' | 'ignored' | 'held' | 'refused';
  readonly code: string;
  readonly message?: string;
  /** Dry runs only: what would be sent. */
  readonly triggers?: readonly OutgoingTrigger[];
}

/** Hears of a replay while it goes on. The replay waits for it: whoever is slow to take results has few of them in memory. */
export interface ReplayListener {
  /** How many holds there are to replay. */
  selected(total: number): void | Promise<void>;
  replayed(result: ReplayView): void | Promise<void>;
}

/** One line that a replay streams: first how many holds there are, then each result. */
export type ReplayLine = { readonly total: number } | ReplayView;

export const REPLAY_STREAM = 'application/x-ndjson';

export function encodeReplayLine(line: ReplayLine): string {
  return `${stringifyJson(line as unknown as JsonValue)}\n`;
}

const UNKNOWN_HOLD = 'nothing is held under this id (any more)';

export function viewUnknownHold(id: string): ReplayView {
  return { id, connector: '', outcome: 'refused', code: 'hold-unknown', message: UNKNOWN_HOLD };
}

export function viewReplay(id: string, connector: string, result: ReplayResult | DryRunResult): ReplayView {
  const stays = 'it was sent, but the hold cannot be removed; sending it again starts nothing twice';
  switch (result.kind) {
    case 'refused':
      return { id, connector, outcome: 'refused', code: result.code, message: result.message };
    case 'delivered': {
      const message = result.removed ? {} : { message: stays };
      return { id, connector, outcome: 'delivered', code: 'delivered', ...message };
    }
    case 'would-deliver':
      return { id, connector, outcome: 'delivered', code: 'would-deliver', triggers: result.triggers };
    case 'ignored':
      return { id, connector, outcome: 'ignored', code: result.code };
    case 'held':
      return { id, connector, outcome: 'held', code: result.code, message: result.message };
  }
}
