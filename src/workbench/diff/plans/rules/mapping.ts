/** Rule: which flow is started, and what it is given: field by field where the mapping is structured. */
import { DEFAULT_TARGET } from '../../../../bundle/plan.ts';
import type { ExpressionPlan, ScriptMappingPlan, StructuredMappingPlan } from '../../../../stages/plans.ts';
import { pointerTo } from '../../../../stages/problem.ts';
import { type DiffRule, type Finding, type PlanPair, weigh } from '../change.ts';
import { describeExpression, describeList } from '../describe-expression.ts';
import { explainSteps } from '../explain-steps.ts';
import { isSame } from '../raw-differences.ts';

export const diffMapping: DiffRule = (pair) => [...diffFlow(pair), ...diffTarget(pair), ...diffContent(pair)];

function diffTarget(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.target ?? DEFAULT_TARGET, pair.after.target ?? DEFAULT_TARGET];
  if (before === after) return [];
  const message = `triggers go to the target ${after} instead of ${before}, which has to be in every deployment; an event that is repeated across the merge starts its flow at both`;
  const severity = weigh(pair, 'breaking');
  return [
    { kind: 'target-changed', severity, path: '/target', message, before, after, explains: ['/target'] },
  ];
}

function diffFlow(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.actionFlow, pair.after.actionFlow];
  if (before === after) return [];
  const message = `cards come from the flow ${after} instead of ${before}; an event that is repeated across the merge makes a second card`;
  const severity = weigh(pair, 'breaking');
  const explains = ['/actionFlow'];
  return [{ kind: 'action-flow-changed', severity, path: '/actionFlow', message, before, after, explains }];
}

function diffContent(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.mapping, pair.after.mapping];
  if (isSame(before, after)) return [];
  if (before.kind === 'script' && after.kind === 'script') return diffScript(pair, before, after);
  if (before.kind === 'structured' && after.kind === 'structured') {
    return [
      ...diffTargets(pair, before, after),
      ...diffInvocationId(pair, before, after),
      ...SECTIONS.flatMap((name) => diffSection(pair, name, before[name], after[name])),
      ...diffStreams(pair, before.targetStreamIds, after.targetStreamIds),
      ...diffSection(pair, 'values', before.values, after.values),
    ];
  }
  return [
    {
      kind: 'mapping-kind-changed',
      severity: weigh(pair, 'risky'),
      path: '/mapping',
      message: 'the whole trigger is made in another way: compare the triggers of the samples below',
      before: before.kind === 'script' ? `script ${before.file}` : 'paths, templates and literals',
      after: after.kind === 'script' ? `script ${after.file}` : 'paths, templates and literals',
      explains: ['/mapping'],
    },
  ];
}

function diffScript(pair: PlanPair, before: ScriptMappingPlan, after: ScriptMappingPlan): readonly Finding[] {
  const isSameCode = before.source === after.source;
  const common = { path: '/mapping/script', before: before.file, after: after.file };
  if (isSameCode) {
    const message = 'the same code runs; only where errors point to differs';
    const explains = ['/mapping/file', '/mapping/map'];
    return [{ ...common, kind: 'script-moved', severity: 'safe', message, explains }];
  }
  return [
    {
      ...common,
      kind: 'script-changed',
      severity: weigh(pair, 'risky'),
      message:
        'the script may make another trigger of any request: compare the triggers of the samples below, and read the code',
      explains: ['/mapping/file', '/mapping/map', '/mapping/source', '/mapping/digest'],
    },
  ];
}

function diffTargets(
  pair: PlanPair,
  before: StructuredMappingPlan,
  after: StructuredMappingPlan,
): readonly Finding[] {
  if (isSame(before.targetUserIds, after.targetUserIds)) return [];
  const isIgnoring = countIgnoring(after) > countIgnoring(before);
  return [
    {
      kind: 'targets-changed',
      severity: weigh(pair, 'risky'),
      path: '/mapping/targetUserIds',
      message: isIgnoring
        ? 'events without a recipient are ignored, where they were held: make sure that they concern nobody; what looks renamed is still held'
        : 'other people may get the cards: check that these are the ids of the right users',
      before: describeList(before.targetUserIds),
      after: describeList(after.targetUserIds),
      explains: ['/mapping/targetUserIds'],
    },
  ];
}

function countIgnoring({ targetUserIds }: StructuredMappingPlan): number {
  return targetUserIds.filter(({ whenMissing }) => whenMissing === 'ignore').length;
}

function diffInvocationId(
  pair: PlanPair,
  before: StructuredMappingPlan,
  after: StructuredMappingPlan,
): readonly Finding[] {
  const [was, is] = [before.flowInvocationId, after.flowInvocationId];
  if (isSame(was, is)) return [];
  return [
    {
      kind: 'invocation-id-changed',
      severity: weigh(pair, 'risky'),
      path: '/mapping/flowInvocationId',
      message:
        'an event that is repeated across the merge has another invocation id, and makes a second card',
      before: was === undefined ? 'derived from the event' : describeExpression(was),
      after: is === undefined ? 'derived from the event' : describeExpression(is),
      explains: ['/mapping/flowInvocationId'],
    },
  ];
}

const SECTIONS = ['cardOptions', 'variables', 'notificationDetail', 'metadata'] as const;
type Section = Readonly<Record<string, ExpressionPlan>> | undefined;

function diffSection(
  pair: PlanPair,
  section: (typeof SECTIONS)[number] | 'values',
  before: Section,
  after: Section,
): readonly Finding[] {
  const pointer = `/mapping/${section}`;
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
  return names.flatMap((name) => {
    const [was, is] = [ownOf(before, name), ownOf(after, name)];
    const path = pointerTo(pointer, name);
    // A section that appears or goes differs as a whole.
    const explains = before === undefined || after === undefined ? [pointer] : [path];
    return diffField(pair, `${section}.${name}`, path, was, is, explains);
  });
}

function diffStreams(
  pair: PlanPair,
  before: readonly ExpressionPlan[] | undefined,
  after: readonly ExpressionPlan[] | undefined,
): readonly Finding[] {
  const asOne = (items: readonly ExpressionPlan[] | undefined): ExpressionPlan | undefined =>
    items === undefined ? undefined : { kind: 'list', items };
  const path = '/mapping/cardOptions/targetStreamIds';
  const explains = ['/mapping/targetStreamIds'];
  return diffField(pair, 'cardOptions.targetStreamIds', path, asOne(before), asOne(after), explains);
}

function diffField(
  pair: PlanPair,
  name: string,
  path: string,
  before: ExpressionPlan | undefined,
  after: ExpressionPlan | undefined,
  explains: readonly string[],
): readonly Finding[] {
  if (isSame(before, after)) return [];
  const common = {
    path,
    before: before === undefined ? null : describeExpression(before),
    after: after === undefined ? null : describeExpression(after),
    explains,
  };
  if (before === undefined)
    return [
      {
        ...common,
        kind: 'mapping-field-added',
        severity: weigh(pair, 'risky'),
        message: `triggers have \`${name}\` from the merge on`,
      },
    ];
  if (after === undefined)
    return [
      {
        ...common,
        kind: 'mapping-field-removed',
        severity: weigh(pair, 'breaking'),
        message: `triggers have no \`${name}\` from the merge on: a flow that uses it gets nothing there`,
      },
    ];
  const steps = explainSteps(before, after);
  const message = `\`${name}\` is made of something else${steps === '' ? '' : `: ${steps}`}`;
  return [{ ...common, kind: 'mapping-field-changed', severity: weigh(pair, 'risky'), message }];
}

function ownOf(section: Section, name: string): ExpressionPlan | undefined {
  return section !== undefined && Object.hasOwn(section, name) ? section[name] : undefined;
}
