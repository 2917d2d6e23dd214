/**
 * Rule: there is more than one sample. With one, every field that it has counts as always there: names those that a request
 * is likely to lack, as it would be held.
 */
import type { Note } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/printable.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import type { ConnectorDraft, DraftRead } from '../draft.ts';

/** The first few show what is meant. */
const MAX_NAMED = 3;

export function checkSingleSample(draft: ConnectorDraft): void {
  const { samples, hasAllSamples, reads = [], shape } = draft.parts;
  if (!hasAllSamples || samples.length !== 1 || (samples[0]?.payloads.length ?? 0) > 1) return;
  const message = 'one sample teaches nothing about optional fields; add another of the same event';
  const pointer = draft.rawValueAt('/samples') === undefined ? '/sample' : '/samples/0';
  // What the file says under `shape` is decided.
  const decided = (shape?.reads ?? []).filter((read) => read.required || read.optional);
  const isDecided = ({ paths }: DraftRead): boolean =>
    decided.some((read) => String(read.paths) === String(paths));
  const likely = reads.filter((read) => isInside(read) && !isDecided(read));
  const notes = likely.slice(0, MAX_NAMED).map((read) => noteOn(draft, read));
  const more = likely.length - notes.length;
  const rest = more > 0 ? [{ message: `and ${more} more of which the same is true` }] : [];
  draft.report({ code: 'sample-single', pointer, message }, [...notes, ...rest], 'key');
}

/**
 * A field without a default inside an object: of GitHub's payloads of one event, 6 % of these fields are missing in the
 * next one, and 0.4 % of those at the top (docs/shape.md).
 */
function isInside({ paths, required, optional }: DraftRead): boolean {
  if (required || optional || paths.length > 1) return false;
  const parsed = parsePath(paths[0] as string);
  return parsed.ok && parsed.segments.length > 1;
}

function noteOn(draft: ConnectorDraft, { paths, pointer, within }: DraftRead): Note {
  const message = `a request without ${quote(paths[0] as string)} is held; where it may be missing, give it a default`;
  const { document } = draft;
  const span =
    within === undefined
      ? document.spanOf(pointer)
      : document.spanWithin(pointer, within.offset, within.length);
  return { message, span };
}
