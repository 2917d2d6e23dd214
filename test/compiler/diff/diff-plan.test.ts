/** No difference of two plans goes unseen, whatever it is: the rules are for words, not for noticing. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/bundle/canonical-json.ts';
import type { ConnectorPlan } from '../../../src/bundle/plan.ts';
import { diffPlans } from '../../../src/workbench/diff/plans/diff-plan.ts';
import { KINDS } from '../../../src/workbench/diff/plans/kinds.ts';
import { hmacSignature, makePlan } from '../../bundle/make-plan.ts';

/** Plans that have something at every place. */
const PLANS: readonly ConnectorPlan[] = [
  makePlan({
    description: 'Orders',
    owner: 'shop',
    status: 'live',
    allowIps: ['203.0.113.0/24'],
    urlKey: true,
    weakened: 'the sender signs no longer',
    signature: {
      ...hmacSignature,
      preset: 'stripe',
      secretPrefix: 'whsec_',
      verifyToken: { env: 'SLUICE_SECRET_VERIFY' },
      timestamp: { header: 'x-time', tolerance: 300 },
      bodyHash: { query: 'sha', algorithm: 'sha256', digest: 'hex' },
      acknowledge: 204,
      handshake: [{ when: [], status: 200 }],
    },
    when: [{ path: '$.kind', equals: 'paid', inEverySample: true }],
    testWhen: { path: '$.live', equals: false, inEverySample: true },
    split: '$.events[*]',
    limits: { requestsPerMinute: 60, burst: 10 },
    idempotency: { kind: 'header', header: 'x-id' },
  }),
  makePlan({ mapping: { kind: 'script', file: 'm.js', source: 'a', digest: 'a'.repeat(64) } }),
  makePlan({ shape: null, status: 'disabled' }),
  makePlan(),
];

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  return [path, ...[...entries].flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

/** A copy in which the value at the path is another one, or gone. */
function mutate(value: unknown, [step, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  const changed = mutate(copy[step], rest, change);
  if (changed === undefined && !Array.isArray(copy)) delete copy[step];
  else copy[step] = changed ?? null;
  return copy;
}

/** Of the same type, so that rules which read it do not trip over what no compiler writes. */
function another(old: unknown, seed: number): unknown {
  if (typeof old === 'string') return /^[0-9a-f.:/]+$/.test(old) ? '198.51.100.7' : `${old}${seed}`;
  if (typeof old === 'number') return old + 1 + seed;
  if (typeof old === 'boolean') return !old;
  return old;
}

const mutation = fc.constantFrom(...PLANS).chain((plan) =>
  fc.record({
    plan: fc.constant(plan),
    path: fc.constantFrom(...pathsIn(plan).filter((path) => path.length > 0 && path[0] !== 'id')),
    seed: fc.nat(5),
  }),
);

test('equal plans have no changes', () => {
  for (const plan of PLANS) expect(diffPlans(plan, structuredClone(plan))).toEqual([]);
});

test('any value that differs is reported', () => {
  fc.assert(
    fc.property(mutation, ({ plan, path, seed }) => {
      const changed = mutate(plan, path, (old) => another(old, seed)) as ConnectorPlan;
      const isSame = canonicalJson(plan) === canonicalJson(changed);
      const [there, back] = [diffPlans(plan, changed), diffPlans(changed, plan)];
      expect(there.length > 0, `${path.join('/')} there`).toBe(!isSame);
      expect(back.length > 0, `${path.join('/')} back`).toBe(!isSame);
      for (const { kind } of [...there, ...back]) expect(Object.keys(KINDS)).toContain(kind);
    }),
    { numRuns: 2_000 },
  );
});

test('any two plans that differ have a change', () => {
  fc.assert(
    fc.property(
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(...PLANS),
      (all, other) => {
        const changed = all.reduce<unknown>(
          (plan, { path, seed }) =>
            reaches(plan, path) ? mutate(plan, path, (old) => another(old, seed)) : plan,
          other,
        ) as ConnectorPlan;
        for (const plan of PLANS)
          expect(diffPlans(plan, changed).length > 0).toBe(canonicalJson(plan) !== canonicalJson(changed));
      },
    ),
    { numRuns: 500 },
  );
});

function reaches(plan: unknown, path: Path): boolean {
  let value = plan;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = (value as Record<string | number, unknown>)[step];
  }
  return true;
}

test('what no rule knows is reported by its place, with both values', () => {
  const plan = makePlan({ status: 'live' });
  const future = { ...plan, retention: { days: 3 } } as ConnectorPlan;
  expect(diffPlans(plan, future)).toEqual([
    {
      connector: 'orders',
      kind: 'plan-changed',
      severity: 'risky',
      path: '',
      message: expect.stringContaining('differs at /retention'),
      before: null,
      after: { days: 3 },
    },
  ]);
});

test('an explained difference hides none beside it', () => {
  const plan = makePlan({ status: 'live', signature: hmacSignature });
  const changed = makePlan({
    status: 'live',
    owner: 'crm',
    signature: { ...hmacSignature, algorithm: 'sha1', future: true } as typeof hmacSignature,
  });
  const found = diffPlans(plan, changed);
  expect(found.map(({ kind }) => kind)).toEqual([
    'signature-scheme-changed',
    'signature-scheme-weakened',
    'owner-changed',
    'protection-changed',
  ]);
  expect(found.at(-1)?.message).toContain('/signature/future');
});
