/** What a preset checks, leaves open and answers, in words for people. In: a preset. Out: short phrases, made of its data. */
import type { Acknowledge, Handshake } from '../../generated/connector.ts';
import type { SignaturePlan, TemplateToken } from '../../stages/plans.ts';
import { prepareSignature } from '../../stages/signature/prepare.ts';
import type { SignaturePreset } from '../../stages/signature/preset.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import type { UrlPreset } from '../../stages/signature/url-presets.ts';

export interface PresetDescription {
  /** What a request has to have. */
  readonly checks: string;
  /** What of a request may have been changed or repeated all the same. */
  readonly open: readonly string[];
  /** One phrase for each challenge; empty where there are none. */
  readonly handshakes: readonly string[];
  /** What the provider documents of its deliveries; empty where nothing is known. */
  readonly limits: readonly string[];
}

export function describePreset(preset: SignaturePreset): PresetDescription {
  const plan = planOf(preset);
  return {
    checks: describeChecks(plan),
    open: describeOpen(plan, preset),
    handshakes: (preset.signature.handshake ?? []).map(describeHandshake),
    limits: describeLimits(preset),
  };
}

/** Of a sender that signs nothing. */
export function describeUrlPreset({ handshake = [], acknowledge, limits }: UrlPreset): PresetDescription {
  const signature = acknowledge === undefined ? {} : { acknowledge };
  return {
    checks: 'the secret URL; the file says security: { urlKey: true, preset: ... }',
    open: ['the body', 'headers', 'when it was sent'],
    handshakes: handshake.map(describeHandshake),
    limits: describeLimits({ ...(limits === undefined ? {} : { limits }), signature }),
  };
}

function planOf({ name }: SignaturePreset): SignaturePlan {
  const preset = PRESETS.get(name)?.signature;
  const isFetched = preset?.certificate !== undefined || preset?.jwt?.keys !== undefined;
  const spec = {
    preset: name,
    ...(isFetched ? {} : { sharedSecret: { env: 'SLUICE_SECRET_X' } }),
    verifyToken: { env: 'SLUICE_SECRET_Y' },
  };
  const plan = prepareSignature(spec, '', () => {});
  if (plan === null) throw new Error(`preset ${name} is not complete`);
  return plan;
}

function describeChecks(plan: SignaturePlan): string {
  const { headers = [], body, query } = plan.signature;
  const inBody = body === undefined ? `the query's ${query}` : `the body's ${lastName(body)}`;
  const place = headers.length === 0 ? inBody : `${headers[0]}`;
  const more = headers.length > 1 ? ' and its like' : '';
  if (plan.type === 'token') return `the secret in ${place}`;
  if (plan.type === 'basic') return `user and password in ${place}`;
  if (plan.type === 'jwt') return `${describeWebToken(plan)} in ${place}`;
  const template = plan.template.map(describeToken).join('');
  const bodyHash =
    plan.bodyHash?.query === undefined ? '' : `, which has the body's hash in ${plan.bodyHash.query},`;
  const fresh = plan.timestamp === undefined ? '' : `; sent within ${plan.timestamp.tolerance} s`;
  return `${nameOf(plan)} of ${template}${bodyHash} in ${place}${more}${fresh}`;
}

/** What a JSON Web Token has to say. */
function describeWebToken({ jwt, bodyHash }: SignaturePlan): string {
  const by = jwt?.issuer === undefined ? '' : ` of ${jwt.issuer.join(' or ')}`;
  const binds = bodyHash?.claim === undefined ? '' : `, which has the body's hash in ${bodyHash.claim}`;
  const fresh =
    jwt?.maxAge === undefined ? '; not expired' : jwt.maxAge === 0 ? '' : `; sent within ${jwt.maxAge} s`;
  return `a JSON Web Token (${jwt?.algorithms.join(', ')})${by}${binds}${fresh}`;
}

function describeToken(token: TemplateToken): string {
  switch (token.kind) {
    case 'text':
      return token.text;
    case 'header':
    case 'query':
      return `[${token.name}]`;
    case 'headers':
      return `[headers that ${token.name} lists]`;
    case 'body':
      return `[${lastName(token.path)}]`;
    case 'form':
      return '[form:sorted]';
    case 'fields':
      return `[${token.names.join(', ')}]`;
    default:
      return `[${token.kind}]`;
  }
}

/** Of a path to a member: its name. */
function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function nameOf({ type, algorithm }: SignaturePlan): string {
  switch (type) {
    case 'hmac':
      return `HMAC-${algorithm.toUpperCase()}`;
    case 'hash':
      return `plain ${algorithm.toUpperCase()}, no HMAC,`;
    case 'ecdsa':
      return `ECDSA with ${algorithm.toUpperCase()}`;
    case 'ed25519':
      return 'Ed25519';
    case 'rsa':
      return `RSA with ${algorithm.toUpperCase()}`;
    case 'token':
    case 'basic':
    case 'jwt':
      return type;
  }
}

function describeOpen({ covers, template }: SignaturePlan, { secretScope }: SignaturePreset): string[] {
  const partly = template.some(({ kind }) => kind === 'body') ? 'most of the body' : 'the body';
  const headers = covers.headers.length === 0 ? 'headers' : `headers but ${covers.headers.join(', ')}`;
  return [
    ...(covers.body ? [] : [partly]),
    headers,
    ...(covers.timestamp ? [] : ['when it was sent']),
    ...(secretScope === 'app' ? ['for which customer of the app'] : []),
    ...(secretScope === 'provider' ? ['for which customer of the provider'] : []),
  ];
}

export function describeHandshake({ method = 'POST', proof, when = [], answer }: Handshake): string {
  const isTokenCompared = when.some(({ equalsSecret }) => equalsSecret !== undefined);
  const how =
    (proof ?? (method === 'POST' ? 'signature' : 'none')) === 'signature'
      ? 'proven'
      : proof === 'window'
        ? 'while an operator waits'
        : isTokenCompared
          ? 'with the verify token'
          : 'unproven';
  const { status = 200, text, json = {}, headers = {} } = answer;
  const isKeyed = Object.values(json).some(
    (value) => typeof value === 'object' && value !== null && 'keyed' in value,
  );
  const parts = [
    ...(text === undefined ? [] : [describeText(text)]),
    ...(Object.keys(json).length === 0 ? [] : [`JSON with ${Object.keys(json).join(' and ')}`]),
    ...(Object.keys(headers).length === 0 ? [] : [Object.keys(headers).join(' and ')]),
    ...(isKeyed ? ['keyed with the secret'] : []),
  ];
  return `${method}, ${how}: ${parts.length === 0 ? status : parts.join(', ')}`;
}

function describeText(text: unknown): string {
  if (typeof text === 'string') return text.startsWith('$') ? `${text} back` : JSON.stringify(text);
  const [name] = Object.values(text as Readonly<Record<string, unknown>>);
  return `${String(name)} back`;
}

export function describeLimits({
  limits,
  signature,
}: Pick<SignaturePreset, 'limits'> & {
  readonly signature: { readonly acknowledge?: Acknowledge };
}): string[] {
  return [
    ...(limits?.answerWithin === undefined ? [] : [`waits ${limits.answerWithin} s for an answer`]),
    ...(limits?.retries === undefined ? [] : [`retries: ${limits.retries}`]),
    ...(signature.acknowledge === undefined ? [] : [describeAcknowledge(signature.acknowledge)]),
  ];
}

/** What the provider reads, whatever became of its request. */
export function describeAcknowledge(acknowledge: Acknowledge): string {
  if (typeof acknowledge === 'number') return `is answered ${acknowledge} with an empty body`;
  return `is answered ${acknowledge.status ?? 200} with ${JSON.stringify(acknowledge.text)}`;
}
