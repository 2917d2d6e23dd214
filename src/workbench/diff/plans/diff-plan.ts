/**
 * Two plans of one connector in, what changes in production out. Ordered rules, each about one concern; whatever differs
 * and no rule has explained is reported by its place in the plan, so that nothing passes a reviewer unseen.
 */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import { type Change, type DiffRule, type Finding, pairOf, weigh, weighSecurity } from './change.ts';
import { findRawDifferences, isExplained } from './raw-differences.ts';
import { diffAddresses } from './rules/addresses.ts';
import { diffBehaviour } from './rules/behaviour.ts';
import { diffCoverage } from './rules/coverage.ts';
import { diffEvents } from './rules/events.ts';
import { diffHandshake } from './rules/handshake.ts';
import { diffMapping } from './rules/mapping.ts';
import { diffOrigin } from './rules/origin.ts';
import { diffReplay } from './rules/replay.ts';
import { diffRetries } from './rules/retries.ts';
import { diffSecrets } from './rules/secrets.ts';
import { diffShape } from './rules/shape.ts';
import { diffSignature } from './rules/signature.ts';
import { diffStatus } from './rules/status.ts';
import { diffTenants } from './rules/tenants.ts';
import { diffWords } from './rules/words.ts';

/** In the order in which a reviewer asks: whom does it reach, who may call, what becomes of a request. */
export const DIFF_RULES: readonly DiffRule[] = Object.freeze([
  diffStatus,
  diffOrigin,
  diffSignature,
  diffCoverage,
  diffReplay,
  diffSecrets,
  diffHandshake,
  diffAddresses,
  diffTenants,
  diffEvents,
  diffShape,
  diffMapping,
  diffRetries,
  diffWords,
]);

/** None exactly where the plans are the same JSON. Both have the same id. */
export function diffPlans(was: ConnectorPlan, is: ConnectorPlan): readonly Change[] {
  const [before, after] = withoutShared(was, is);
  const differences = findRawDifferences(before, after);
  if (differences.length === 0) return [];
  const pair = pairOf(before, after);
  const causes = DIFF_RULES.flatMap((rule) => rule(pair));
  const findings = [...causes, ...diffBehaviour(pair, causes)];
  const explained = findings.flatMap(({ explains }) => explains);
  const rest = differences
    .filter(({ pointer }) => !isExplained(pointer, explained) && !isDerived(pointer, findings))
    .map(
      ({ pointer, before: was, after: is }): Finding => ({
        kind: isProtection(pointer) ? 'protection-changed' : 'plan-changed',
        severity: isProtection(pointer) ? weighSecurity(pair) : weigh(pair, 'risky'),
        path: '',
        message: `the compiled connector differs at ${pointer === '' ? 'its root' : pointer}, which no rule of this version explains: read what has changed in the file`,
        before: was,
        after: is,
        explains: [pointer],
      }),
    );
  return [...findings, ...rest].map(({ explains: _, ...change }) => ({ connector: after.id, ...change }));
}

/** What stands at the connector that has the URL is told there alone. Who takes events says so itself. */
function withoutShared(
  { events: _was, ...before }: ConnectorPlan,
  { events: _is, ...after }: ConnectorPlan,
): readonly [ConnectorPlan, ConnectorPlan] {
  const isShared = before.eventsOf !== undefined && before.eventsOf === after.eventsOf;
  return [before, isShared ? withSecurityOf(after, before) : after];
}

function withSecurityOf(plan: ConnectorPlan, other: ConnectorPlan): ConnectorPlan {
  const { handshake: _handshake, acknowledge: _acknowledge, ...rest } = plan;
  const { methods, allowIps, signature, urlKey, handshake, acknowledge } = other;
  return {
    ...rest,
    methods,
    allowIps,
    signature,
    urlKey,
    ...(handshake && { handshake }),
    ...(acknowledge && { acknowledge }),
  };
}

/** Decides who may call: what nobody can explain there is taken for weaker. */
function isProtection(pointer: string): boolean {
  return isExplained(pointer, ['/signature', '/urlKey', '/allowIps']);
}

/** What the compiler works out of something else: it needs no word of its own where its cause has been explained. */
const MAPPING_KINDS: readonly Finding['kind'][] = [
  'targets-changed',
  'mapping-field-added',
  'mapping-field-removed',
  'mapping-field-changed',
  'mapping-kind-changed',
  'script-changed',
  'invocation-id-changed',
];

/** Which texts have forms depends on what is mapped, and on what must be there. */
const FORMS_CAUSES: readonly Finding['kind'][] = [
  ...MAPPING_KINDS,
  'requirement-raised',
  'requirement-lowered',
];
const FORMS = /^\/(?:shape|envelope)\/shape(?:\/.*)?\/forms(?:\/\d+)?$/;

const CAUSES: Readonly<Record<string, readonly Finding['kind'][]>> = {
  '/shape/reads': [...MAPPING_KINDS, 'shape-accepts-more', 'shape-accepts-less', 'mapped-type-added'],
  '/signature/covers/body': ['signature-scheme-changed'],
  '/signature/covers/headers': ['signature-scheme-changed'],
  '/signature/covers/timestamp': ['signature-scheme-changed'],
};

function isDerived(pointer: string, findings: readonly Finding[]): boolean {
  const causes = FORMS.test(pointer) ? FORMS_CAUSES : CAUSES[pointer];
  return findings.some(({ kind }) => causes?.includes(kind) === true);
}
