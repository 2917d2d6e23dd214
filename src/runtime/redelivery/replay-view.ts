/** What a replay or a dry run came to, in the words of the admin API and the command line. */

import type { ReplayLine, ReplayView } from '../../admin-api/answers.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { DryRunResult, ReplayResult } from './replay.ts';

/** Hears of a replay while it goes on. The replay waits for it: whoever is slow to take results has few of them in memory. */
export interface ReplayListener {
  /** How many holds there are to replay. */
  selected(total: number): void | Promise<void>;
  replayed(result: ReplayView): void | Promise<void>;
}

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
