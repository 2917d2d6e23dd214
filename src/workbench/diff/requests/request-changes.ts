/** What the outcomes of samples and cases mean, as changes beside those of the plans. */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import { quote } from '../../../diagnostics/printable.ts';
import type { Change, Severity } from '../plans/change.ts';
import type { ChangeKind } from '../plans/kinds.ts';
import type { RequestDiff } from './compare-requests.ts';
import type { RequestOutcome } from './run-requests.ts';

/** `before` and `after`: the plans, null where there is none. */
export function changesOfRequests(
  connector: string,
  requests: readonly RequestDiff[],
  before: ConnectorPlan | null,
  after: ConnectorPlan | null,
): readonly Change[] {
  if (before === null || after === null) return [];
  // Where it is disabled no request makes a card: the change of the status has said so.
  const isJudged = before.status !== 'disabled' && after.status !== 'disabled';
  const isLive = before.status === 'live' && after.status === 'live';
  return requests.flatMap((request) => [
    ...describeEdit(connector, request, before.status === 'live' || after.status === 'live'),
    ...(isJudged ? describeOutcome(connector, request, isLive) : []),
  ]);
}

function pathOf({ kind }: RequestDiff): string {
  return kind === 'sample' ? '/samples' : '';
}

/** Such a case shows that something is kept out: without it nobody sees when it gets in. */
const KEPT_OUT: ReadonlySet<string | null> = new Set(['rejected', 'held']);

function describeEdit(connector: string, request: RequestDiff, isLive: boolean): readonly Change[] {
  const { of, edited, kind, name, file } = request;
  // One change for both halves of an edit.
  if ((of === 'both' && !edited) || (of === 'old' && edited)) return [];
  const what = edited ? 'edited' : of === 'old' ? 'removed' : 'added';
  const meaning = {
    'sample-added': 'it teaches the shape what else is accepted',
    'sample-removed': 'the shape is learned without it; what becomes of such a request is shown all the same',
    'sample-edited': 'what becomes of it in the old form is shown too',
    'case-added': 'one more outcome is pinned',
    'case-removed':
      'nothing pins the outcome of that request any more; what becomes of it is shown all the same',
    'case-edited': 'look whether its expectation was changed to fit',
  } as const;
  const changeKind = `${kind}-${what}` as keyof typeof meaning;
  const [wasWanted, isWanted] = request.wanted;
  const wasKeptOut = isLive && KEPT_OUT.has(wasWanted);
  // Refused for another reason is refused too: what it was there to show may get in.
  const isUnpinned = wasKeptOut && (edited || !KEPT_OUT.has(isWanted));
  const isStill = KEPT_OUT.has(isWanted);
  const lost = isUnpinned
    ? `. It had to be ${wasWanted}, and ${isStill ? 'may be so for another reason now' : 'nothing watches that any more'}`
    : '';
  return [
    {
      connector,
      kind: changeKind,
      severity: isUnpinned ? 'risky' : 'safe',
      path: pathOf(request),
      message: `the ${kind} ${quote(name)}: ${meaning[changeKind]}${lost}`,
      before: of === 'old' || edited ? file : null,
      after: of === 'old' ? null : file,
    },
  ];
}

function describeOutcome(connector: string, request: RequestDiff, isLive: boolean): readonly Change[] {
  const { before, after, differences } = request;
  if (before === null || after === null) return [];
  const found = classify(before, after, differences.length > 0);
  if (found === null) return [];
  const weighed: Severity = isLive ? found.severity : found.severity === 'breaking' ? 'risky' : 'safe';
  const isTrigger = found.kind === 'trigger-changed';
  const side = (name: 'before' | 'after'): unknown =>
    isTrigger
      ? Object.fromEntries(
          differences.filter((one) => Object.hasOwn(one, name)).map((one) => [one.path, one[name]]),
        )
      : describeShortly(name === 'before' ? before : after);
  return [
    {
      connector,
      kind: found.kind,
      severity: weighed,
      path: pathOf(request),
      message: `${describeName(request)} ${describeTurn(before, after)}`,
      before: side('before'),
      after: side('after'),
    },
  ];
}

function describeName({ kind, name, of }: RequestDiff): string {
  const which = of === 'old' ? ' of the old side' : '';
  return kind === 'sample'
    ? `a request like the sample ${quote(name)}${which}`
    : `the case ${quote(name)}${which}`;
}

function classify(
  before: RequestOutcome,
  after: RequestOutcome,
  differs: boolean,
): { readonly kind: ChangeKind; readonly severity: Severity } | null {
  const [was, is] = [before.outcome, after.outcome];
  if (was === is) {
    if (differs) return { kind: 'trigger-changed', severity: 'risky' };
    const isSame = before.code === after.code && before.paused === after.paused;
    if (isSame) return null;
    return { kind: 'outcome-changed', severity: after.paused && !before.paused ? 'risky' : 'safe' };
  }
  if (was === 'delivered') {
    if (is === 'held') return { kind: 'request-now-held', severity: 'breaking' };
    if (is === 'ignored') return { kind: 'request-now-ignored', severity: 'breaking' };
    return { kind: 'request-now-refused', severity: 'breaking' };
  }
  // What was refused was not proven: that it passes is no gain.
  if (is === 'delivered')
    return was === 'rejected'
      ? { kind: 'request-now-accepted', severity: 'breaking' }
      : { kind: 'request-now-delivered', severity: 'risky' };
  return { kind: 'outcome-changed', severity: 'risky' };
}

function describeTurn(before: RequestOutcome, after: RequestOutcome): string {
  if (before.outcome === after.outcome && after.outcome === 'delivered')
    return 'makes another trigger from the merge on';
  return `${TODAY[before.outcome]} today, and ${TOMORROW[after.outcome]} after the merge${describeWhy(after)}`;
}

const TODAY: Readonly<Record<RequestOutcome['outcome'], string>> = {
  delivered: 'makes a card',
  ignored: 'is ignored',
  held: 'is held',
  rejected: 'is refused',
  answered: 'is answered as a challenge',
  captured: 'is captured',
};

const TOMORROW: Readonly<Record<RequestOutcome['outcome'], string>> = {
  ...TODAY,
  delivered: 'would make a card',
  ignored: 'would be ignored',
  held: 'would be held',
  rejected: 'would be refused',
};

function describeWhy({ outcome, code, paused, detail }: RequestOutcome): string {
  if (outcome === 'delivered') return '';
  return `${paused ? ', and pause the connector' : ''} (${code}${detail === undefined ? '' : `: ${detail}`})`;
}

/** Such as `held shape-changed, pauses`. */
export function describeShortly({ outcome, code, paused }: RequestOutcome): string {
  return `${outcome}${code === outcome ? '' : ` ${code}`}${paused ? ', pauses' : ''}`;
}
