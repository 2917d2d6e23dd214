/**
 * In: what happened to a connector. Out: the notification that is sent, worked out when it is sent. Carries no payload
 * values: differences name paths and types.
 */

import type { HoldCode } from '../../outcomes/codes.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import { EVERY_CONNECTOR } from '../state/overlay.ts';
import type { StateOwner } from '../state/state-owner.ts';
import type { Notification } from './notify-sender.ts';

export interface Told {
  readonly type: 'connector.paused' | 'connector.resumed' | 'connector.holding';
  readonly connector: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  readonly code?: HoldCode | undefined;
  readonly reason: string;
  readonly differences: () => Promise<readonly Difference[]>;
  /** The receiver knows it, or never will. */
  readonly taken: () => void;
}

export interface BodySources {
  readonly owner: Pick<StateOwner, 'holds'>;
  /** As the active bundle has it; null: it does not have it. */
  readonly connector: (id: string) => { readonly owner?: string } | null;
  /** Where to look further; null: nowhere that others can reach. */
  readonly statusUrl: () => string | null;
}

export function notificationOf(told: Told, { owner, connector: find, statusUrl }: BodySources): Notification {
  const { type, connector, at, by, code, reason, differences, taken } = told;
  const isAll = connector === EVERY_CONNECTOR;
  return {
    type,
    connector,
    taken,
    async compose() {
      const url = statusUrl();
      return {
        type,
        connector,
        owner: isAll ? null : (find(connector)?.owner ?? null),
        at,
        by,
        code: code ?? null,
        // A script may put anything into its errors, and notifications leave the deployment.
        reason: code === 'script-error' ? 'the mapping script failed: `sluice held show` says how' : reason,
        differences: await differences(),
        held: owner.holds.counts(isAll ? undefined : connector).count,
        ...(url === null ? {} : { statusUrl: url }),
      };
    },
  };
}
