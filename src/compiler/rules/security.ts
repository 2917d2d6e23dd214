/**
 * Rules: who may call, what proves it, and what identifies an event. Adds addresses, signature and idempotency to the
 * draft.
 */
import { quote } from '../../diagnostics/printable.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { prepareAllowIps } from '../../stages/allow-ip.ts';
import { isFirstContact } from '../../stages/handshake/first-contact.ts';
import { challengeOf } from '../../stages/handshake/handshake-challenge.ts';
import { materialiseHandshakeConditions } from '../../stages/handshake/handshake-conditions.ts';
import { prepareHandshakes } from '../../stages/handshake/handshake-prepare.ts';
import { prepareIdempotency } from '../../stages/idempotency.ts';
import type { HandshakePlan, SignaturePlan } from '../../stages/plans.ts';
import { type Problem, pointerTo } from '../../stages/problem.ts';
import { prepareSignature } from '../../stages/signature/prepare.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import { URL_PRESETS } from '../../stages/signature/url-presets.ts';
import type { ConnectorDraft } from '../draft.ts';
import { tenantsOf } from '../tenants.ts';
import { noteSamples } from './sample-names.ts';

export function checkAddresses(draft: ConnectorDraft): void {
  const list = draft.valueAt('/security/allowIps') as readonly string[] | undefined;
  if (list !== undefined) draft.parts.allowIps = prepareAllowIps(list, '/security/allowIps', draft.report);
  else if (draft.rawValueAt('/security/allowIps') === undefined) draft.parts.allowIps = [];
}

export function checkSignature(draft: ConnectorDraft): void {
  const pointer = '/security/signature';
  checkSecretNames(draft);
  if (draft.rawValueAt(pointer) === undefined) {
    if (draft.isMisspelt('/security', 'signature') || draft.isMisspelt('', 'security')) return;
    draft.parts.signature = null;
    // What proves its events is said where its URL is.
    if (draft.rawValueAt('/eventsOf') !== undefined) return;
    checkOwnHandshakes(draft);
    checkWithoutSignature(draft);
    return;
  }
  const spec = draft.valueAt(pointer);
  const plan =
    spec === undefined
      ? null
      : prepareSignature(
          spec,
          pointer,
          (problem) => {
            if (!isExplained(draft, problem)) draft.report(problem);
          },
          draft.parts.reading.body,
        );
  if (plan === null) return;
  draft.parts.signature = plan;
  checkFirstContacts(draft, plan.handshake, pointerTo(pointer, 'handshake'));
  checkTenant(draft, plan.preset);
  checkTestTraffic(draft, plan);
  if (plan.covers.body) return;
  const fact =
    plan.type === 'token' || plan.type === 'basic'
      ? 'a token proves nothing about the body of this live connector; use a signature'
      : 'the signature does not cover the body of this live connector; put [payload] into the template';
  requireAcknowledgement(draft, pointer, fact);
}

/** Challenges of a sender that signs nothing. */
function checkOwnHandshakes(draft: ConnectorDraft): void {
  const pointer = '/security/handshake';
  const name = draft.valueAt('/security/preset');
  const preset = typeof name === 'string' ? URL_PRESETS.get(name) : undefined;
  if (typeof name === 'string' && preset === undefined) {
    const hint = didYouMean(name, URL_PRESETS.keys()) || `; they are ${[...URL_PRESETS.keys()].join(', ')}`;
    const message = `${quote(name)} is no sender that signs nothing${hint}`;
    draft.report({ code: 'signature-preset-unknown', pointer: '/security/preset', message });
  }
  draft.parts.urlPreset = preset ?? null;
  const specs = draft.valueAt(pointer) ?? preset?.handshake;
  if (specs === undefined) return;
  const scheme = { type: null, template: [], hasVerifyToken: false, isPreset: false };
  const plans = prepareHandshakes(specs, scheme, pointer, draft.report);
  draft.parts.handshake = plans;
  checkFirstContacts(draft, plans, pointer);
}

/** An event must never be taken for a first contact: it would be answered, and lost. */
function checkFirstContacts(
  draft: ConnectorDraft,
  handshakes: readonly HandshakePlan[],
  pointer: string,
): void {
  for (const [index, handshake] of handshakes.entries()) {
    if (!isFirstContact(handshake)) continue;
    const matches = materialiseHandshakeConditions(handshake.when, undefined);
    const sample = draft.parts.samples.find(({ body, headers }) =>
      matches(challengeOf({ method: 'POST', url: '/', headers }, body), () => undefined),
    );
    if (sample === undefined) continue;
    const message = `the sample ${quote(sample.name)} would be taken for this challenge, answered and lost; say in when what no event has`;
    const place =
      draft.rawValueAt(pointer) === undefined
        ? pointer.replace(/\/handshake$/, '')
        : pointerTo(pointer, index);
    draft.report({ code: 'handshake-matches-sample', pointer: place, message }, noteSamples([sample]));
  }
}

/** What is missing stands there misspelt. */
function isExplained(draft: ConnectorDraft, { code, pointer }: Problem): boolean {
  const parent = '/security/signature';
  if (code === 'secret-missing-reference') return draft.isMisspelt(parent, 'sharedSecret');
  return (
    code === 'signature-incomplete' &&
    ['signature', 'timestamp'].some(
      (key) =>
        draft.isMisspelt(parent, key) ||
        (pointer === pointerTo(parent, key) &&
          (draft.isMisspelt(pointer, 'header') || draft.isMisspelt(pointer, 'body'))),
    )
  );
}

/** Where the body is proven and the header is not, a recorded test event without it would be a live one. */
function checkTestTraffic(draft: ConnectorDraft, { covers }: SignaturePlan): void {
  const header = draft.parts.testWhen?.header;
  if (!draft.isLive || header === undefined || !covers.body || covers.headers.includes(header)) return;
  const message = `the header ${quote(header)} is not signed, so a recorded test event could come again without it and go live; use a path in the body`;
  draft.report({ code: 'test-when-unsigned', pointer: '/testWhen/header', message });
}

/** A secret that belongs to an app signs for all its customers: something has to say which of them is meant. */
function checkTenant(draft: ConnectorDraft, name: string | undefined): void {
  const { when } = draft.parts;
  if (checkProviderTenant(draft, name) || name === undefined) return;
  // Conditions that could not be read have been reported.
  if (!draft.isLive || when === undefined || tenantsOf(name, when) !== null) return;
  const [place = ''] = PRESETS.get(name ?? '')?.tenant ?? [];
  const example = place.startsWith('$') ? `path: ${place}` : `header: ${place}`;
  const message = `the secret of ${quote(name)} signs for every customer of the app; add { ${example}, equals: ... } to when, so that only your own requests count`;
  draft.report({ code: 'signature-tenant-missing', pointer: '/security/signature/preset', message });
}

/**
 * Keys that are public sign for every customer of the provider: whoever has an account there could send anything. True
 * where this has been judged.
 */
function checkProviderTenant(draft: ConnectorDraft, name: string | undefined): boolean {
  const jwt = draft.parts.signature?.jwt;
  const preset = PRESETS.get(name ?? '');
  if (preset?.secretScope !== 'provider' && jwt?.keys === undefined) return false;
  const { when } = draft.parts;
  if (!draft.isLive || when === undefined) return true;
  const [place = 'claim:email'] = preset?.tenant ?? [];
  const isNamed =
    place === 'audience'
      ? jwt?.audience !== undefined
      : place.startsWith('claim:')
        ? Object.values(jwt?.claims ?? {}).some((value) => typeof value === 'string')
        : (tenantsOf(name, when) ?? null) !== null;
  if (isNamed) return true;
  const advice =
    place === 'audience'
      ? 'jwt: { audience: ... }'
      : place.startsWith('claim:')
        ? 'jwt: { claims: { email: ... } }'
        : `{ ${place.startsWith('$') ? 'path' : 'header'}: ${place}, equals: ... } to when`;
  const message = `the keys of this scheme sign for every customer of the provider; add ${advice}, so that only your own requests count`;
  const given = draft.rawValueAt('/security/signature/preset') === undefined ? '' : '/preset';
  draft.report({ code: 'signature-tenant-open', pointer: `/security/signature${given}`, message });
  return true;
}

/** A URL key proves where a request comes from; addresses do not. */
function checkWithoutSignature(draft: ConnectorDraft): void {
  if (draft.valueAt('/security/urlKey') === true) {
    const fact = 'a URL key proves nothing about the body of this live connector; add a signature';
    requireAcknowledgement(draft, '/security/urlKey', fact);
    return;
  }
  const reason = draft.valueAt('/security/unauthenticated');
  if (reason !== undefined) {
    const message = `nothing proves where a request comes from; the file accepts it: ${quote(reason)}`;
    draft.report({ code: 'unauthenticated-accepted', pointer: '/security/unauthenticated', message });
    return;
  }
  if (!draft.isLive || draft.rawValueAt('/security/unauthenticated') !== undefined) return;
  const hasAddresses = draft.rawValueAt('/security/allowIps') !== undefined;
  const hint = hasAddresses ? '; allowIps alone proves nothing, as providers share addresses' : '';
  const message = `a live connector needs proof of origin: add security.signature, or security.urlKey for a sender that cannot sign${hint}`;
  draft.report({ code: 'unauthenticated', pointer: '/status', message });
}

/** That the body of a live connector is not proven must be said in the file. */
function requireAcknowledgement(draft: ConnectorDraft, pointer: string, fact: string): void {
  if (!draft.isLive || draft.rawValueAt('/security/bodyNotSigned') !== undefined) return;
  const message = `${fact}, or say why it is acceptable: security.bodyNotSigned`;
  draft.report({ code: 'signature-body-unsigned', pointer, message }, [], 'key');
}

const SECRET_PREFIX = 'SLUICE_SECRET_';

function checkSecretNames(draft: ConnectorDraft): void {
  for (const key of ['sharedSecret', 'username', 'verifyToken']) {
    const place = pointerTo('/security/signature', key);
    const references = draft.rawValueAt(place);
    const places = Array.isArray(references)
      ? references.map((_, index) => pointerTo(place, index))
      : [place];
    for (const pointer of places.map((one) => pointerTo(one, 'env'))) {
      const name = draft.valueAt(pointer);
      if (typeof name !== 'string' || name.startsWith(SECRET_PREFIX)) continue;
      const message = `${quote(name)} does not start with ${SECRET_PREFIX}; the runtime reads it only where the deployment allows that name`;
      draft.report({ code: 'secret-name-unusual', pointer, message });
    }
  }
}

export function checkIdempotency(draft: ConnectorDraft): void {
  const spec = draft.section('idempotency');
  const isGiven = draft.rawValueAt('/idempotency') !== undefined;
  if (isGiven && spec === undefined) return;
  const { signature } = draft.parts;
  const preset = PRESETS.get(signature?.preset ?? '');
  const problems = draft.diagnostics.length;
  const known = preset?.idempotency ?? draft.parts.urlPreset?.idempotency;
  const plan = prepareIdempotency(spec, known, '/idempotency', draft.report);
  if (draft.diagnostics.length > problems) return;
  draft.parts.idempotency = plan;
  // A signature that could not be read may be of a preset that knows.
  if (
    plan.kind === 'none' &&
    !isGiven &&
    draft.isLive &&
    signature !== undefined &&
    draft.rawValueAt('/eventsOf') === undefined &&
    draft.section('mapping') !== 'none' &&
    !mapsInvocationId(draft) &&
    !draft.isMisspelt('', 'idempotency')
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
  if (plan.kind !== 'header' || !isGiven || !isProven(draft)) return;
  if (signature?.covers.headers.includes(plan.header)) return;
  // A push without a body has only headers.
  if (draft.parts.reading.body === 'none') return;
  const message = `the header ${quote(plan.header)} is not signed, so a recorded request could come again under a new id; use a path in the body, or body`;
  draft.report({ code: 'idempotency-unsigned', pointer: '/idempotency/header', message });
}

/** Something says where a request comes from. What could not be read is left to whoever said so. */
function isProven(draft: ConnectorDraft): boolean {
  const { signature } = draft.parts;
  return signature === null ? draft.valueAt('/security/urlKey') === true : signature !== undefined;
}

/** The mapping gives the flow its invocation id itself. */
function mapsInvocationId(draft: ConnectorDraft): boolean {
  const { mapping } = draft.parts;
  return mapping?.kind === 'structured' && mapping.flowInvocationId !== undefined;
}
