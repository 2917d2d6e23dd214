/** One after the other: the mutex that rooms share. In: work. Out: its result, after all that was asked for before it. */

export type InTurn = <T>(work: () => Promise<T> | T) => Promise<T>;

/** Work that fails fails for whoever asked for it; what comes after it runs all the same. */
export function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}
