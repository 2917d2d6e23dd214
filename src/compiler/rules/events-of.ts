/** Rule: a connector that takes its events by the URL of another has no URL of its own, and says which events are its. */
import { pointerTo } from '../../stages/problem.ts';
import type { ConnectorDraft } from '../draft.ts';

/** What stands where the URL is. */
const OF_THE_URL = ['security', 'methods', 'limits'];

export function checkEventsOf(draft: ConnectorDraft): void {
  const host = draft.section('eventsOf');
  if (host === undefined) return;
  const refuse = (key: string, message: string): void =>
    draft.report({ code: 'events-of-invalid', pointer: pointerTo('', key), message }, [], 'key');
  for (const key of OF_THE_URL)
    if (draft.rawValueAt(pointerTo('', key)) !== undefined)
      refuse(
        key,
        `events come by the URL of "${host}", so \`${key}\` stands in that connector; remove it here`,
      );
  if (draft.rawValueAt('/mapping') === 'none')
    refuse('mapping', 'a connector without a URL and without a mapping does nothing; map its events');
  if (draft.rawValueAt('/when') === undefined && !draft.isMisspelt('', 'when'))
    refuse('eventsOf', `nothing says which events of "${host}" are for this connector; add when`);
}
