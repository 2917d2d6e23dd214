/**
 * Holds to read, wherever they are: in a running runtime, or in a state folder that no runtime has. Gives them one after the
 * other, and which pause would apply to a connector. Changes nothing.
 */
import type { Hold, PauseRecord } from '../../admin-api/records.ts';
import type { StateOwner } from '../../runtime/state/state-owner.ts';
import type { Mode } from '../../stages/plans.ts';

export interface HoldSource {
  /** The most that the deployment does. */
  readonly maxMode: Mode;
  ids(connector: string): Promise<readonly string[]>;
  /** null: nothing is held under this id. */
  hold(id: string): Promise<Hold | null>;
  /** What would pause a connector that has this behaviour. */
  pauseOf(connector: string, behaviour: string): PauseRecord | null;
}

export function holdsOfFolder(owner: StateOwner): HoldSource {
  return {
    maxMode: 'live',
    ids: async (connector) => owner.holds.list({ connector }).holds.map(({ id }) => id),
    hold: (id) => owner.holds.get(id),
    pauseOf: (connector, behaviour) => owner.pauseOf(connector, behaviour),
  };
}
