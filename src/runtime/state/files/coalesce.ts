/**
 * Group commit: of any number of concurrent callers, those who come while a run is under way share the next one.
 * A caller never gets the result of a run that began before it asked, and no two runs overlap.
 */
export function coalesce<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  let following: Promise<T> | null = null;

  const start = (): Promise<T> => {
    const current = run().finally(() => {
      // While one follows, `running` stays set, so that nobody starts a second one beside it.
      if (following === null) running = null;
    });
    running = current;
    return current;
  };
  const startFollowing = (): Promise<T> => {
    following = null;
    return start();
  };
  return () => {
    if (running === null) return start();
    following ??= running.then(startFollowing, startFollowing);
    return following;
  };
}
