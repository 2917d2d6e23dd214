/** Rule: whether anything proves where a request comes from (a signature, or the secret URL), and what accepts that less does. */
import type { ConnectorPlan } from '../../../../bundle/plan.ts';
import { isNewReason } from '../acknowledgement.ts';
import { type DiffRule, type Finding, nameOf, type PlanPair, weigh, weighSecurity } from '../change.ts';
import { describeScheme } from '../describe-scheme.ts';

export const diffOrigin: DiffRule = (pair) => [
  ...diffPresence(pair),
  ...diffUrlKey(pair),
  ...diffUnauthenticated(pair),
  ...diffAcknowledgement(pair),
];

/** The other rules compare two signatures; this one sees that there is only one. */
function diffPresence(pair: PlanPair): readonly Finding[] {
  const [was, is] = [pair.before.signature, pair.after.signature];
  if ((was === null) === (is === null)) return [];
  const common = { path: '/security/signature', explains: ['/signature'] };
  if (is === null) {
    const rest = pair.after.urlKey
      ? 'only its secret URL proves the sender now: whoever learns it can send any body'
      : `anyone on the internet could now make cards through ${nameOf(pair)}, and pause it`;
    const before = was === null ? null : describeScheme(was);
    return [
      {
        ...common,
        kind: 'signature-removed',
        severity: weighSecurity(pair),
        message: rest,
        before,
        after: null,
      },
    ];
  }
  return [
    {
      ...common,
      kind: 'signature-added',
      severity: weigh(pair, 'risky'),
      message:
        'requests without a valid signature are refused with 401 from the merge on: make sure that the sender signs already, and that the deployment has the secret',
      before: null,
      after: describeScheme(is),
    },
  ];
}

function diffUrlKey(pair: PlanPair): readonly Finding[] {
  const { before, after } = pair;
  if (before.urlKey === after.urlKey) return [];
  const common = {
    path: '/security/urlKey',
    before: before.urlKey,
    after: after.urlKey,
    explains: ['/urlKey'],
  };
  if (after.urlKey) {
    const message =
      'it needs its secret URL: enter what `sluice url` prints at the sender; a deployment without URL keys answers 503';
    return [{ ...common, kind: 'url-key-added', severity: weigh(pair, 'risky'), message }];
  }
  const message =
    after.signature === null
      ? `anyone on the internet could now make cards through ${nameOf(pair)}, and pause it, unless the deployment has URL keys`
      : 'the signature alone proves the sender, unless the deployment has URL keys';
  return [{ ...common, kind: 'url-key-removed', severity: weighSecurity(pair), message }];
}

/** Going live is what makes missing proof dangerous: the two rules above see nothing when a test connector never had any. */
function diffUnauthenticated({ before, after }: PlanPair): readonly Finding[] {
  if (!isOpen(after) || !isOpen(before) || after.status !== 'live' || before.status === 'live') return [];
  return [
    {
      kind: 'unauthenticated-live',
      severity: 'breaking',
      path: '/security/unauthenticated',
      message:
        'it goes live with nothing that proves the sender: anyone on the internet can make real cards, and pause it',
      before: null,
      after: null,
      explains: [],
    },
  ];
}

/** True where nothing authenticates the sender. */
export function isOpen({ signature, urlKey }: ConnectorPlan): boolean {
  return signature === null && !urlKey;
}

function diffAcknowledgement({ before, after }: PlanPair): readonly Finding[] {
  if (before.weakened === after.weakened) return [];
  const isGone = after.weakened === undefined;
  return [
    {
      kind: 'acknowledgement-changed',
      severity: 'safe',
      path: '/security/weakened',
      message: isGone
        ? 'the text that once accepted weaker security is gone; nothing else changes by that'
        : isNewReason(before.weakened, after.weakened)
          ? 'a new text accepts what this change weakens: judge whether you agree with it'
          : 'the same text as before to whoever reads it: it accepts nothing that this change weakens',
      before: before.weakened ?? null,
      after: after.weakened ?? null,
      explains: ['/weakened'],
    },
  ];
}
