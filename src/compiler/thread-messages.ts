/** What the compiler's threads say to each other: plain data, which the structured clone carries over. */
import type { ScriptMappingPlan } from '../stages/plans.ts';
import type { ScriptRequest, ScriptResult } from '../stages/script/script-runner.ts';
import type { ConnectorLocation } from './load.ts';

export type ToThread =
  | { readonly kind: 'compile'; readonly work: readonly (readonly [index: number, ConnectorLocation])[] }
  | { readonly kind: 'result'; readonly call: number; readonly result: ScriptResult };

export type FromThread =
  /** The bytes of the connector's record, and nothing else in their buffer. */
  | { readonly kind: 'compiled'; readonly index: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | {
      readonly kind: 'run';
      /** Comes back with the result. */
      readonly call: number;
      readonly connector: string;
      readonly script: ScriptMappingPlan;
      readonly request: ScriptRequest;
      readonly options: { readonly trace?: boolean } | undefined;
    };
