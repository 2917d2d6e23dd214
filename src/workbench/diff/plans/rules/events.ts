/** Rule: which requests are events for the connector: method, encoding, when, testWhen, split. */
import type { ConditionPlan, SplitPlan } from '../../../../stages/plans.ts';
import { splitOf } from '../../../../stages/split.ts';
import { type DiffRule, type Finding, type PlanPair, weigh, weighSecurity } from '../change.ts';
import { compareConditions, describeCondition } from '../conditions.ts';
import { isSame } from '../raw-differences.ts';

export const diffEvents: DiffRule = (pair) => [
  ...diffSource(pair),
  ...diffWhen(pair),
  ...diffTestWhen(pair),
  ...diffSplit(pair),
  ...diffUnwrap(pair),
  ...diffEnvelope(pair),
  ...diffMethods(pair),
  ...diffBody(pair),
];

/** Another URL is another sender: nobody calls the old one any more. */
function diffSource(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.eventsOf ?? null, pair.after.eventsOf ?? null];
  if (before === after) return [];
  return [
    {
      kind: 'events-of-changed',
      severity: weigh(pair, 'breaking'),
      path: '/eventsOf',
      message:
        after === null
          ? 'events come by a URL of its own from now on, and no longer by the one that it shared'
          : `events come by the URL of "${after}" from now on; what is still sent elsewhere is lost to it`,
      before,
      after,
      explains: ['/eventsOf'],
    },
  ];
}

const WHEN = {
  same: {
    kind: 'event-presence-changed',
    severity: 'risky',
    message:
      'the samples changed: a request that lacks a compared value is held where it was ignored, or ignored where it was held',
  },
  wider: {
    kind: 'events-widened',
    severity: 'risky',
    message: 'requests that are ignored today make cards from the merge on',
  },
  narrower: {
    kind: 'events-narrowed',
    severity: 'breaking',
    message:
      'requests that make cards today are answered 200 and dropped from the merge on: they are not kept, so they cannot be replayed',
  },
  other: {
    kind: 'events-changed',
    severity: 'breaking',
    message:
      'some requests that make cards today are answered 200 and dropped from the merge on, and some that are ignored today make cards',
  },
} as const;

function diffWhen(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.when, pair.after.when];
  if (isSame(before, after)) return [];
  const { kind, severity, message } = WHEN[compareConditions(before, after)];
  return [
    {
      kind,
      severity: weigh(pair, severity),
      path: '/when',
      message,
      before: before.map(describeCondition),
      after: after.map(describeCondition),
      explains: ['/when'],
    },
  ];
}

function diffTestWhen(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.testWhen, pair.after.testWhen];
  if (isSame(before, after)) return [];
  const common = {
    path: '/testWhen',
    before: before === null ? null : describeCondition(before),
    after: after === null ? null : describeCondition(after),
    explains: ['/testWhen'],
  };
  const comparison = compareConditions(listOf(before), listOf(after));
  if (before !== null && comparison === 'same')
    return [
      {
        ...common,
        kind: 'event-presence-changed',
        severity: weigh(pair, 'risky'),
        message: WHEN.same.message,
      },
    ];
  // No condition is no test event, where an empty list takes all.
  if (before !== null && (after === null || comparison !== 'wider')) {
    const message =
      after === null
        ? "the provider's own test events make real cards for real users from the merge on"
        : "some of the provider's own test events make real cards for real users from the merge on";
    return [{ ...common, kind: 'test-traffic-goes-live', severity: weighSecurity(pair), message }];
  }
  const message = "more events count as the provider's own tests: they make test cards instead of real ones";
  const severity = weigh(pair, before === null ? 'risky' : 'breaking');
  return [{ ...common, kind: 'test-traffic-changed', severity, message }];
}

function listOf(condition: ConditionPlan | null): readonly ConditionPlan[] {
  return condition === null ? [] : [condition];
}

function diffSplit(pair: PlanPair): readonly Finding[] {
  const [was, is] = [pair.before.split, pair.after.split];
  if (isSame(was, is)) return [];
  const [before, after] = [was, is].map((split) => (split === null ? null : splitOf(split).list)) as [
    string | null,
    string | null,
  ];
  if (before === after && was !== null && is !== null) return diffElements(pair, splitOf(was), splitOf(is));
  const message =
    after === null
      ? 'the whole body is one event instead of each element of a list; every path of the mapping starts elsewhere'
      : `each element of ${after} is one event of its own; a body without that list pauses the connector`;
  const severity = weigh(pair, 'breaking');
  return [{ kind: 'split-changed', severity, path: '/split', message, before, after, explains: ['/split'] }];
}

/** The same list, of which other elements are taken. */
function diffElements(pair: PlanPair, before: SplitPlan, after: SplitPlan): readonly Finding[] {
  const findings: Finding[] = [];
  // A list whose elements are all taken is written as its path alone.
  const explainsOf = (place: string) =>
    typeof pair.before.split === 'string' || typeof pair.after.split === 'string'
      ? ['/split']
      : [`/split/${place}`];
  if (!isSame(before.when, after.when)) {
    const comparison = compareConditions(before.when, after.when);
    const { kind, severity } = WHEN[comparison];
    findings.push({
      kind,
      severity: weigh(pair, severity),
      path: '/split/when',
      message: ELEMENTS[comparison],
      before: before.when.map(describeCondition),
      after: after.when.map(describeCondition),
      explains: explainsOf('when'),
    });
  }
  if (!isSame(before.testWhen, after.testWhen)) {
    const { kind, message } =
      before.testWhen === null || compareConditions([before.testWhen], listOf(after.testWhen)) === 'same'
        ? {
            kind: 'test-traffic-changed' as const,
            message:
              "other elements count as the provider's own tests: they make test cards instead of real ones",
          }
        : {
            kind: 'test-traffic-goes-live' as const,
            message:
              "some of the provider's own test elements make real cards for real users from the merge on",
          };
    findings.push({
      kind,
      severity: kind === 'test-traffic-goes-live' ? weighSecurity(pair) : weigh(pair, 'risky'),
      path: '/split/testWhen',
      message,
      before: before.testWhen === null ? null : describeCondition(before.testWhen),
      after: after.testWhen === null ? null : describeCondition(after.testWhen),
      explains: explainsOf('testWhen'),
    });
  }
  return findings;
}

const ELEMENTS = {
  same: 'the samples changed: an element that lacks a compared value is held where it was ignored, or ignored where it was held',
  wider: 'elements of batches that are ignored today make cards from the merge on',
  narrower: 'elements of batches that make cards today are ignored from the merge on: they are not kept',
  other:
    'some elements of batches that make cards today are ignored from the merge on, and some that are ignored make cards',
} as const;

function diffEnvelope(pair: PlanPair): readonly Finding[] {
  const [was, is] = [pair.before.envelope, pair.after.envelope];
  if (isSame(was, is)) return [];
  const readsOf = (envelope: typeof was) =>
    envelope?.reads.map(({ paths }) => `$${paths.join(' or $')}`) ?? [];
  const message =
    'what the mapping reads around the elements of a batch, or what the samples have there, differs: a batch that has it otherwise is held as a whole';
  return [
    {
      kind: 'envelope-changed',
      severity: weigh(pair, 'risky'),
      path: '/split',
      message,
      before: readsOf(was),
      after: readsOf(is),
      explains: ['/envelope'],
    },
  ];
}

function diffUnwrap(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.unwrap ?? [], pair.after.unwrap ?? []];
  if (isSame(before, after)) return [];
  const message = 'other texts of the body are read as JSON: conditions, shape and mapping see another body';
  const severity = weigh(pair, 'breaking');
  return [
    { kind: 'unwrap-changed', severity, path: '/unwrap', message, before, after, explains: ['/unwrap'] },
  ];
}

function diffMethods(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.methods, pair.after.methods];
  if (isSame(before, after)) return [];
  const common = { path: '/methods', before, after, explains: ['/methods'] };
  const removed = before.filter((method) => !after.includes(method));
  const added = after.filter((method) => !before.includes(method));
  const findings: Finding[] = [];
  if (removed.length > 0) {
    const message = `requests by ${removed.join(', ')} are refused with 405 from the merge on, and lost`;
    findings.push({ ...common, kind: 'method-removed', severity: weigh(pair, 'breaking'), message });
  }
  if (added.length > 0) {
    const message = `requests by ${added.join(', ')} are accepted too`;
    findings.push({ ...common, kind: 'method-added', severity: 'safe', message });
  }
  return findings;
}

function diffBody(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.body, pair.after.body];
  if (before === after) return diffLists(pair);
  const message = `bodies are read as ${after}: requests that come as ${before} are refused with 415 from the merge on, and lost`;
  const severity = weigh(pair, 'breaking');
  return [
    {
      kind: 'body-encoding-changed',
      severity,
      path: '/body',
      message,
      before,
      after,
      explains: ['/body', '/lists'],
    },
  ];
}

/** Which fields and elements are lists however often they come: the samples say so. */
function diffLists(pair: PlanPair): readonly Finding[] {
  const [before, after] = [pair.before.lists ?? [], pair.after.lists ?? []];
  if (isSame(before, after)) return [];
  const added = after.filter((name) => !before.includes(name));
  const removed = before.filter((name) => !after.includes(name));
  const parts = [
    ...(added.length === 0 ? [] : [`${added.join(', ')}: always read as a list, as a sample repeats it`]),
    ...(removed.length === 0
      ? []
      : [`${removed.join(', ')}: a single value where it comes once, as no sample repeats it`]),
  ];
  const message = `${parts.join('; ')}; paths through it find something else than before`;
  const severity = weigh(pair, 'risky');
  return [
    {
      kind: 'body-encoding-changed',
      severity,
      path: '/samples',
      message,
      before,
      after,
      explains: ['/lists'],
    },
  ];
}
