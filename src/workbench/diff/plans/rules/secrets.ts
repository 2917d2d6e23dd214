/** Rule: the names of the secrets that requests may be signed with. Their values are nowhere near. */
import type { SignaturePlan } from '../../../../stages/plans.ts';
import { secretName } from '../../../../stages/secrets.ts';
import { type DiffRule, type Finding, type PlanPair, weigh } from '../change.ts';

export const diffSecrets: DiffRule = (pair) => {
  const [before, after] = [pair.before.signature, pair.after.signature];
  if (before === null || after === null) return [];
  return [...diffNames(pair, before, after), ...diffVerifyToken(pair, before, after)];
};

function diffNames(pair: PlanPair, before: SignaturePlan, after: SignaturePlan): readonly Finding[] {
  const [was, is] = [before.secrets.map(secretName), after.secrets.map(secretName)];
  if (was.join() === is.join()) return [];
  const gone = was.filter((name) => !is.includes(name));
  const added = is.filter((name) => !was.includes(name));
  const common = {
    path: '/security/signature/sharedSecret',
    before: was,
    after: is,
    explains: ['/signature/secrets'],
  };
  if (gone.length === was.length)
    return [
      {
        ...common,
        kind: 'secret-replaced',
        severity: weigh(pair, 'risky'),
        message: `requests signed with ${gone.join(', ')} are refused with 401 from the merge on: list the old secret beside the new one until the sender has changed`,
      },
    ];
  const findings: Finding[] = [];
  const isFile = added.some((name) => name.startsWith('file:'));
  if (added.length > 0)
    findings.push({
      ...common,
      kind: 'secret-added',
      severity: isFile ? weigh(pair, 'risky') : 'safe',
      message: `requests signed with ${added.join(', ')} are accepted too; set it in the deployment before the merge${isFile ? '. A file that is there already may hold no secret: look what it is' : ''}`,
    });
  if (gone.length > 0)
    findings.push({
      ...common,
      kind: 'secret-removed',
      severity: weigh(pair, 'risky'),
      message: `requests signed with ${gone.join(', ')} are refused with 401 from the merge on: the sender must not use it any more`,
    });
  if (findings.length > 0) return findings;
  const message = 'the same secrets are accepted; test requests are signed with the first one';
  return [{ ...common, kind: 'secret-order-changed', severity: 'safe', message }];
}

function diffVerifyToken(pair: PlanPair, before: SignaturePlan, after: SignaturePlan): readonly Finding[] {
  const [was, is] = [before, after].map(({ verifyToken }) =>
    verifyToken === undefined ? null : secretName(verifyToken),
  ) as [string | null, string | null];
  if (was === is) return [];
  return [
    {
      kind: 'verify-token-changed',
      severity: weigh(pair, 'risky'),
      path: '/security/signature/verifyToken',
      message: "the provider's next challenge is answered only if it knows the new token: enter it there",
      before: was,
      after: is,
      explains: ['/signature/verifyToken'],
    },
  ];
}
