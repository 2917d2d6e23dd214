/** Rule: `split` names the elements of a list, in every sample. Gives the payloads that the mapping sees. */
import { quote } from '../../diagnostics/printable.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { materialiseSplit } from '../../stages/split.ts';
import type { ConnectorDraft, DraftSample } from '../draft.ts';
import { noteSamples } from './sample-names.ts';

/** Judges the path itself and adds it to the draft; runs before the samples are split by it. */
export function checkSplit(draft: ConnectorDraft): void {
  const path = draft.section('split');
  if (path === undefined) {
    if (draft.rawValueAt('/split') === undefined) draft.parts.split = null;
    return;
  }
  const parsed = parsePath(path);
  if (parsed.ok) {
    draft.parts.split = path;
    return;
  }
  const { code, message, offset, length } = parsed;
  draft.report({ code, pointer: '/split', message, within: { offset, length } });
}

/** The payloads of a sample: none where `split` is not usable, or finds no list in it. */
export function splitSample(
  draft: ConnectorDraft,
  sample: Omit<DraftSample, 'payloads'>,
): readonly JsonValue[] {
  const { split } = draft.parts;
  if (split === undefined) return [];
  if (split === null) return [sample.body];
  const elements = materialiseSplit(split)(sample.body);
  if (elements !== null && elements.length > 0) return elements;
  const notes = noteSamples([sample]);
  if (elements === null) {
    const message = `${quote(split)} names no list in the sample ${quote(sample.name)}; name the list, such as "$.events[*]"`;
    draft.report({ code: 'split-not-list', pointer: '/split', message }, notes);
  } else {
    const message = `${quote(split)} finds no element in the sample ${quote(sample.name)}; add one to it`;
    draft.report({ code: 'sample-empty-batch', pointer: '/split', message }, notes);
  }
  return [];
}
