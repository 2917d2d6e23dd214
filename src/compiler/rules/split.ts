/**
 * Rule: `split` names the elements of a list, in every sample, and its conditions choose some of them. Gives the payloads
 * that the mapping sees.
 */
import { quote } from '../../diagnostics/printable.ts';
import type { Condition } from '../../generated/connector.ts';
import { prepareCondition } from '../../stages/conditions/prepare-condition.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { materialiseConditions } from '../../stages/match-when.ts';
import type { ConditionPlan } from '../../stages/plans.ts';
import { pointerTo } from '../../stages/problem.ts';
import { materialiseSplit, splitOf } from '../../stages/split.ts';
import type { ConnectorDraft, DraftSample } from '../draft.ts';
import { noteSamples } from './sample-names.ts';

export type UnsplitSample = Omit<DraftSample, 'payloads' | 'elements'>;

/** Judges the path itself and adds it to the draft; runs before the samples are split by it. */
export function checkSplit(draft: ConnectorDraft): void {
  const spec = draft.section('split');
  if (spec === undefined) {
    if (draft.rawValueAt('/split') === undefined) draft.parts.split = null;
    return;
  }
  const [path, pointer] = typeof spec === 'string' ? [spec, '/split'] : [spec.list, '/split/list'];
  const parsed = parsePath(path);
  if (parsed.ok) {
    draft.parts.split = path;
    return;
  }
  const { code, message, offset, length } = parsed;
  draft.report({ code, pointer, message, within: { offset, length } });
}

/** Samples with their payloads: none where `split` is not usable. Adds the conditions on elements to the draft's split. */
export function splitSamples(
  draft: ConnectorDraft,
  samples: readonly UnsplitSample[],
): readonly DraftSample[] {
  const { split } = draft.parts;
  if (split === undefined) return samples.map((sample) => ({ ...sample, payloads: [], elements: [] }));
  if (split === null) return samples.map((sample) => ({ ...sample, payloads: [sample.body], elements: [0] }));
  const { list } = splitOf(split);
  const batches = samples.map((sample) => ({ sample, all: listElements(draft, list, sample) }));
  const subjects = batches.flatMap(({ sample, all }) =>
    all.map((body) => ({ body, headers: sample.headers, root: sample.body })),
  );
  const prepare = (pointer: string): ConditionPlan | null => {
    const spec = draft.valueAt(pointer) as Condition | undefined;
    return spec === undefined ? null : prepareCondition(spec, pointer, subjects, draft.report);
  };
  const entries = draft.valueAt('/split/when');
  const count = Array.isArray(entries) ? entries.length : 0;
  const prepared = Array.from({ length: count }, (_, index) => prepare(pointerTo('/split/when', index)));
  const when = prepared.filter((plan) => plan !== null);
  const testWhen = prepare('/split/testWhen');
  if (when.length > 0 || testWhen !== null) draft.parts.split = { list, when, testWhen };
  const matches = materialiseConditions(when);
  return batches.map(({ sample, all }) => {
    const chosen = [...all.entries()].filter(
      ([, element]) => matches(element, sample.headers, sample.body).kind === 'match',
    );
    if (chosen.length === 0 && all.length > 0) {
      const message = `no element of the sample ${quote(sample.name)} is one that \`when\` takes; add one to it`;
      draft.report({ code: 'sample-empty-batch', pointer: '/split/when', message }, noteSamples([sample]));
    }
    return {
      ...sample,
      payloads: chosen.map(([, element]) => element),
      elements: chosen.map(([index]) => index),
    };
  });
}

function listElements(draft: ConnectorDraft, list: string, sample: UnsplitSample): readonly JsonValue[] {
  const elements = materialiseSplit(list)(sample.body);
  if (elements !== null && elements.length > 0) return elements;
  const notes = noteSamples([sample]);
  const pointer = typeof draft.rawValueAt('/split') === 'string' ? '/split' : '/split/list';
  if (elements === null) {
    const message = `${quote(list)} names no list in the sample ${quote(sample.name)}; name the list, such as "$.events[*]"`;
    draft.report({ code: 'split-not-list', pointer, message }, notes);
  } else {
    const message = `${quote(list)} finds no element in the sample ${quote(sample.name)}; add one to it`;
    draft.report({ code: 'sample-empty-batch', pointer, message }, notes);
  }
  return [];
}
