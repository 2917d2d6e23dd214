/** What the host hands to a script process, and what it hears of it. */
import type { ScriptResult } from '../../stages/script/script-runner.ts';

export interface ScriptCall {
  readonly digest: string;
  readonly source: string;
  readonly requestText: string;
  readonly trace: boolean;
  /** By the clock, where it is given more than its processor time; absent: as long as a script may run. */
  readonly wallMs?: number | undefined;
}

export interface ProcessLimits {
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly givesWay: boolean;
}

export type Answer =
  | { readonly kind: 'result'; readonly result: ScriptResult; readonly tookMs: number }
  /** The process ended while it ran the call, without the script being known to be the reason. */
  | { readonly kind: 'lost'; readonly how: string }
  /** Its time was over, and it had next to nothing of the processor: the machine is at fault. */
  | { readonly kind: 'starved' }
  | { readonly kind: 'not-started' };

export type Settle<Call> = (call: Call, answer: Answer) => void;
