/** What a connector is measured by that was never live. In: its plan. Out: a plan of the same, as strong as it can be. */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import { prepareSignature } from '../../../stages/signature/prepare.ts';

/** The same connector as its preset has it, with a signature over the body and no secret that anybody else has. */
export function strongestForm(plan: ConnectorPlan): ConnectorPlan {
  const { signature } = plan;
  const test = { ...plan, status: 'test' } as const;
  if (signature === null) return test;
  const { preset, covers } = signature;
  const norm =
    preset === undefined
      ? { ...signature, covers: { ...covers, body: true } }
      : (prepareSignature({ preset, sharedSecret: { env: 'SLUICE_SECRET' } }, '', () => {}) ?? signature);
  return { ...test, signature: { ...norm, secrets: [] } };
}
