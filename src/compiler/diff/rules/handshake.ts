/** Rule: what the provider gets to read: answers to its challenges, and the status of what was accepted. */
import { type DiffRule, type Finding, nameOf, weigh, weighSecurity } from '../change.ts';
import { isSame } from '../raw-differences.ts';

export const diffHandshake: DiffRule = (pair) => {
  const [before, after] = [pair.before.signature, pair.after.signature];
  if (before === null || after === null) return [];
  const findings: Finding[] = [];
  if (!isSame(before.handshake, after.handshake)) {
    const opened = after.handshake.filter(
      (one) => one.proof === 'none' && !before.handshake.some((other) => isSame(one, other)),
    );
    if (opened.length > 0)
      findings.push({
        kind: 'handshake-unproven',
        severity: weighSecurity(pair),
        path: '/security/signature/handshake',
        message: `whatever looks like that challenge is answered by ${nameOf(pair)} without proof of who asks, and makes no card, also where it is a genuine event`,
        before: null,
        after: opened,
        explains: [],
      });
    findings.push({
      kind: 'handshake-changed',
      severity: weigh(pair, after.handshake.length < before.handshake.length ? 'breaking' : 'risky'),
      path: '/security/signature/handshake',
      message:
        'the provider may refuse this URL, or switch it off, when it sends its next challenge: have it verify the URL again after the merge',
      before: before.handshake,
      after: after.handshake,
      explains: ['/signature/handshake'],
    });
  }
  if (before.acknowledge !== after.acknowledge) {
    findings.push({
      kind: 'acknowledge-changed',
      severity: weigh(pair, 'risky'),
      path: '/security/signature/acknowledge',
      message:
        'what is accepted or held is answered with another status; a provider that takes the old one only counts that as a failure',
      before: before.acknowledge ?? 202,
      after: after.acknowledge ?? 202,
      explains: ['/signature/acknowledge'],
    });
  }
  return findings;
};
