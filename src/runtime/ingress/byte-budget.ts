/**
 * Counts the bytes of all bodies in memory. Where there is no room left, bodies that have been arriving for too long make
 * room for those that come: a webhook arrives at once, and whoever sends slowly on purpose waits for nobody else's cost.
 */

export interface ByteBudget {
  /** Of a body that is there. False, and nothing is taken, when the budget does not allow it. */
  take(bytes: number): boolean;
  give(bytes: number): void;
  /** A body begins to arrive. `giveUp` is called when it must make room: it gives back what was taken, and ends. */
  begin(giveUp: () => void): ArrivingBody;
}

export interface ArrivingBody {
  take(bytes: number): boolean;
  /** It is there, or will never be. */
  end(): void;
}

/** Nobody is cut off before, however full it is: then it is not slow senders that fill it. */
const SLOW_MS = 2000;

/** `now`: milliseconds since anything; never set back. */
export function createByteBudget(limit: number, now: () => number = () => performance.now()): ByteBudget {
  let taken = 0;
  /** Since when each body arrives, the oldest first, and how to end it. */
  const arriving = new Map<ArrivingBody, { readonly since: number; readonly giveUp: () => void }>();

  const makeRoom = (bytes: number, asking: ArrivingBody | null): void => {
    const slowSince = now() - SLOW_MS;
    for (const [body, { since, giveUp }] of arriving) {
      if (taken + bytes <= limit || since > slowSince) return;
      if (body !== asking) giveUp();
    }
  };
  const takeFor = (bytes: number, asking: ArrivingBody | null): boolean => {
    if (taken + bytes > limit) makeRoom(bytes, asking);
    if (taken + bytes > limit) return false;
    taken += bytes;
    return true;
  };
  return {
    take: (bytes) => takeFor(bytes, null),
    give(bytes) {
      taken -= bytes;
    },
    begin(giveUp) {
      const body: ArrivingBody = {
        take: (bytes) => takeFor(bytes, body),
        end: () => void arriving.delete(body),
      };
      arriving.set(body, { since: now(), giveUp });
      return body;
    },
  };
}
