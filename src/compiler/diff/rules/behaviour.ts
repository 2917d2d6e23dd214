/** Rule: the digest of how requests are judged and mapped. Says what a merge does to an automatic pause, and how to merge. */
import { type DiffRule, nameOf, weigh } from '../change.ts';

/** Both ways lose nothing. The gate names them. */
export const TWO_WAYS =
  'two safe ways: merge it with `status: test` first, so that real events make test cards until they look right; or `sluice pause` it, merge, `sluice held replay --dry-run`, `sluice resume` and replay, so that what arrives meanwhile is kept';

export const diffBehaviour: DiffRule = (pair) => {
  const { before, after } = pair;
  if (before.behaviour === after.behaviour) return [];
  const lifted = 'the merge lifts the automatic pause, if it is paused';
  return [
    {
      kind: 'behaviour-changed',
      severity: weigh(pair, 'risky'),
      path: '',
      message: pair.isLive ? `${nameOf(pair)} judges or maps requests differently, and ${lifted}` : lifted,
      before: null,
      after: null,
      explains: ['/behaviour'],
    },
  ];
};
