/** Rule: what identifies an event (so that a retry makes no second card), and how many requests may come. */
import type { ConnectorPlan } from '../../../../bundle/plan.ts';
import type { IdempotencyPlan } from '../../../../stages/plans.ts';
import { type DiffRule, type Finding, type PlanPair, weigh } from '../change.ts';
import { isSame } from '../raw-differences.ts';

export const diffRetries: DiffRule = (pair) => [...diffIdempotency(pair), ...diffLimits(pair)];

function diffIdempotency(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.idempotency, pair.after.idempotency];
  if (isSame(before, after)) return [];
  const isRemoved = after.kind === 'none';
  return [
    {
      kind: isRemoved ? 'idempotency-removed' : 'idempotency-changed',
      severity: weigh(pair, isRemoved ? 'breaking' : 'risky'),
      path: '/idempotency',
      message: isRemoved
        ? 'each time the sender repeats a request, or somebody sends a recorded one again, the user gets the same card again'
        : 'an event that came before the merge and is repeated after it has another id, and makes a second card; wait until the sender repeats nothing any more, or accept some',
      before: describeIdempotency(before),
      after: describeIdempotency(after),
      explains: ['/idempotency'],
    },
  ];
}

function describeIdempotency(plan: IdempotencyPlan): string {
  if (plan.kind === 'path') return plan.path;
  return plan.kind === 'header' ? `header ${plan.header}` : plan.kind;
}

type Limits = NonNullable<ConnectorPlan['limits']>;

function diffLimits(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.limits, pair.after.limits];
  if (isSame(before, after)) return [];
  const isLowered =
    after !== undefined &&
    (before === undefined ||
      after.requestsPerMinute < before.requestsPerMinute ||
      after.burst < before.burst);
  const rest = 'the limit of the deployment, if it has one';
  const describe = (limits: Limits | undefined): string =>
    limits === undefined ? rest : `${limits.requestsPerMinute} a minute, ${limits.burst} at once`;
  return [
    {
      kind: isLowered ? 'limit-lowered' : 'limit-raised',
      severity: isLowered || after === undefined ? weigh(pair, 'risky') : 'safe',
      path: '/limits',
      message: isLowered
        ? `requests beyond ${describe(after)} are answered 429, and some senders never send them again`
        : after === undefined
          ? `only ${rest}, bounds how many cards its sender can make`
          : `more requests may come: ${describe(after)}`,
      before: before ?? null,
      after: after ?? null,
      explains: ['/limits'],
    },
  ];
}
