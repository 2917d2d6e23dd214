/**
 * How far long work is, on one line of a terminal. In: counts, as often as the work likes. Out: a line that is written
 * now and then and is gone at the end; nothing in CI, in a pipe, for machines, or for work that is done at once.
 */
import type { Context } from './context.ts';

/** Called with how many are done, and of how many. */
export type ShowProgress = (done: number, total: number) => void;

export interface ProgressOptions {
  /** What is done, as in "checking: 5 of 8 connectors". */
  readonly verb: string;
  readonly noun: string;
  /** Nothing is shown: the output is for a machine. */
  readonly quiet?: boolean | undefined;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/** Work that takes less needs no progress. */
const FIRST_AFTER_MS = 500;
/** Between two writes. */
const EVERY_MS = 100;
/** To the start of the line, and erase it. */
const CLEAR = '\r\u001b[2K';

/** Runs `work` and shows the progress that it tells. */
export async function withProgress<T>(
  context: Context,
  options: ProgressOptions,
  work: (show: ShowProgress) => Promise<T>,
): Promise<T> {
  const { verb, noun, quiet = false, now = () => performance.now() } = options;
  if (quiet || !isWatched(context)) return work(() => {});
  let next = now() + FIRST_AFTER_MS;
  let isShown = false;
  const show: ShowProgress = (done, total) => {
    if (now() < next) return;
    next = now() + EVERY_MS;
    isShown = true;
    context.stderr.write(`${CLEAR}${verb}: ${done} of ${total} ${noun}`);
  };
  try {
    return await work(show);
  } finally {
    if (isShown) context.stderr.write(CLEAR);
  }
}

/** Somebody looks at a terminal that can erase a line. */
function isWatched({ stderr, env }: Context): boolean {
  const isCi = env.CI !== undefined && env.CI !== '' && env.CI !== 'false';
  return stderr.isTTY === true && !isCi && env.TERM !== 'dumb';
}
