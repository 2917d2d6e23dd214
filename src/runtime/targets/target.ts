/** Where triggers go. One interface; every implementation passes the same conformance suite. */

import type { Delivery, OutgoingTrigger } from '../../outcomes/delivery.ts';

export interface Target {
  /** As --target names it. */
  readonly name: string;
  /**
   * Resolves with ok only after the target acknowledged the trigger. Never rejects. When the signal aborts, gives up
   * and resolves with retry: true.
   */
  send(trigger: OutgoingTrigger, signal: AbortSignal): Promise<Delivery>;
  close(): Promise<void>;
}
