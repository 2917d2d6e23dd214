/**
 * How long the scripts of one request may take together. In: a script runner. Out: one for a single request, which runs
 * nothing any more once the time is over. Each call has a limit of its own, but a batch may be thousands of calls.
 */
import type { ScriptRunner } from '../../stages/script/script-runner.ts';

/** Nobody waits that long for an answer; a batch of 10,000 whose script takes a millisecond is done by then. */
export const MAX_SCRIPTS_MS = 15_000;

/** `now` in milliseconds; only differences matter. */
export function limitScriptTime(scripts: ScriptRunner, now: () => number): ScriptRunner {
  const until = now() + MAX_SCRIPTS_MS;
  const message = `the script took more than ${MAX_SCRIPTS_MS / 1000} s for the elements before this one: replay it`;
  return {
    run: (...call) =>
      now() < until
        ? scripts.run(...call)
        : Promise.resolve({ ok: false, code: 'script-unavailable', message }),
    close: () => scripts.close(),
  };
}
