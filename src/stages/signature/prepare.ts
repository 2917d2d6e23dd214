/**
 * Prepares a signature scheme. In: the `signature` of a connector, valid by its schema. Out: the plan with the preset
 * merged in and everything spelled out, or null when a problem that was reported leaves no scheme.
 */
import { quote } from '../../diagnostics/printable.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Signature } from '../../generated/connector.ts';
import { prepareHandshakes } from '../handshake/handshake-prepare.ts';
import type { SignaturePlan } from '../plans.ts';
import { type Problem, pointerTo, type Report } from '../problem.ts';
import { judgeScheme } from './judge-scheme.ts';
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

/** `spec` must be valid by the schema; `pointer` is its place in the connector. */
export function prepareSignature(spec: unknown, pointer: string, report: Report): SignaturePlan | null {
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
  const { tokens, mistakes } =
    type === 'token' ? { tokens: [], mistakes: [] } : parseTemplate(merged.template ?? DEFAULTS.template);
  for (const { message, offset, length } of mistakes) {
    fail({
      code: 'signature-template-invalid',
      pointer: at('template'),
      message,
      within: { offset, length },
    });
  }
  const scheme: Scheme = { given, merged, type, tokens, at };
  judgeScheme(scheme, mistakes.length > 0, fail, report);
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
    secretEncoding: merged.secretEncoding ?? 'utf8',
    ...(merged.secretPrefix === undefined ? {} : { secretPrefix: merged.secretPrefix }),
    ...(merged.verifyToken === undefined ? {} : { verifyToken: merged.verifyToken }),
    signature: signaturePlace(merged),
    ...timestampPlace(merged),
    template: tokens,
    ...bodyHash(merged),
    ...(merged.acknowledge === undefined ? {} : { acknowledge: merged.acknowledge }),
    ...(attempt === undefined ? {} : { attempt }),
    handshake,
    covers: coverageOf(scheme),
  };
}

function signaturePlace({ signature = {} }: Signature): SignaturePlan['signature'] {
  const { header, body, parsePrefix } = signature;
  const headers = header === undefined ? [] : [header].flat().map((name) => name.toLowerCase());
  return {
    ...(headers.length === 0 ? {} : { headers: [...new Set(headers)] }),
    ...(body === undefined ? {} : { body }),
    ...(parsePrefix === undefined ? {} : { parsePrefix }),
  };
}

function timestampPlace({ timestamp }: Signature): Pick<SignaturePlan, 'timestamp'> {
  if (timestamp === undefined) return {};
  const { header, body, parsePrefix, tolerance = DEFAULTS.tolerance } = timestamp;
  return {
    timestamp: {
      ...(header === undefined ? {} : { header: header.toLowerCase() }),
      ...(body === undefined ? {} : { body }),
      ...(parsePrefix === undefined ? {} : { parsePrefix }),
      tolerance,
    },
  };
}

function bodyHash({ bodyHash: hash }: Signature): Pick<SignaturePlan, 'bodyHash'> {
  if (hash === undefined) return {};
  const { query, algorithm = DEFAULTS.algorithm, digest = DEFAULTS.digest } = hash;
  return { bodyHash: { query, algorithm, digest } };
}
