/**
 * What became of a request: a closed union over the table of codes. The pipeline gives one of these; the ingress turns it into an HTTP
 * answer, the log and the metrics carry its outcome and code. Nothing here ever holds a payload value.
 */

import type { Mode } from '../stages/plans.ts';
import type { Difference } from '../stages/shape/difference.ts';
import type { HoldCode, IgnoreCode, RejectionCode } from './codes.ts';
import type { OutgoingTrigger } from './delivery.ts';

/** How the elements of a batch fared; there only where the connector splits. */
export interface BatchCounts {
  readonly delivered: number;
  readonly held: number;
  readonly ignored: number;
}

interface Common {
  readonly requestId: string;
  /** null: no configured connector has the id that was asked for. */
  readonly connector: string | null;
}

export type Outcome = Common &
  (
    | {
        readonly outcome: 'rejected';
        readonly code: RejectionCode;
        /** Says what is wrong with the request; never configuration, never a value of the payload. */
        readonly detail?: string;
        readonly allow?: readonly string[];
        /** The challenge of a 401: which scheme the connector takes. */
        readonly authenticate?: string;
        /** Seconds; absent: what the code says. */
        readonly retryAfter?: number;
      }
    | {
        readonly outcome: 'answered';
        readonly code: 'handshake';
        readonly status: number;
        readonly contentType: string;
        /** An address that the provider wants to be visited: for the operator, who may. */
        readonly show?: string;
        /** Besides those of every answer; names in lower case. */
        readonly headers: Readonly<Record<string, string>>;
        readonly body: string;
      }
    | { readonly outcome: 'captured'; readonly code: 'captured' }
    | { readonly outcome: 'ignored'; readonly code: IgnoreCode; readonly batch?: BatchCounts }
    | {
        readonly outcome: 'held';
        readonly code: HoldCode;
        readonly holdId: string;
        readonly paused: boolean;
        readonly differences: readonly Difference[];
        /** Where a script failed: its file, line and column. */
        readonly at?: string;
        /** Why the target did not take it: for the log and operators, never for the sender. */
        readonly reason?: string;
        /** What was delivered of a batch before other elements were held. */
        readonly triggers: readonly OutgoingTrigger[];
        readonly mode: Mode;
        readonly batch?: BatchCounts;
      }
    | {
        readonly outcome: 'delivered';
        readonly code: 'delivered';
        readonly mode: Mode;
        readonly triggers: readonly OutgoingTrigger[];
        readonly drift: boolean;
        readonly batch?: BatchCounts;
      }
  );
