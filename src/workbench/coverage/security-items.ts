/** Who may call: addresses, secret URL, signature and challenges, each with what is let in and what is refused. */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { SignaturePlan } from '../../stages/plans.ts';
import type { VerificationFailure } from '../../stages/signature/verification.ts';
import type { Observation } from '../cases/observe.ts';
import { describeCondition } from './condition-items.ts';
import type { CoverageItem } from './item.ts';

export function securityItems(plan: ConnectorPlan): readonly CoverageItem[] {
  const { allowIps, signature, urlKey } = plan;
  return [
    ...(allowIps.length === 0
      ? []
      : bothWays('allowIps', allowIps.join(', '), ({ addressAllowed }) => addressAllowed)),
    ...(urlKey ? bothWays('urlKey', 'the secret URL', ({ urlKey: isRight }) => isRight) : []),
    ...(signature === null ? [] : [...signatureItems(signature), ...handshakeItems(signature)]),
  ];
}

function bothWays(
  part: 'allowIps' | 'urlKey',
  name: string,
  ask: (observation: Observation) => boolean | undefined,
): readonly CoverageItem[] {
  return [
    { part, name, side: 'let in', isShownBy: (observation) => ask(observation) === true },
    { part, name, side: 'refused', isShownBy: (observation) => ask(observation) === false },
  ];
}

function signatureItems(plan: SignaturePlan): readonly CoverageItem[] {
  const name = plan.preset ?? plan.type;
  const refused = (side: string, code: VerificationFailure): CoverageItem => ({
    part: 'signature',
    name,
    side,
    isShownBy: ({ verification }) => verification?.ok === false && verification.code === code,
  });
  const items: CoverageItem[] = [
    { part: 'signature', name, side: 'genuine', isShownBy: ({ verification }) => verification?.ok === true },
    refused('wrong', 'signature-mismatch'),
    refused('missing', 'signature-missing'),
  ];
  if ((plan.timestamp?.tolerance ?? 0) > 0) items.push(refused('stale', 'signature-stale'));
  return items;
}

/** Not those that need an operator who waits: a case has none. */
function handshakeItems(plan: SignaturePlan): readonly CoverageItem[] {
  return plan.handshake.flatMap((handshake, index): readonly CoverageItem[] => {
    if (handshake.proof === 'window') return [];
    const marks = handshake.when.map(describeCondition).join(' and ');
    const name = `${handshake.method ?? 'POST'} ${marks}`.trimEnd();
    return [
      {
        part: 'handshake',
        name,
        side: 'answered',
        isShownBy: (observation) => observation.handshake === index,
      },
    ];
  });
}
