/** Rule: the samples have a shape in common that keeps what the mapping reads. Adds the shape's plan to the draft. */
import { DEFAULT_PAUSE_AFTER } from '../../stages/shape/check.ts';
import { prepareShape } from '../../stages/shape/prepare.ts';
import type { ConnectorDraft } from '../draft.ts';

/** With fewer samples most genuine requests differ from all of them. */
const ENOUGH_FOR_EXACT = 5;

export function checkShape(draft: ConnectorDraft): void {
  const settings = draft.section('shape');
  const isGiven = draft.rawValueAt('/shape') !== undefined;
  const { samples, reads = [] } = draft.parts;
  if (isGiven && settings === undefined) return;
  const hasSamples = draft.rawValueAt('/sample') !== undefined || draft.rawValueAt('/samples') !== undefined;
  if (!hasSamples) {
    draft.parts.shape = null;
    return;
  }
  const payloads = samples.flatMap(({ name, payloads: all }) => all.map((payload) => ({ name, payload })));
  if (payloads.length === 0) return;
  const {
    policy = 'mapped',
    pauseAfter = DEFAULT_PAUSE_AFTER,
    required = [],
    optional = [],
    maps = [],
  } = settings ?? {};
  const shape = prepareShape(
    { payloads, settings: { policy, pauseAfter, required, optional, maps }, reads },
    '/shape',
    draft.report,
  );
  if (shape !== null) draft.parts.shape = shape;
  if (policy === 'exact' && payloads.length < ENOUGH_FOR_EXACT) {
    const message =
      'policy exact pauses on any new or missing field; among real payloads nine in ten differ from one sample';
    draft.report({ code: 'shape-exact-batch', pointer: '/shape/policy', message });
  }
}
