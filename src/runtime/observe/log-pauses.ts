/** In: changes of the overlay. Out: a warning for each automatic pause, with its reason and what differed: paths, never values. */
import type { PauseRecord } from '../../admin-api/records.ts';
import type { Log } from '../log/log.ts';
import type { StateOwner } from '../state/state-owner.ts';

/** Returns how to stop. */
export function logPauses(owner: Pick<StateOwner, 'pauses' | 'subscribe'>, log: Log): () => void {
  let known = new Set(automatic(owner).map(keyOf));
  return owner.subscribe((change) => {
    if (change.kind !== 'overlay') return;
    const pauses = automatic(owner);
    for (const pause of pauses) {
      if (known.has(keyOf(pause))) continue;
      const { connector, reason, code, requestId, differences } = pause;
      log.warn(
        { connector, reason, code, requestId, differences },
        'a connector paused itself and holds its requests',
      );
    }
    known = new Set(pauses.map(keyOf));
  });
}

function automatic(owner: Pick<StateOwner, 'pauses'>): readonly PauseRecord[] {
  return owner.pauses().filter((pause) => pause.kind === 'auto');
}

function keyOf({ connector, behaviour, at }: PauseRecord): string {
  return `${connector} ${behaviour} ${at}`;
}
