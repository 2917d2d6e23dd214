/** In: what the database or the system said, and since when it is away. Out: what that means for this replica, for people. */
import type { StateOwner } from '../state-owner.ts';
import type { DatabaseLink } from './database-link.ts';

export interface AwayOptions {
  /** The address, without its password. */
  readonly shown: string;
  readonly staleAfterMs: number;
  readonly spool?: StateOwner;
}

export function explainAway(
  reason: string,
  link: Pick<DatabaseLink, 'failure' | 'age'>,
  { shown, staleAfterMs, spool }: AwayOptions,
): string {
  if (link.failure() === null) return `the database did not take it: ${reason}`;
  const age = link.age();
  if (age === Number.POSITIVE_INFINITY)
    return `the database ${shown} was not reached yet (${reason}): every webhook is answered 503 until it is`;
  const since = `the database ${shown} cannot be reached (${reason})`;
  if (age >= staleAfterMs)
    return `${since}, and pauses may have been missed: nothing is delivered any more, every webhook is answered 503`;
  const kept = spool === undefined ? 'is answered 503' : 'goes to the spool';
  return `${since}: pauses are as they were then, what must be kept ${kept}; ${Math.round(staleAfterMs / 1000)} s later nothing is delivered any more`;
}
