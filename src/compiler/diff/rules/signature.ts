/** Rule: two signature schemes. What is verified, how strong it is, and how much of a request it covers. */
import type { SignaturePlan } from '../../../stages/plans.ts';
import { PRESETS } from '../../../stages/signature/presets.ts';
import { type DiffRule, type Finding, nameOf, type PlanPair, weigh, weighSecurity } from '../change.ts';
import { describeScheme, describeToken } from '../describe-scheme.ts';
import { isSame } from '../raw-differences.ts';

type SignaturePair = readonly [before: SignaturePlan, after: SignaturePlan];

export const diffSignature: DiffRule = (pair) => {
  const [before, after] = [pair.before.signature, pair.after.signature];
  if (before === null || after === null) return [];
  const schemes = [before, after] as const;
  return [...diffScheme(pair, schemes), ...diffStrength(pair, schemes), ...diffCoverage(pair, schemes)];
};

/** Members of the plan that decide which requests verify; the timestamp's tolerance is another rule's. */
const VERIFIED = [
  'type',
  'algorithm',
  'digest',
  'secretEncoding',
  'secretPrefix',
  'signature',
  'template',
  'bodyHash',
] as const;

function diffScheme(pair: PlanPair, [before, after]: SignaturePair): readonly Finding[] {
  const differing = [
    ...VERIFIED.filter((name) => !isSame(before[name], after[name])).map((name) => `/signature/${name}`),
    ...(['header', 'body', 'parsePrefix'] as const)
      .filter((name) => !isSame(before.timestamp?.[name], after.timestamp?.[name]))
      .map((name) => `/signature/timestamp/${name}`),
  ];
  const isRenamed = before.preset !== after.preset;
  const common = { before: describeScheme(before), after: describeScheme(after) };
  if (differing.length > 0) {
    const message =
      'requests signed as today are refused with 401 from the merge on, unless the sender changes at the same moment';
    const explains = [...differing, '/signature/preset'];
    const severity = weigh(pair, 'breaking');
    return [
      {
        kind: 'signature-scheme-changed',
        severity,
        path: '/security/signature',
        message,
        ...common,
        explains,
      },
    ];
  }
  if (!isRenamed) return [];
  return [
    {
      kind: 'preset-changed',
      severity: 'safe',
      path: '/security/signature/preset',
      message: 'the same requests verify as before',
      before: before.preset ?? null,
      after: after.preset ?? null,
      explains: ['/signature/preset'],
    },
  ];
}

/** How hard it is to forge, by type. A token travels with each request; a plain hash can be extended. */
const TYPE_STRENGTH = { token: 0, hash: 1, hmac: 2, ed25519: 2, ecdsa: 2 } as const;

function diffStrength(pair: PlanPair, [before, after]: SignaturePair): readonly Finding[] {
  const reasons: string[] = [];
  if (TYPE_STRENGTH[after.type] < TYPE_STRENGTH[before.type]) {
    reasons.push(
      after.type === 'token'
        ? 'a token proves nothing about the request that carries it, and whoever sees one request has it'
        : 'a plain hash instead of a keyed digest can be extended by whoever has seen a request',
    );
  }
  if (usesSha1(after) && !usesSha1(before)) reasons.push('SHA-1 instead of a longer hash');
  const weakness = PRESETS.get(after.preset ?? '')?.weak;
  if (reasons.length === 0 && weakness !== undefined && weaknessOf(before) === undefined)
    reasons.push(`the preset ${after.preset} is weak: ${weakness.replace(/\.$/, '')}`);
  if (reasons.length === 0) return [];
  return [
    {
      kind: 'signature-scheme-weakened',
      severity: weighSecurity(pair),
      path: '/security/signature',
      message: `forging a request to ${nameOf(pair)} becomes easier: ${reasons.join('; ')}`,
      before: describeScheme(before),
      after: describeScheme(after),
      explains: [],
    },
  ];
}

function weaknessOf({ preset }: SignaturePlan): string | undefined {
  return PRESETS.get(preset ?? '')?.weak;
}

function usesSha1({ type, algorithm, bodyHash }: SignaturePlan): boolean {
  return ((type === 'hmac' || type === 'hash') && algorithm === 'sha1') || bodyHash?.algorithm === 'sha1';
}

/** What the compiler worked out, and which further parts of the request the template names. */
function coveredParts({ covers, template }: SignaturePlan): readonly string[] {
  const request = template.filter(({ kind }) => kind === 'method' || kind === 'url' || kind === 'path');
  return [
    ...(covers.timestamp ? ['the time of sending'] : []),
    ...covers.headers.map((name) => `the header ${name}`),
    ...request.map(describeToken),
  ];
}

function diffCoverage(pair: PlanPair, [before, after]: SignaturePair): readonly Finding[] {
  const common = { path: '/security/signature', severity: weighSecurity(pair) };
  const findings: Finding[] = [];
  if (before.covers.body && !after.covers.body) {
    findings.push({
      ...common,
      kind: 'signature-body-uncovered',
      message: `whoever holds one genuine request could send any body to ${nameOf(pair)}: other recipients, other texts`,
      before: describeScheme(before),
      after: describeScheme(after),
      explains: ['/signature/covers/body'],
    });
  }
  const [was, is] = [coveredParts(before), coveredParts(after)];
  const lost = was.filter((part) => !is.includes(part));
  const won = [
    ...(after.covers.body && !before.covers.body ? ['the body'] : []),
    ...is.filter((part) => !was.includes(part)),
  ];
  const explains = ['/signature/covers/headers', '/signature/covers/timestamp'];
  if (lost.length > 0) {
    const message = `a genuine request could be sent again with another value of: ${lost.join(', ')}`;
    findings.push({ ...common, kind: 'signature-covers-less', message, before: lost, after: null, explains });
  }
  if (won.length > 0) {
    findings.push({
      kind: 'signature-covers-more',
      severity: 'safe',
      path: '/security/signature',
      message: `the signature proves more than before: ${won.join(', ')}`,
      before: null,
      after: won,
      explains: [
        ...explains,
        ...(after.covers.body && !before.covers.body ? ['/signature/covers/body'] : []),
      ],
    });
  }
  return findings;
}
