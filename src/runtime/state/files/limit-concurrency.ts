/** Runs at most `most` tasks at a time, the others in the order they came: open files are a limited supply. */
export function limitConcurrency(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running < most) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // The place is handed on, not given back: nobody can take it in between.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
