/** Rule: two signature schemes. What is verified, and how strong it is; what it covers is another rule's. */
import type { SignaturePlan } from '../../../../stages/plans.ts';
import { PRESETS } from '../../../../stages/signature/presets.ts';
import { type DiffRule, type Finding, nameOf, type PlanPair, weigh, weighSecurity } from '../change.ts';
import { describeScheme } from '../describe-scheme.ts';
import { isSame } from '../raw-differences.ts';

type SignaturePair = readonly [before: SignaturePlan, after: SignaturePlan];

export const diffSignature: DiffRule = (pair) => {
  const [before, after] = [pair.before.signature, pair.after.signature];
  if (before === null || after === null) return [];
  const schemes = [before, after] as const;
  return [...diffScheme(pair, schemes), ...diffStrength(pair, schemes)];
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
  'over',
  'urlPort',
  'jwt',
  'certificate',
] as const;

function diffScheme(pair: PlanPair, [before, after]: SignaturePair): readonly Finding[] {
  const differing = [
    ...VERIFIED.filter((name) => !isSame(before[name], after[name])).map((name) => `/signature/${name}`),
    ...(['header', 'body', 'query', 'position', 'parsePrefix'] as const)
      .filter((name) => !isSame(before.timestamp?.[name], after.timestamp?.[name]))
      .map((name) => `/signature/timestamp/${name}`),
  ];
  const isRenamed = before.preset !== after.preset;
  const common = { before: describeScheme(before), after: describeScheme(after) };
  if (differing.length > 0) {
    const message =
      'requests signed as today are refused with 401 from the merge on, unless the sender changes at the same moment';
    const explains = [...differing, '/signature/preset', '/signature/attempt'];
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
      explains: ['/signature/preset', '/signature/attempt'],
    },
  ];
}

/**
 * How hard it is to forge, by type. A token travels with each request; a plain hash can be extended; a public key is no
 * secret. A token of its own for each request stands where a keyed digest does: what it covers is said apart.
 */
const TYPE_STRENGTH = { token: 0, basic: 0, hash: 1, hmac: 2, jwt: 2, ed25519: 3, ecdsa: 3, rsa: 3 } as const;

function diffStrength(pair: PlanPair, [before, after]: SignaturePair): readonly Finding[] {
  const reasons: string[] = [];
  if (TYPE_STRENGTH[after.type] < TYPE_STRENGTH[before.type]) {
    if (usesPublicKey(before))
      reasons.push(
        'only the sender has the private key; whoever knows the shared secret can sign as well, and a public key in its place is known to anybody',
      );
    if (after.type in TYPE_WEAKNESS) reasons.push(TYPE_WEAKNESS[after.type as keyof typeof TYPE_WEAKNESS]);
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

const TYPE_WEAKNESS = {
  token: 'a token proves nothing about the request that carries it, and whoever sees one request has it',
  basic: 'a password proves nothing about the request that carries it, and whoever sees one request has it',
  hash: 'a plain hash instead of a keyed digest can be extended by whoever has seen a request',
} as const;

/** True where what is called the secret is the sender's public key. */
export function usesPublicKey({ type }: Pick<SignaturePlan, 'type'>): boolean {
  return TYPE_STRENGTH[type] === TYPE_STRENGTH.ed25519;
}

function weaknessOf({ preset }: SignaturePlan): string | undefined {
  return PRESETS.get(preset ?? '')?.weak;
}

/** Where it hashes at all. */
export function usesSha1({ type, algorithm, bodyHash }: SignaturePlan): boolean {
  const hashes = !['token', 'basic', 'jwt', 'ed25519'].includes(type);
  return (hashes && algorithm === 'sha1') || bodyHash?.algorithm === 'sha1';
}
