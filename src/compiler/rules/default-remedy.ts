/** The default that `--fix` gives a variable which may be missing. In: a draft and the read. Out: the remedy, or null. */
import { compilePath } from '../../stages/json/compile-path.ts';
import type { Remedy } from '../../stages/problem.ts';
import type { ConnectorDraft, DraftRead } from '../draft.ts';

/** Only of a text that a card shows: an empty one in place of a number or a date is no value of its kind. */
export function defaultRemedy(draft: ConnectorDraft, { pointer, paths }: DraftRead): Remedy | null {
  const written = draft.rawValueAt(pointer);
  const [path = ''] = paths;
  if (written !== path || !pointer.startsWith('/mapping/variables/')) return null;
  const found = draft.parts.samples
    .flatMap(({ payloads }) => payloads.map((payload) => compilePath(path).first(payload) ?? null))
    .filter((value) => value !== null);
  return found.length > 0 && found.every((value) => typeof value === 'string') ? { kind: 'default' } : null;
}
