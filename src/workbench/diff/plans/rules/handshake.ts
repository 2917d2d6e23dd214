/** Rule: what the provider gets to read: answers to its challenges, and the status of what was accepted. */
import type { ConnectorPlan } from '../../../../bundle/plan.ts';
import type { HandshakePlan } from '../../../../stages/plans.ts';
import { type DiffRule, type Finding, weigh } from '../change.ts';
import { isSame } from '../raw-differences.ts';

export const diffHandshake: DiffRule = (pair) => {
  const [before, after] = [answersOf(pair.before), answersOf(pair.after)];
  // A signature that comes or goes is another rule's, with all that belongs to it.
  if (before.place !== after.place) return [];
  const { place } = after;
  const findings: Finding[] = [];
  if (!isSame(before.handshake, after.handshake)) {
    const opened = after.handshake.filter(isUnproven).length > before.handshake.filter(isUnproven).length;
    findings.push({
      kind: 'handshake-changed',
      severity: weigh(pair, after.handshake.length < before.handshake.length ? 'breaking' : 'risky'),
      path: `${place.file}/handshake`,
      message: `the provider may refuse this URL, or switch it off, when it sends its next challenge: have it verify the URL again after the merge${opened ? '. One more challenge is answered without proof of who asks' : ''}`,
      before: before.handshake,
      after: after.handshake,
      explains: [`${place.plan}/handshake`],
    });
  }
  if (!isSame(before.acknowledge, after.acknowledge)) {
    findings.push({
      kind: 'acknowledge-changed',
      severity: weigh(pair, 'risky'),
      path: `${place.file}/acknowledge`,
      message:
        'what is accepted or held is answered with another status; a provider that takes the old one only counts that as a failure',
      before: before.acknowledge ?? 202,
      after: after.acknowledge ?? 202,
      explains: [`${place.plan}/acknowledge`],
    });
  }
  return findings;
};

/** Where answers stand: with the signature, or with the connector where it has none. */
const PLACES = {
  signature: { file: '/security/signature', plan: '/signature' },
  connector: { file: '/security', plan: '' },
} as const;

function answersOf({ signature, handshake = [], acknowledge }: ConnectorPlan) {
  return signature === null
    ? { place: PLACES.connector, handshake, acknowledge }
    : { place: PLACES.signature, handshake: signature.handshake, acknowledge: signature.acknowledge };
}

function isUnproven({ proof }: HandshakePlan): boolean {
  return proof === 'none';
}
