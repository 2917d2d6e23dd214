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
  /** Other requests of the same event, oldest first. */
  others(hold: Hold): Promise<readonly Hold[]>;
  /** What would pause a connector that has this behaviour. */
  pauseOf(connector: string, behaviour: string, before?: string): PauseRecord | null;
}

export function holdsOfFolder(owner: StateOwner): HoldSource {
  return {
    maxMode: 'live',
    ids: async (connector) => owner.holds.list({ connector }).holds.map(({ id }) => id),
    hold: (id) => owner.holds.get(id),
    others: async ({ id }) =>
      presentOf(await Promise.all(owner.holds.othersOf(id).map((other) => owner.holds.get(other.id)))),
    pauseOf: (connector, behaviour, before) => owner.pauseOf(connector, behaviour, before),
  };
}

/** Those that are still there. */
export function presentOf(holds: readonly (Hold | null)[]): readonly Hold[] {
  return holds.filter((hold) => hold !== null);
}
