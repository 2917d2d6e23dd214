/**
 * Rule: the samples exist and are JSON. Adds them to the draft, parsed as a request's body would be, and split into the
 * payloads that the mapping sees.
 */
import { quote } from '../../diagnostics/printable.ts';
import type { SourceFile } from '../../diagnostics/source.ts';
import { findLists, withLists } from '../../stages/body/lists.ts';
import { parseJsonBody } from '../../stages/json/json-text.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import type { BodyPlan } from '../../stages/plans.ts';
import { pointerTo, replaceBy } from '../../stages/problem.ts';
import { readSample } from '../../stages/sample.ts';
import type { ConnectorDraft } from '../draft.ts';
import { findDuplicateKeys, findJsonProblem, locateInJson } from '../json-position.ts';
import { splitSamples, type UnsplitSample } from './split.ts';
import { unwrapSamples } from './unwrap.ts';

/** The name of a sample that stands in the connector file. */
const INLINE = 'inline';

export function checkSamples(draft: ConnectorDraft): void {
  // A file that is no connector at all is not told what else it lacks.
  if (!isJsonObject(draft.document.value)) return;
  const sent = [...readInline(draft), ...readFiles(draft)];
  const reading = readingOf(draft, sent);
  draft.parts.reading = reading;
  const found = sent.map((sample) => ({
    ...sample,
    body: withLists(reading.body, sample.body, reading.lists ?? []),
  }));
  draft.parts.samples = splitSamples(draft, unwrapSamples(draft, found));
  const named = draft.rawValueAt('/samples');
  const expected =
    (Array.isArray(named) ? named.length : 0) + (draft.rawValueAt('/sample') === undefined ? 0 : 1);
  draft.parts.hasAllSamples = found.length === expected;
  checkNumber(draft);
}

/** A body of {} in every sample says that there is none, unless the file says otherwise. */
function readingOf(draft: ConnectorDraft, samples: readonly UnsplitSample[]): BodyPlan {
  const bodies = samples.map(({ body }) => body);
  const isEmpty = (value: JsonValue): boolean => isJsonObject(value) && Object.keys(value).length === 0;
  const assumed = bodies.length > 0 && bodies.every(isEmpty) ? 'none' : 'json';
  const body = draft.section('body') ?? assumed;
  const lists = findLists(body, bodies);
  return lists.length === 0 ? { body } : { body, lists };
}

function readInline(draft: ConnectorDraft): readonly UnsplitSample[] {
  const value = draft.section('sample') as JsonValue | undefined;
  if (value === undefined) return [];
  const sample = readSample(INLINE, value);
  const base = sample.body === value ? '/sample' : '/sample/body';
  const { document } = draft;
  return [
    {
      ...sample,
      file: draft.source.path,
      index: 0,
      spanOf: (pointer, part = 'value') => document.spanOf(`${base}${pointer}`, part),
    },
  ];
}

function readFiles(draft: ConnectorDraft): readonly UnsplitSample[] {
  const references = draft.section('samples') ?? [];
  return references.flatMap((reference, index) => {
    const content = draft.files.read('sample', reference);
    const pointer = pointerTo('/samples', index);
    if (!content.ok) {
      const { code, message, meant } = content;
      draft.report({ code, pointer, message, ...replaceBy(meant) });
      return [];
    }
    const source = draft.files.source('sample', reference);
    const parsed = parseJsonBody(content.bytes);
    if (!parsed.ok) {
      reportInvalid(draft, source, pointer, parsed.detail);
      return [];
    }
    reportDuplicates(draft, source, parsed.value);
    const sample = readSample(reference, parsed.value);
    const base = sample.body === parsed.value ? '' : '/body';
    const locate = locateInJson(source.text);
    return [
      {
        ...sample,
        file: source.path,
        index,
        spanOf: (inBody: string, part: 'key' | 'value' = 'value') => {
          const { offset, length } = locate(`${base}${inBody}`, part);
          return source.span(offset, length);
        },
      },
    ];
  });
}

/** Points into the sample where its syntax breaks; `detail` is what the request parser says of the rest (numbers, nesting). */
function reportInvalid(draft: ConnectorDraft, source: SourceFile, pointer: string, detail: string): void {
  const problem = findJsonProblem(source.text);
  const note = { message: 'the sample is named here', span: draft.document.spanOf(pointer) };
  const message = problem?.message ?? detail.replace('the body', 'the sample');
  draft.reportAt('sample-invalid', message, source.span(problem?.offset ?? 0, problem?.length ?? 0), [note]);
}

/** More say the same. */
const MAX_DUPLICATES = 20;

function reportDuplicates(draft: ConnectorDraft, source: SourceFile, value: JsonValue): void {
  for (const { name, offset, length, first } of findDuplicateKeys(source.text, value).slice(
    0,
    MAX_DUPLICATES,
  )) {
    const note = {
      message: `${quote(name)} stands here first`,
      span: source.span(first.offset, first.length),
    };
    const message = `the key ${quote(name)} stands twice; remove one`;
    draft.reportAt('key-duplicate', message, source.span(offset, length), [note]);
  }
}

function checkNumber(draft: ConnectorDraft): void {
  if (draft.rawValueAt('/sample') !== undefined || draft.rawValueAt('/samples') !== undefined) return;
  if (draft.isMisspelt('', 'samples') || draft.rawValueAt('/mapping') === 'none') return;
  if (draft.isLive) {
    const message = 'a live connector needs a sample; add one, or set status to test until there is one';
    draft.report({ code: 'sample-missing-live', pointer: '/status', message });
  } else {
    const message = 'there is no sample yet, so the connector holds every request; add samples: [...]';
    draft.report({ code: 'sample-missing', pointer: '/id', message });
  }
}
