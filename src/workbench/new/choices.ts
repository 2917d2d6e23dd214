/** What a new connector will say: everything that was chosen, by flags, by answers, or by the proposals. */
import type { EvaluationSample } from '../../stages/sample.ts';
import type { SignaturePreset } from '../../stages/signature/preset.ts';
import { PRESETS } from '../../stages/signature/presets.ts';
import type { Proposals } from './propose.ts';
import type { ConditionProposal } from './propose-event.ts';
import type { Proposal } from './propose-targets.ts';
import type { VariableProposal } from './propose-variables.ts';

/** What proves where a request comes from. */
export type Proof =
  | { readonly kind: 'preset'; readonly name: string }
  /** HMAC-SHA-256 of the body in hexadecimal digits, the most common scheme of all. */
  | { readonly kind: 'header'; readonly header: string }
  | { readonly kind: 'url-key' };

export interface Choices {
  readonly id: string;
  readonly description: string | null;
  readonly owner: string | null;
  readonly actionFlow: string;
  readonly status: string;
  readonly proof: Proof;
  /** The samples came as forms. */
  readonly isForm: boolean;
  readonly split: string | null;
  readonly when: readonly ConditionProposal[];
  readonly testWhen: ConditionProposal | null;
  readonly target: Proposal;
  /** Other proposals for the target, best first. */
  readonly otherTargets: readonly Proposal[];
  readonly variables: readonly VariableProposal[];
  /** A path, `body`, or null: what the preset says. */
  readonly idempotency: string | null;
}

/** The reason of what a flag or an answer said. */
export const CHOSEN = 'chosen by you';

export function variableOf(name: string, path: string, proposals: Proposals): VariableProposal {
  const known = proposals.variables.find((one) => one.path === path);
  const optional = known?.optional ?? proposals.optionalPaths.has(path);
  const byProvider = proposals.mayBeMissing(path) && { byProvider: true as const };
  return { name, path, optional, reason: known?.reason ?? CHOSEN, ...byProvider };
}

/** The provider sends forms, not JSON. */
export function isFormPreset(name: string): boolean {
  return PRESETS.get(name)?.body === 'form';
}

/** The sample's own headers say that it came as a form. */
export function isFormSample({ headers }: EvaluationSample): boolean {
  const types = [...headers.all('content-type')];
  return types.some((type) => /x-www-form-urlencoded|multipart\/form-data/i.test(type));
}

/** The sender publishes its keys, and the runtime fetches them: there is no secret. */
export function hasFetchedKeys(preset: SignaturePreset | null | undefined): boolean {
  const { certificate, jwt } = preset?.signature ?? {};
  return certificate !== undefined || jwt?.keys !== undefined;
}

/**
 * The environment variables of the secrets; `shared` is null where the keys are fetched, `verify` is one only where a
 * challenge of the preset compares one.
 */
export function secretNames(
  proof: Proof,
  id: string,
): { readonly shared: string | null; readonly verify: string | null } {
  const preset = proof.kind === 'preset' ? PRESETS.get(proof.name) : undefined;
  const word = (proof.kind === 'preset' ? proof.name : id).toUpperCase().replaceAll('-', '_');
  const name = `SLUICE_SECRET_${word}`;
  const handshakes = preset?.signature.handshake ?? [];
  const hasToken = handshakes.some(({ when = [] }) =>
    when.some(({ equalsSecret }) => equalsSecret === 'verifyToken'),
  );
  return { shared: hasFetchedKeys(preset) ? null : name, verify: hasToken ? `${name}_VERIFY` : null };
}
