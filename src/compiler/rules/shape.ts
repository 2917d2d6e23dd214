/** Rule: the samples have a shape in common that keeps what the mapping reads. Adds the shape's plan to the draft. */

import type { ShapePlan } from '../../stages/plans.ts';
import { DEFAULT_PAUSE_AFTER } from '../../stages/shape/check.ts';
import { prepareShape } from '../../stages/shape/prepare.ts';
import type { ConnectorDraft, DraftRead, DraftSample } from '../draft.ts';

/** With fewer samples most genuine requests differ from all of them. */
const ENOUGH_FOR_EXACT = 5;

/** What the mapping reads of the whole body of a batch: nothing else of it is judged. */
function prepareEnvelope(
  samples: readonly DraftSample[],
  reads: readonly DraftRead[],
  pauseAfter: number,
  maps: readonly string[],
): ShapePlan {
  const payloads = samples.map(({ name, body }) => ({ name, payload: body, root: body }));
  const settings = { policy: 'mapped', pauseAfter, required: [], optional: [], maps } as const;
  const plan = prepareShape({ payloads, settings, reads }, '/shape', () => {});
  if (plan === null) throw new Error('an envelope was prepared without samples');
  return plan;
}

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
  const payloads = samples.flatMap(({ name, body, payloads: all }) =>
    all.map((payload) => ({ name, payload, root: body })),
  );
  if (payloads.length === 0) return;
  const {
    policy = 'mapped',
    pauseAfter = DEFAULT_PAUSE_AFTER,
    forms,
    required = [],
    optional = [],
    maps = [],
  } = settings ?? {};
  const shape = prepareShape(
    {
      payloads,
      settings: { policy, pauseAfter, ...(forms && { forms }), required, optional, maps },
      reads: reads.filter(({ root }) => root !== true),
    },
    '/shape',
    draft.report,
  );
  if (shape !== null) draft.parts.shape = shape;
  const ofBody = reads.filter(({ root }) => root === true);
  if (ofBody.length > 0) draft.parts.envelope = prepareEnvelope(samples, ofBody, pauseAfter, maps);
  if (policy === 'exact' && payloads.length < ENOUGH_FOR_EXACT) {
    const message =
      'policy exact pauses on any new or missing field; among real payloads nine in ten differ from one sample';
    draft.report({ code: 'shape-exact-batch', pointer: '/shape/policy', message });
  }
}
