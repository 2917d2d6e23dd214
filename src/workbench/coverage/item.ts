/** One thing that the cases of a connector can show. */
import type { Observation } from '../cases/observe.ts';

export interface CoverageItem {
  readonly part:
    | 'when'
    | 'testWhen'
    | 'mapping'
    | 'shape'
    | 'allowIps'
    | 'urlKey'
    | 'signature'
    | 'handshake';
  /** What of the part, as the connector file has it. */
  readonly name: string;
  /** What a case has to show of it. */
  readonly side: string;
  isShownBy(observation: Observation): boolean;
}
