/**
 * Every sample and case of a connector, on both sides: what becomes of it today, and after the merge. In: two plans, and
 * the files of the sides that have some. Out: the outcomes side by side. Old samples count most: they are what production
 * receives today.
 */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import type { CompiledConnector } from '../../../compiler/compile.ts';
import type { DraftCase, DraftSample } from '../../../compiler/draft.ts';
import type { ScriptRunner } from '../../../stages/script/script-runner.ts';
import { isSame } from '../plans/raw-differences.ts';
import { diffValues, type ValueDifference } from './diff-values.ts';
import { type RequestOutcome, runCaseUnder, runSample } from './run-requests.ts';

export interface RequestDiff {
  readonly kind: 'sample' | 'case';
  /** Name of the sample, or note of the case. */
  readonly name: string;
  /** Display path of its file. */
  readonly file: string;
  /** Which side sends it. */
  readonly of: 'both' | 'old' | 'new';
  /** Both sides have one of this name. With `both` the request is the same, and what a case wants of it differs. */
  readonly edited: boolean;
  /** Of a case: the outcome that each side wants; null: it has no such case. */
  readonly wanted: readonly [string | null, string | null];
  /** null: nothing can be said, since the connector is not there or does not compile. */
  readonly before: RequestOutcome | null;
  readonly after: RequestOutcome | null;
  /** How the triggers differ, or in which mode they go out. */
  readonly differences: readonly ValueDifference[];
}

/** `null` for a side without files, such as a bundle: the other side's requests then count as both's. */
export interface RequestSources {
  readonly before: CompiledConnector | null;
  readonly after: CompiledConnector | null;
}

export async function compareRequests(
  sources: RequestSources,
  before: ConnectorPlan | null,
  after: ConnectorPlan | null,
  scripts: ScriptRunner,
): Promise<readonly RequestDiff[]> {
  const diffs: RequestDiff[] = [];
  for (const { of, edited, connector, item } of pairUp(
    sources,
    ({ samples }) => samples,
    sampleKey,
    sampleContent,
  )) {
    const run = (plan: ConnectorPlan | null) =>
      plan === null ? null : runSample(connector, item, plan, scripts);
    const outcomes = [await run(before), await run(after)] as const;
    diffs.push({
      kind: 'sample',
      name: item.name,
      file: item.file,
      of,
      edited,
      wanted: [null, null],
      ...together(outcomes, before, after),
    });
  }
  const cases = pairUp(sources, (one) => numbered(one.cases), caseKey, caseRequest, caseContent);
  for (const { of, edited, connector, item, both } of cases) {
    // What the sender does today, unless the case is about what it does after the merge.
    const sender = of === 'new' ? (after ?? before) : (before ?? after);
    const run = (plan: ConnectorPlan | null) =>
      plan === null || sender === null ? null : runCaseUnder(connector, item, plan, sender, scripts);
    const outcomes = [await run(before), await run(after)] as const;
    diffs.push({
      kind: 'case',
      name: item.note,
      file: item.file,
      of,
      edited,
      wanted: [wantedOf(both[0]), wantedOf(both[1])],
      ...together(outcomes, before, after),
    });
  }
  return diffs;
}

interface Paired<T> extends Pick<RequestDiff, 'of' | 'edited'> {
  /** Whose files the item needs. */
  readonly connector: CompiledConnector;
  readonly item: T;
  /** What the old and the new side have under its name. */
  readonly both: readonly [T | undefined, T | undefined];
}

function pairUp<T>(
  { before, after }: RequestSources,
  list: (connector: CompiledConnector) => readonly T[],
  keyOf: (item: T) => string,
  sentOf: (item: T) => unknown,
  contentOf: (item: T) => unknown = sentOf,
): readonly Paired<T>[] {
  const isKnown = before !== null && after !== null;
  const [old, current] = [before, after].map(
    (one) => new Map((one === null ? [] : list(one)).map((item) => [keyOf(item), item])),
  ) as [Map<string, T>, Map<string, T>];
  const pairs: Paired<T>[] = [];
  for (const key of new Set([...old.keys(), ...current.keys()])) {
    const both = [old.get(key), current.get(key)] as const;
    const [was, is] = both;
    const edited = was !== undefined && is !== undefined && !isSame(contentOf(was), contentOf(is));
    if (was !== undefined && is !== undefined && after !== null && isSame(sentOf(was), sentOf(is))) {
      pairs.push({ of: 'both', edited, connector: after, item: is, both });
      continue;
    }
    if (was !== undefined && before !== null)
      pairs.push({ of: isKnown ? 'old' : 'both', edited, connector: before, item: was, both });
    if (is !== undefined && after !== null)
      pairs.push({ of: isKnown ? 'new' : 'both', edited, connector: after, item: is, both });
  }
  return pairs;
}

function sampleKey({ name }: DraftSample): string {
  return name;
}

function sampleContent({ body, headers }: DraftSample): unknown {
  return { body, headers: headers.entries() };
}

type NumberedCase = DraftCase & { readonly number: number };

/** Cases may share a note: the first is compared with the first, the second with the second. */
function numbered(cases: readonly DraftCase[]): readonly NumberedCase[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const number = seen.get(one.note) ?? 0;
    seen.set(one.note, number + 1);
    return { ...one, number };
  });
}

function caseKey({ note, number }: NumberedCase): string {
  return `${number} ${note}`;
}

/** What is sent, and when: without what is wanted of it. */
function caseRequest({ case: { request, now, secrets } }: NumberedCase): unknown {
  return { request, now, secrets };
}

function wantedOf(one: NumberedCase | undefined): string | null {
  return one?.case.want.outcome ?? null;
}

function caseContent({ case: one }: NumberedCase): unknown {
  return one;
}

type Outcomes = readonly [RequestOutcome | null, RequestOutcome | null];

function together(
  [before, after]: Outcomes,
  was: ConnectorPlan | null,
  is: ConnectorPlan | null,
): Pick<RequestDiff, 'before' | 'after' | 'differences'> {
  if (before === null || after === null || was === null || is === null)
    return { before, after, differences: [] };
  const isSameStatus = was.status === is.status;
  // A derived id is a digest of these: that it differs is said once, where its cause is.
  const knowsId =
    isSameStatus &&
    was.actionFlow === is.actionFlow &&
    isSame(was.idempotency, is.idempotency) &&
    before.mode === after.mode;
  const seen = ({ mode, triggers }: RequestOutcome): unknown => {
    const shown = triggers.map(({ flowInvocationId, ...rest }) =>
      knowsId ? { ...rest, flowInvocationId } : rest,
    );
    const content = shown.length === 1 ? shown[0] : { triggers: shown };
    return { ...(isSameStatus && mode !== undefined ? { mode } : {}), ...content };
  };
  const isComparable = before.outcome === after.outcome && before.triggers.length + after.triggers.length > 0;
  return { before, after, differences: isComparable ? diffValues(seen(before), seen(after)) : [] };
}
