/**
 * In: one connector of a bundle. Out: the functions that judge its requests, built on the first one. A plan that cannot
 * be built breaks this connector alone: it answers 503, and the others never notice.
 */
import type { BundleConnector } from '../../bundle/connector-line.ts';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { materialiseAllowIps } from '../../stages/allow-ip.ts';
import { materialiseEvaluator } from '../../stages/evaluate.ts';
import type { Evaluator } from '../../stages/evaluation.ts';
import { type FirstContact, materialiseFirstContact } from '../../stages/handshake/first-contact.ts';
import { type Handshakes, handshakesOf, materialiseHandshakes } from '../../stages/handshake/handshake.ts';
import type { SignaturePlan } from '../../stages/plans.ts';
import { authenticateHeader } from '../../stages/signature/authenticate.ts';
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
  /** Finds what tells a first contact from an event; null: the provider makes none by POST. */
  readonly firstContact: FirstContact | null;
  /** The proof, or what is asked before it, stands in the body: that is read before anything is proven. */
  readonly readsBody: boolean;
  /** What a 401 says of the scheme that the connector takes; null: nothing proves a request. */
  readonly authenticate: string | null;
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

function readsBody({ signature, timestamp, template, certificate, handshake }: SignaturePlan): boolean {
  return (
    signature.body !== undefined ||
    timestamp?.body !== undefined ||
    certificate !== undefined ||
    template.some(({ kind }) => kind === 'body' || kind === 'form' || kind === 'fields') ||
    handshake.some(({ proof }) => proof === 'window')
  );
}

function materialise(plan: ConnectorPlan): ConnectorRunner {
  const { allowIps, signature } = plan;
  const source = handshakesOf(plan);
  return {
    plan,
    allowsAddress: allowIps.length === 0 ? null : materialiseAllowIps(allowIps),
    verifier: signature === null ? null : materialiseVerifier(signature, plan),
    needsPublicUrl: signature !== null && needsPublicUrl(signature),
    handshakes: source.handshake.length === 0 ? null : materialiseHandshakes(source),
    firstContact: materialiseFirstContact(plan),
    readsBody: signature !== null && readsBody(signature),
    authenticate: signature === null ? null : authenticateHeader(signature),
    evaluator: materialiseEvaluator(plan),
  };
}
