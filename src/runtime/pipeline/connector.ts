/**
 * In: one connector of a bundle. Out: the functions that judge its requests, built on the first one. A plan that cannot
 * be built breaks this connector alone: it answers 503, and the others never notice.
 */
import type { BundleConnector } from '../../bundle/connector-line.ts';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { materialiseAllowIps } from '../../stages/allow-ip.ts';
import { type Evaluator, materialiseEvaluator } from '../../stages/evaluate.ts';
import { type Handshakes, materialiseHandshakes } from '../../stages/handshake/handshake.ts';
import { materialiseVerifier, needsPublicUrl } from '../../stages/signature/verify.ts';

/** A connector's plan, turned into functions. */
export interface ConnectorRunner {
  readonly plan: ConnectorPlan;
  /** null: any address may call. */
  readonly allowsAddress: ReturnType<typeof materialiseAllowIps> | null;
  /** null: nothing proves where a request comes from. */
  readonly verifier: ReturnType<typeof materialiseVerifier> | null;
  /** The proof covers the public URL: without one nothing can be proved. */
  readonly needsPublicUrl: boolean;
  /** null: the provider sends no challenges. */
  readonly handshakes: Handshakes | null;
  readonly evaluator: Evaluator;
}

/** A connector that is being served. */
export interface ActiveConnector {
  readonly id: string;
  /** Digest of its plan: as long as it stays the same, a reload keeps this object. */
  readonly digest: string;
  /** Builds on the first call. null: the plan cannot be run, `broken` says why. */
  runner(): ConnectorRunner | null;
  /** null while it works, or while nobody has used it yet. */
  readonly broken: string | null;
}

/** `onBroken` hears once of a plan that cannot be run; the message is for the operator. */
export function activateConnector(
  connector: BundleConnector,
  onBroken: (id: string, reason: string) => void = () => {},
): ActiveConnector {
  return new LazyConnector(connector, onBroken);
}

class LazyConnector implements ActiveConnector {
  readonly id: string;
  readonly digest: string;
  broken: string | null = null;
  /** Dropped after the first use: it may keep a whole bundle in memory. */
  #source: BundleConnector | null;
  #runner: ConnectorRunner | null = null;
  readonly #onBroken: (id: string, reason: string) => void;

  constructor(source: BundleConnector, onBroken: (id: string, reason: string) => void) {
    this.id = source.id;
    this.digest = source.digest;
    this.#source = source;
    this.#onBroken = onBroken;
  }

  runner(): ConnectorRunner | null {
    if (this.#source === null) return this.#runner;
    const source = this.#source;
    this.#source = null;
    try {
      this.#runner = materialise(source.plan());
    } catch (error) {
      this.broken = error instanceof Error ? error.message : String(error);
      this.#onBroken(this.id, this.broken);
    }
    return this.#runner;
  }
}

function materialise(plan: ConnectorPlan): ConnectorRunner {
  const { allowIps, signature } = plan;
  return {
    plan,
    allowsAddress: allowIps.length === 0 ? null : materialiseAllowIps(allowIps),
    verifier: signature === null ? null : materialiseVerifier(signature),
    needsPublicUrl: signature !== null && needsPublicUrl(signature),
    handshakes:
      signature === null || signature.handshake.length === 0 ? null : materialiseHandshakes(signature),
    evaluator: materialiseEvaluator(plan),
  };
}
