/**
 * Holds the one bundle that is served. In: the bytes of a bundle. Out: its connectors in place of the old ones, all at
 * once, or a refusal that leaves the old ones as they are. Keeps what did not change, and builds nothing before its use.
 */
import { type Bundle, type BundleRefusal, decodeBundle } from '../../bundle/codec.ts';
import type { BundleConnector } from '../../bundle/connector-line.ts';
import type { BundleManifest, ConnectorPlan } from '../../bundle/plan.ts';
import { splitSignature } from '../../bundle/signing.ts';
import { type ActiveConnector, activateConnector } from '../pipeline/connector.ts';
import type { SequenceRefusal, TrustRefusal } from './bundle-trust.ts';

/** Why no newer bundle is served. */
export type ActivationProblem =
  | BundleRefusal
  | TrustRefusal['code']
  | 'bundle-missing'
  | 'bundle-unreadable'
  | 'bundle-too-large';

export interface ActivationError {
  readonly code: ActivationProblem;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Times are ISO 8601. */
export interface ActivationStatus {
  readonly active: null | {
    readonly revision: string;
    readonly sequence: number;
    readonly digest: string;
    readonly connectors: number;
    readonly activatedAt: string;
    /** Where its bytes came from. */
    readonly source: string;
  };
  readonly lastAttempt: string | null;
  readonly lastActivation: string | null;
  /** Of the last attempt; null when that succeeded. */
  readonly lastError: ActivationError | null;
  /** Since the start. */
  readonly activations: number;
  readonly failures: number;
}

export type ActivateResult =
  | {
      readonly ok: true;
      readonly manifest: BundleManifest;
      readonly added: number;
      readonly changed: number;
      readonly removed: number;
    }
  | { readonly ok: false; readonly code: ActivationProblem; readonly message: string };

/** The last word on a bundle that is sound; null: it may be served. */
export type CheckBundle = (manifest: BundleManifest) => TrustRefusal<SequenceRefusal> | null;

export interface ActivationOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Hears once of a connector whose plan cannot be run. */
  readonly onBroken?: (id: string, reason: string) => void;
}

/** A connector as it is served, and its plan for those who only describe it. */
export interface ServedConnector {
  readonly active: ActiveConnector;
  /** null: the bundle's line cannot be read. */
  plan(): ConnectorPlan | null;
}

export class Activation {
  readonly #now: () => number;
  readonly #onBroken: (id: string, reason: string) => void;
  #served: ReadonlyMap<string, Served> = new Map();
  #status: ActivationStatus = {
    active: null,
    lastAttempt: null,
    lastActivation: null,
    lastError: null,
    activations: 0,
    failures: 0,
  };

  constructor({ now = Date.now, onBroken = () => {} }: ActivationOptions = {}) {
    this.#now = now;
    this.#onBroken = onBroken;
  }

  get status(): ActivationStatus {
    return this.#status;
  }

  get ready(): boolean {
    return this.#status.active !== null;
  }

  /** For the hot path. */
  readonly connector = (id: string): ActiveConnector | undefined => this.#served.get(id)?.active;

  /** By id, in the order of ids. */
  get served(): ReadonlyMap<string, ServedConnector> {
    return this.#served;
  }

  /** A signature is not looked at: whoever has trusted keys verifies the bytes before. */
  activate(bytes: Buffer, source: string, check: CheckBundle = () => null): ActivateResult {
    const result = this.#take(bytes, source, check, null);
    if (!result.ok) this.fail(result.code, result.message);
    return result;
  }

  /** An older bundle, as the newest cannot be served: its error stays on record, and a failure here adds none. */
  restore(bytes: Buffer, source: string, check: CheckBundle = () => null): ActivateResult {
    return this.#take(bytes, source, check, this.#status.lastError);
  }

  #take(
    bytes: Buffer,
    source: string,
    check: CheckBundle,
    lastError: ActivationError | null,
  ): ActivateResult {
    const decoded = decodeBundle(splitSignature(bytes).signed);
    if (!decoded.ok) return decoded;
    return check(decoded.bundle.manifest) ?? this.#replace(decoded.bundle, source, lastError);
  }

  #replace(bundle: Bundle, source: string, lastError: ActivationError | null): ActivateResult {
    const { manifest, connectors } = bundle;
    const served = new Map<string, Served>();
    let added = 0;
    let changed = 0;
    for (const [id, connector] of connectors) {
      const old = this.#served.get(id);
      if (old === undefined) added += 1;
      else if (old.active.digest !== connector.digest) changed += 1;
      served.set(id, old?.isKept(connector) ? old : new Served(connector, this.#onBroken));
    }
    const removed = this.#served.size + added - served.size;
    this.#served = served;
    const at = this.#time();
    const { revision, sequence, digest } = manifest;
    this.#status = {
      active: { revision, sequence, digest, connectors: served.size, activatedAt: at, source },
      lastAttempt: at,
      lastActivation: at,
      lastError,
      activations: this.#status.activations + 1,
      failures: this.#status.failures,
    };
    return { ok: true, manifest, added, changed, removed };
  }

  /** There was something to activate, and it did not come so far. */
  fail(code: ActivationProblem, message: string): void {
    const at = this.#time();
    this.#status = {
      ...this.#status,
      lastAttempt: at,
      lastError: { code, message, at },
      failures: this.#status.failures + 1,
    };
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}

class Served implements ServedConnector {
  readonly active: ActiveConnector;
  readonly #connector: BundleConnector;
  #isUsed = false;

  constructor(connector: BundleConnector, onBroken: (id: string, reason: string) => void) {
    this.#connector = connector;
    const { id, digest } = connector;
    this.active = activateConnector({ id, digest, plan: () => this.#use() }, onBroken);
  }

  /**
   * Nothing is gained by keeping what nobody has used, and much is lost: until it is used, it holds on to the bytes of
   * the whole bundle that it came in.
   */
  isKept(connector: BundleConnector): boolean {
    return this.#isUsed && this.active.digest === connector.digest;
  }

  plan(): ConnectorPlan | null {
    try {
      return this.#use();
    } catch {
      return null;
    }
  }

  #use(): ConnectorPlan {
    this.#isUsed = true;
    return this.#connector.plan();
  }
}
