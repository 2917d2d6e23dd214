/** Rules: the id is the name of the folder or flat file, and no two connectors share one. */
import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/printable.ts';
import type { ConnectorDraft } from '../draft.ts';

export function checkIdentity(draft: ConnectorDraft): void {
  const id = draft.section('id');
  const { name, folder, home } = draft.files.location;
  if (id === undefined || id === name) return;
  const what = home === folder ? 'folder' : 'file';
  const message = `id ${quote(id)} differs from the ${what} name ${quote(name)}; make them the same`;
  draft.report({ code: 'id-mismatch', pointer: '/id', message });
}

export interface IdPlace {
  readonly id: string;
  readonly span: Span;
}

/** Over all connectors: every repeat points at the first, which is the one that is named like the id, if there is one. */
export function checkUniqueIds(
  places: readonly (IdPlace & { readonly name: string })[],
): readonly Diagnostic[] {
  const first = new Map<string, Span>();
  const named = places.filter(({ id, name }) => id === name);
  for (const { id, span } of [...named, ...places]) if (!first.has(id)) first.set(id, span);
  return places.flatMap(({ id, span }) => {
    const earlier = first.get(id);
    if (earlier === undefined || earlier === span) return [];
    const note = { message: `${quote(id)} is the id of this connector`, span: earlier };
    return [
      diagnose('id-duplicate', `the id ${quote(id)} is taken by another connector; choose another`, span, [
        note,
      ]),
    ];
  });
}

/** Where an id also differs from its folder's name, it is that which is to be mended: the repeat becomes a note of it. */
export function joinRepeats(
  diagnostics: readonly Diagnostic[],
  repeats: readonly Diagnostic[],
): readonly Diagnostic[] {
  const left = new Map(repeats.map((repeat) => [repeat.span.file, repeat]));
  const joined = diagnostics.map((diagnostic) => {
    const { code, span, notes } = diagnostic;
    const repeat = code === 'id-mismatch' ? left.get(span.file) : undefined;
    if (repeat === undefined) return diagnostic;
    left.delete(span.file);
    return { ...diagnostic, notes: [...notes, ...repeat.notes] };
  });
  return [...joined, ...left.values()];
}
