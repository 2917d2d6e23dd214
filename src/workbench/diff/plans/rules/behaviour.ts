/** Rule: the digest of how requests are judged and mapped. Says what a merge does to an automatic pause, and how to merge. */
import { type Finding, nameOf, type PlanPair, weigh } from '../change.ts';

/** Both ways lose nothing. The gate names them. */
export const TWO_WAYS =
  'two safe ways: merge it with `status: test` first, so that real events make test cards until they look right; or `sluice pause` it, merge, `sluice held replay --dry-run`, `sluice resume` and replay, so that what arrives meanwhile is kept';

/** `causes`: what the other rules have found. Where all of that is safe, such as a sample more, so is the behaviour. */
export function diffBehaviour(pair: PlanPair, causes: readonly Finding[]): readonly Finding[] {
  const { before, after } = pair;
  if (before.behaviour === after.behaviour)
    return before.behaviourBefore === after.behaviourBefore ? [] : [endOfOldPause()];
  if (before.behaviour === after.behaviourBefore) return [upgraded(pair)];
  const isSafe = causes.length > 0 && causes.every(({ severity }) => severity === 'safe');
  const lifted = 'the merge lifts the automatic pause, if it is paused';
  return [
    {
      kind: 'behaviour-changed',
      severity: isSafe ? 'safe' : weigh(pair, 'risky'),
      path: '',
      message:
        pair.isLive && !isSafe
          ? `${nameOf(pair)} judges or maps requests differently, and ${lifted}`
          : lifted,
      before: null,
      after: null,
      explains: ['/behaviour', '/behaviourBefore'],
    },
  ];
}

function endOfOldPause(): Finding {
  return {
    kind: 'behaviour-changed',
    severity: 'safe',
    path: '',
    message: 'a pause that the version of Sluice before has made ends with the merge',
    before: null,
    after: null,
    explains: ['/behaviourBefore'],
  };
}

/** The file is as it was, and another version of Sluice compiled it. */
function upgraded(pair: PlanPair): Finding {
  return {
    kind: 'behaviour-changed',
    severity: weigh(pair, 'risky'),
    path: '',
    message:
      'this version of Sluice judges by finer rules (docs/shape.md): a missing recipient is held instead of pausing at once, and forms of texts count; pauses go on, and none is lifted',
    before: null,
    after: null,
    explains: ['/behaviour', '/behaviourBefore', '/shape/reads', '/shape/shape'],
  };
}
