/** Rule: how old a request may be. A tolerance of 0 checks nothing. */
import type { SignaturePlan } from '../../../../stages/plans.ts';
import { type DiffRule, type Finding, nameOf, weigh, weighSecurity } from '../change.ts';

export const diffReplay: DiffRule = (pair) => {
  const { before, after } = pair;
  if (before.signature === null || after.signature === null) return [];
  const [was, is] = [toleranceOf(before.signature), toleranceOf(after.signature)];
  const isPlaceGone =
    (before.signature.timestamp === undefined) !== (after.signature.timestamp === undefined);
  const common = {
    path: '/security/signature/timestamp/tolerance',
    before: was === 0 ? null : was,
    after: is === 0 ? null : is,
    explains: isPlaceGone ? ['/signature/timestamp'] : ['/signature/timestamp/tolerance'],
  };
  const found = (
    kind: Finding['kind'],
    severity: Finding['severity'],
    message: string,
  ): readonly Finding[] => [{ ...common, kind, severity, message }];
  if (was === is) return [];
  if (is === 0)
    return found(
      'replay-protection-removed',
      weighSecurity(pair),
      `whoever recorded a request to ${nameOf(pair)} could send it again at any time; only the id of the event still stops a second card`,
    );
  if (was === 0)
    return found(
      'replay-protection-added',
      weigh(pair, 'risky'),
      `requests that are more than ${is} s old are refused with 401: a sender that repeats them with the first time is then refused`,
    );
  if (is > was)
    return found(
      'tolerance-widened',
      weighSecurity(pair),
      `a recorded request could be sent again for ${is} s instead of ${was} s`,
    );
  return found(
    'tolerance-narrowed',
    weigh(pair, 'risky'),
    `requests that are ${is} to ${was} s old, or whose sender's clock is off by that, are refused with 401`,
  );
};

/** Seconds; 0: nothing is checked. */
function toleranceOf({ timestamp }: SignaturePlan): number {
  return timestamp?.tolerance ?? 0;
}
