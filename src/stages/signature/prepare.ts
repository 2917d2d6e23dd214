/**
 * Prepares a signature scheme. In: the `signature` of a connector, valid by its schema. Out: the plan with the preset
 * merged in and everything spelled out, or null when a problem that was reported leaves no scheme.
 */
import { quote } from '../../diagnostics/printable.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Signature } from '../../generated/connector.ts';
import { prepareHandshakes } from '../handshake/handshake-prepare.ts';
import type { BodyPlan, JwtPlan, PlacePlan, SignaturePlan } from '../plans.ts';
import { type Problem, pointerTo, type Report } from '../problem.ts';
import { prepareAcknowledge } from './acknowledge.ts';
import { checkScheme } from './check-scheme.ts';
import { mergeSignature } from './merge-preset.ts';
import { PRESETS } from './presets.ts';
import { coverageOf, type Scheme, secretsOf } from './scheme.ts';
import { parseTemplate } from './template.ts';

/** What applies where neither the file nor a preset says anything. Tolerance in seconds. */
const DEFAULTS = {
  type: 'hmac',
  algorithm: 'sha256',
  digest: 'hex',
  template: '[payload]',
  tolerance: 300,
} as const;

/** Types that compare or judge what the sender shows, and sign no text of a template. */
const UNSIGNED: ReadonlySet<SignaturePlan['type']> = new Set<SignaturePlan['type']>([
  'token',
  'basic',
  'jwt',
]);

/** `spec` must be valid by the schema; `pointer` is its place in the connector. */
export function prepareSignature(
  spec: unknown,
  pointer: string,
  report: Report,
  body?: BodyPlan['body'],
): SignaturePlan | null {
  const given = spec as Signature;
  const preset = given.preset === undefined ? undefined : PRESETS.get(given.preset);
  if (given.preset !== undefined && preset === undefined) {
    const hint =
      didYouMean(given.preset, PRESETS.keys()) || `; presets are ${[...PRESETS.keys()].join(', ')}`;
    const message = `${quote(given.preset)} is not a preset${hint}`;
    report({ code: 'signature-preset-unknown', pointer: pointerTo(pointer, 'preset'), message });
    return null;
  }
  let isUsable = true;
  const fail: Report = (problem: Problem) => {
    isUsable = false;
    report(problem);
  };
  const merged = preset === undefined ? given : mergeSignature(preset.signature, given);
  const at = (field: keyof Signature) => (Object.hasOwn(given, field) ? pointerTo(pointer, field) : pointer);
  const type = merged.type ?? DEFAULTS.type;
  const { tokens, mistakes } = UNSIGNED.has(type)
    ? { tokens: [], mistakes: [] }
    : parseTemplate(merged.template ?? DEFAULTS.template);
  for (const { message, offset, length } of mistakes) {
    fail({
      code: 'signature-template-invalid',
      pointer: at('template'),
      message,
      within: { offset, length },
    });
  }
  const scheme: Scheme = { given, merged, type, tokens, at, body };
  checkScheme(scheme, mistakes.length > 0, fail, report);
  const handshakeScheme = {
    type,
    template: tokens,
    hasVerifyToken: merged.verifyToken !== undefined,
    isPreset: given.handshake === undefined,
  };
  const handshake = prepareHandshakes(merged.handshake ?? [], handshakeScheme, at('handshake'), fail);
  return isUsable ? buildPlan(scheme, handshake, preset?.attempt) : null;
}

function buildPlan(
  scheme: Scheme,
  handshake: SignaturePlan['handshake'],
  attempt: SignaturePlan['attempt'],
): SignaturePlan {
  const { merged, type, tokens } = scheme;
  return {
    ...(merged.preset === undefined ? {} : { preset: merged.preset }),
    type,
    algorithm: merged.algorithm ?? DEFAULTS.algorithm,
    digest: merged.digest ?? DEFAULTS.digest,
    secrets: secretsOf(merged),
    ...(merged.username === undefined ? {} : { username: merged.username }),
    secretEncoding: merged.secretEncoding ?? 'utf8',
    ...(merged.secretPrefix === undefined ? {} : { secretPrefix: merged.secretPrefix }),
    ...(merged.verifyToken === undefined ? {} : { verifyToken: merged.verifyToken }),
    signature: signaturePlace(merged, type),
    ...timestampPlace(merged),
    template: tokens,
    ...(merged.over === undefined ? {} : { over: merged.over }),
    ...(merged.urlPort === undefined ? {} : { urlPort: merged.urlPort }),
    ...bodyHash(merged),
    ...(type === 'jwt' ? { jwt: jwtPlan(merged) } : {}),
    ...(merged.certificate === undefined ? {} : { certificate: merged.certificate }),
    ...(merged.acknowledge === undefined ? {} : { acknowledge: prepareAcknowledge(merged.acknowledge) }),
    ...(attempt === undefined ? {} : { attempt }),
    handshake,
    covers: coverageOf(scheme),
  };
}

/** Where credentials stand that HTTP has a place for. */
const AUTHORIZATION = { basic: 'Basic ', jwt: 'Bearer ' } as const;

function signaturePlace(
  { signature = {} }: Signature,
  type: SignaturePlan['type'],
): SignaturePlan['signature'] {
  const place = placeOf(signature);
  const isElsewhere =
    signature.header !== undefined || signature.body !== undefined || signature.query !== undefined;
  if (!isElsewhere && (type === 'basic' || type === 'jwt'))
    return { headers: ['authorization'], parsePrefix: signature.parsePrefix ?? AUTHORIZATION[type] };
  if (type === 'basic' && place.parsePrefix === undefined)
    Object.assign(place, { parsePrefix: AUTHORIZATION.basic });
  const { header } = signature;
  const headers = header === undefined ? [] : [header].flat().map((name) => name.toLowerCase());
  return { ...(headers.length === 0 ? {} : { headers: [...new Set(headers)] }), ...place };
}

function placeOf({ body, query, parsePrefix, position }: PlacePlan): PlacePlan {
  return {
    ...(body === undefined ? {} : { body }),
    ...(query === undefined ? {} : { query }),
    ...(parsePrefix === undefined ? {} : { parsePrefix }),
    ...(position === undefined ? {} : { position }),
  };
}

function timestampPlace({ timestamp }: Signature): Pick<SignaturePlan, 'timestamp'> {
  if (timestamp === undefined) return {};
  const { header, tolerance = DEFAULTS.tolerance } = timestamp;
  const place = header === undefined ? {} : { header: header.toLowerCase() };
  return { timestamp: { ...place, ...placeOf(timestamp), tolerance } };
}

function bodyHash({ bodyHash: hash }: Signature): Pick<SignaturePlan, 'bodyHash'> {
  if (hash === undefined) return {};
  const { query, claim, algorithm = DEFAULTS.algorithm, digest = DEFAULTS.digest } = hash;
  const place = query === undefined ? { claim: claim ?? '' } : { query };
  return { bodyHash: { ...place, algorithm, digest } };
}

function jwtPlan({ jwt }: Signature): JwtPlan {
  const { algorithms = [], keys, issuer, audience, claims = {}, maxAge, requestHash } = jwt ?? {};
  return {
    algorithms,
    ...(keys === undefined ? {} : { keys }),
    ...(issuer === undefined ? {} : { issuer: [issuer].flat() }),
    ...(audience === undefined ? {} : { audience: [audience].flat() }),
    claims: claims as JwtPlan['claims'],
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(requestHash === undefined ? {} : { requestHash }),
  };
}
