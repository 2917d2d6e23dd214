/** What a connector is measured by that was never live. In: its plan. Out: a plan of the same, as strong as it can be. */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import type { HashAlgorithm, SignaturePlan, TemplateToken } from '../../../stages/plans.ts';
import { prepareSignature } from '../../../stages/signature/prepare.ts';

/** Seconds: what a timestamp without a tolerance of its own is given. */
const USUAL_TOLERANCE = 300;

/** The same connector as its preset has it, with a signature over the body and no secret that anybody else has. */
export function strongestForm(plan: ConnectorPlan): ConnectorPlan {
  // What the file says about it accepted nothing yet.
  const { weakened: _, ...rest } = plan;
  const { signature, idempotency } = plan;
  const test: ConnectorPlan = {
    ...rest,
    status: 'test',
    idempotency: idempotency.kind === 'none' ? { kind: 'body' } : idempotency,
  };
  if (signature === null) return test;
  const { preset } = signature;
  const norm =
    preset === undefined
      ? strengthen(signature)
      : (prepareSignature({ preset, sharedSecret: { env: 'SLUICE_SECRET' } }, '', () => {}) ?? signature);
  return { ...test, signature: { ...norm, secrets: [] } };
}

/** A scheme of nobody's: nothing says that its sender can do no better. */
function strengthen({
  type,
  algorithm,
  timestamp,
  template,
  covers,
  bodyHash,
  ...rest
}: SignaturePlan): SignaturePlan {
  return {
    ...rest,
    // Else it could be extended.
    type: type === 'hash' ? 'hmac' : type,
    algorithm: withoutSha1(algorithm),
    template: separated(template),
    covers: { ...covers, body: true },
    ...(bodyHash && { bodyHash: { ...bodyHash, algorithm: withoutSha1(bodyHash.algorithm) } }),
    ...(timestamp === undefined
      ? {}
      : {
          timestamp: {
            ...timestamp,
            tolerance: Math.min(timestamp.tolerance || USUAL_TOLERANCE, USUAL_TOLERANCE),
          },
        }),
  };
}

function withoutSha1(algorithm: HashAlgorithm): HashAlgorithm {
  return algorithm === 'sha1' ? 'sha256' : algorithm;
}

/** The same parts, of which each ends where it is seen. */
function separated(template: readonly TemplateToken[]): readonly TemplateToken[] {
  return template.flatMap((token, index): readonly TemplateToken[] =>
    index === 0 ? [token] : [{ kind: 'text', text: '.' }, token],
  );
}
