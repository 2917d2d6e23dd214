/** Rule: the mapping is one that can be run. Adds its plan to the draft, and what it reads of a payload. */
import { prepareStructuredMapping } from '../../stages/mapping/map-structured.ts';
import type { ConnectorDraft } from '../draft.ts';
import { checkScript } from './script.ts';

export async function checkMapping(draft: ConnectorDraft): Promise<void> {
  const spec = draft.section('mapping');
  if (spec === undefined) return;
  if (spec === 'none') {
    draft.parts.mapping = { kind: 'structured', targetUserIds: [] };
    return;
  }
  if ('script' in spec) return checkScript(draft, spec.script);
  const { split } = draft.parts;
  const values = draft.section('values');
  if (values === undefined && draft.rawValueAt('/values') !== undefined) return;
  const isBatch = split !== null && split !== undefined;
  const around = { values, isBatch, isForm: draft.section('body') === 'form' };
  const prepared = prepareStructuredMapping(spec, '/mapping', draft.report, around);
  if (prepared === null) return;
  draft.parts.mapping = prepared.plan;
  draft.parts.reads = prepared.reads;
}
