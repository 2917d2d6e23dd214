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

/** Over all connectors, in the order in which they were found: every repeat points at the first. */
export function checkUniqueIds(places: readonly IdPlace[]): readonly Diagnostic[] {
  const first = new Map<string, Span>();
  return places.flatMap(({ id, span }) => {
    const earlier = first.get(id);
    if (earlier === undefined) {
      first.set(id, span);
      return [];
    }
    const note = { message: `${quote(id)} is used here first`, span: earlier };
    return [
      diagnose('id-duplicate', `the id ${quote(id)} is taken by another connector; choose another`, span, [
        note,
      ]),
    ];
  });
}
