/** Puts the parts of a draft together, once all of them are there: the connector's plan with its behaviour digest. */
import { hash } from 'node:crypto';
import { canonicalJson } from '../bundle/canonical-json.ts';
import { type ConnectorPlan, DEFAULT_TARGET } from '../bundle/plan.ts';
import type { Connector } from '../generated/connector.ts';
import { withoutForms } from '../stages/shape/learn-forms.ts';
import { prepareAcknowledge } from '../stages/signature/acknowledge.ts';
import type { ConnectorDraft } from './draft.ts';

export function assemblePlan(draft: ConnectorDraft): void {
  const { spec, parts } = draft;
  const {
    unwrap = [],
    when,
    testWhen,
    split,
    shape,
    envelope,
    mapping,
    idempotency,
    allowIps,
    signature,
  } = parts;
  if (spec === null || when === undefined || testWhen === undefined || split === undefined) return;
  if (shape === undefined || mapping === undefined || idempotency === undefined) return;
  if (allowIps === undefined || signature === undefined) return;
  const plan = {
    id: spec.id,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    ...(spec.owner === undefined ? {} : { owner: spec.owner }),
    actionFlow: spec.actionFlow ?? '',
    ...(spec.eventsOf === undefined ? {} : { eventsOf: spec.eventsOf }),
    ...(spec.target === undefined || spec.target === DEFAULT_TARGET ? {} : { target: spec.target }),
    status: spec.status ?? 'test',
    methods: spec.methods ?? (['POST', 'PUT'] as const),
    ...parts.reading,
    allowIps,
    signature,
    ...(parts.handshake === undefined ? {} : { handshake: parts.handshake }),
    ...acknowledgement(draft),
    urlKey: spec.security?.urlKey ?? false,
    ...(spec.security?.weakened === undefined ? {} : { weakened: spec.security.weakened }),
    ...(unwrap.length === 0 ? {} : { unwrap }),
    when,
    testWhen,
    split,
    shape,
    ...(envelope === undefined ? {} : { envelope }),
    mapping,
    idempotency,
    ...(spec.limits === undefined ? {} : { limits: prepareLimits(spec.limits) }),
  } satisfies Omit<ConnectorPlan, 'behaviour'>;
  const behaviour = digestBehaviour(plan);
  const before = digestBehaviour(asBefore(plan, spec.shape?.pauseAfter));
  parts.plan = { ...plan, behaviour, ...(before === behaviour ? {} : { behaviourBefore: before }) };
}

/** The answer that a sender without a signature wants. */
function acknowledgement({ spec, parts }: ConnectorDraft): Pick<ConnectorPlan, 'acknowledge'> {
  const wanted = spec?.security?.acknowledge ?? parts.urlPreset?.acknowledge;
  return parts.signature !== null || wanted === undefined ? {} : { acknowledge: prepareAcknowledge(wanted) };
}

function prepareLimits(limits: NonNullable<Connector['limits']>): NonNullable<ConnectorPlan['limits']> {
  const { requestsPerMinute, burst = requestsPerMinute } = limits;
  return { requestsPerMinute, burst };
}

/**
 * Digest of what decides how a request is judged and mapped, in hex. An automatic pause is bound to it: changing any of
 * this lifts the pause, changing the description, the secret or the addresses does not.
 */
function digestBehaviour(plan: Omit<ConnectorPlan, 'behaviour'>): string {
  const {
    actionFlow,
    target,
    methods,
    body,
    lists,
    unwrap,
    when,
    testWhen,
    split,
    shape,
    envelope,
    mapping,
  } = plan;
  // Only policy exact judges by single samples: for the others a sample of the same shape changes nothing.
  const { sampleFingerprints, ...merged } = shape ?? { sampleFingerprints: [] };
  const judged = { ...merged, ...(shape?.policy === 'exact' ? { sampleFingerprints } : {}) };
  const behaviour = {
    actionFlow,
    ...(target === undefined ? {} : { target }),
    methods: [...methods].sort(),
    body,
    ...(unwrap === undefined ? {} : { unwrap }),
    ...(lists === undefined ? {} : { lists }),
    when,
    testWhen,
    split,
    shape: judged,
    ...(envelope === undefined ? {} : { envelope }),
    // Where the code stood in its file before it was compiled changes nothing.
    mapping: mapping.kind === 'script' ? { kind: mapping.kind, source: mapping.source } : mapping,
  };
  return hash('sha256', canonicalJson(behaviour), 'hex');
}

/** Where the file did not say how many, version 0.1.0 paused after so many. */
const PAUSE_AFTER_BEFORE = 3;

/**
 * The plan as version 0.1.0 would have made it, for its digest: an upgrade neither pauses nor lifts anything by itself.
 * Goes with the release after the next.
 */
function asBefore(
  plan: Omit<ConnectorPlan, 'behaviour'>,
  pauseAfter: number = PAUSE_AFTER_BEFORE,
): Omit<ConnectorPlan, 'behaviour'> {
  if (plan.shape === null) return plan;
  const reads = plan.shape.reads.map(({ recipient: _recipient, whenMissing: _whenMissing, ...read }) => read);
  const distinct = [...new Map(reads.map((read) => [JSON.stringify(read), read])).values()];
  const { forms: _forms, ...shape } = plan.shape;
  return { ...plan, shape: { ...shape, pauseAfter, reads: distinct, shape: withoutForms(shape.shape) } };
}
