/**
 * Rules: who may call, what proves it, and what identifies an event. Adds addresses, signature and idempotency to the
 * draft.
 */
import { quote } from '../../diagnostics/printable.ts';
import { prepareAllowIps } from '../../stages/allow-ip.ts';
import { prepareIdempotency } from '../../stages/idempotency.ts';
import type { SecretReference } from '../../stages/secrets.ts';
import { prepareSignature } from '../../stages/signature/prepare.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import type { ConnectorDraft } from '../draft.ts';

export function checkAddresses(draft: ConnectorDraft): void {
  const list = draft.valueAt('/security/allowIps') as readonly string[] | undefined;
  if (list !== undefined) draft.parts.allowIps = prepareAllowIps(list, '/security/allowIps', draft.report);
  else if (draft.rawValueAt('/security/allowIps') === undefined) draft.parts.allowIps = [];
}

export function checkSignature(draft: ConnectorDraft): void {
  const pointer = '/security/signature';
  if (draft.rawValueAt(pointer) === undefined) {
    draft.parts.signature = null;
    if (draft.valueAt('/security/urlKey') === true) checkUrlKey(draft);
    else checkUnauthenticated(draft);
    return;
  }
  const spec = draft.valueAt(pointer);
  const plan = spec === undefined ? null : prepareSignature(spec, pointer, draft.report);
  if (plan === null) return;
  draft.parts.signature = plan;
  for (const [index, reference] of plan.secrets.entries()) checkSecretName(draft, reference, index);
  if (plan.covers.body || !draft.isLive || draft.valueAt('/security/bodyNotSigned') !== undefined) return;
  const fact =
    plan.type === 'token'
      ? 'a token proves nothing about the body of this live connector; use a signature'
      : 'the signature does not cover the body of this live connector; put [payload] into the template';
  const message = `${fact}, or say why it is acceptable: security.bodyNotSigned`;
  draft.report({ code: 'signature-body-unsigned', pointer, message }, [], 'key');
}

/** A secret URL proves what a token proves. */
function checkUrlKey(draft: ConnectorDraft): void {
  if (!draft.isLive || draft.valueAt('/security/bodyNotSigned') !== undefined) return;
  const message =
    'a secret URL proves nothing about the body of this live connector; use a signature, or say why it is acceptable: security.bodyNotSigned';
  draft.report({ code: 'signature-body-unsigned', pointer: '/security/urlKey', message }, [], 'key');
}

function checkUnauthenticated(draft: ConnectorDraft): void {
  const reason = draft.valueAt('/security/unauthenticated');
  if (reason !== undefined) {
    const message = `nothing proves where a request comes from; the file accepts it: ${quote(reason)}`;
    draft.report({ code: 'unauthenticated-accepted', pointer: '/security/unauthenticated', message });
    return;
  }
  if (!draft.isLive || draft.rawValueAt('/security/unauthenticated') !== undefined) return;
  const hint =
    draft.rawValueAt('/security/allowIps') === undefined
      ? ''
      : '; allowIps alone proves nothing, as providers share addresses';
  const message = `a live connector needs proof of origin: add security.signature${hint}`;
  draft.report({ code: 'unauthenticated', pointer: '/status', message });
}

const SECRET_PREFIX = 'SLUICE_SECRET_';

function checkSecretName(draft: ConnectorDraft, reference: SecretReference, index: number): void {
  if (!('env' in reference) || reference.env.startsWith(SECRET_PREFIX)) return;
  const shared = draft.rawValueAt('/security/signature/sharedSecret');
  const pointer = `/security/signature/sharedSecret${Array.isArray(shared) ? `/${index}` : ''}/env`;
  const message = `${quote(reference.env)} does not start with ${SECRET_PREFIX}; the runtime reads it only where the deployment allows that name`;
  draft.report({ code: 'secret-name-unusual', pointer, message });
}

export function checkIdempotency(draft: ConnectorDraft): void {
  const spec = draft.section('idempotency');
  const isGiven = draft.rawValueAt('/idempotency') !== undefined;
  if (isGiven && spec === undefined) return;
  const { signature } = draft.parts;
  const preset = PRESETS.get(signature?.preset ?? '');
  const problems = draft.diagnostics.length;
  const plan = prepareIdempotency(spec, preset?.idempotency, '/idempotency', draft.report);
  if (draft.diagnostics.length > problems) return;
  draft.parts.idempotency = plan;
  // A signature that could not be read may be of a preset that knows.
  if (
    plan.kind === 'none' &&
    !isGiven &&
    draft.isLive &&
    signature !== undefined &&
    !mapsInvocationId(draft)
  ) {
    const message =
      'a live connector needs to know what identifies an event; add idempotency: { path: ... }, { header: ... } or body';
    draft.report({ code: 'idempotency-missing', pointer: '/status', message });
  }
  if (spec === 'none' && draft.isLive) {
    const message = 'with idempotency none, a request that the provider sends again makes a second card';
    draft.report({ code: 'idempotency-none', pointer: '/idempotency', message });
  }
  // Whoever signs nothing, or everything but headers, lets anyone who recorded a request renew its id.
  if (plan.kind !== 'header' || !isGiven || !signature || signature.covers.headers.includes(plan.header))
    return;
  const message = `the header ${quote(plan.header)} is not signed, so a recorded request could come again under a new id; use a path in the body, or body`;
  draft.report({ code: 'idempotency-unsigned', pointer: '/idempotency/header', message });
}

/** The mapping gives the flow its invocation id itself. */
function mapsInvocationId(draft: ConnectorDraft): boolean {
  const { mapping } = draft.parts;
  return mapping?.kind === 'structured' && mapping.flowInvocationId !== undefined;
}
