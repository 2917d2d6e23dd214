/** In: what drifted. Out: its description, recorded at most once in a while for each connector: comparing costs more than judging. */
import type { Difference } from '../../stages/shape/difference.ts';
import type { RuntimeState } from '../state/state.ts';
import type { PipelineLimits } from './limits.ts';

export interface DriftDeps {
  readonly state: Pick<RuntimeState, 'drifted'>;
  readonly limits: Pick<PipelineLimits, 'driftIntervalMs'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createDriftDescriber({ state, limits, now }: DriftDeps) {
  /** When the drift of each connector was last described. */
  const describedAt = new Map<string, number>();
  return (connector: string, differences: () => readonly Difference[]): void => {
    const time = now();
    const last = describedAt.get(connector);
    // A clock that was set back must not silence the connector.
    if (last !== undefined && time >= last && time - last < limits.driftIntervalMs) return;
    describedAt.set(connector, time);
    state.drifted(connector, differences(), time);
  };
}
