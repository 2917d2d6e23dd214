/**
 * Which of the secrets that the served connectors need cannot be used now, and since when. In: the bundle that is served, and
 * the deployment's secrets. Out: problems by connector, for status, metrics and log; never a text. One unusable secret of
 * several stops nothing but what only it proves: that is what a rotation looks like in its middle.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { type SecretReference, secretName, secretsOf } from '../../stages/secrets.ts';
import { describeSecretForm, isUsableSecret } from '../../stages/signature/usable-secret.ts';
import { needsPublicUrl } from '../../stages/signature/verify.ts';
import type { SecretStore } from '../config/secret-store.ts';
import type { RemoteKeyStore } from '../keys/remote-keys.ts';
import type { Activation } from './activate.ts';
import { keysOf } from './needed-keys.ts';

export interface SecretProblem {
  /** env:NAME or file:NAME; keys:ADDRESS of keys that are fetched. */
  readonly name: string;
  readonly kind: 'missing' | 'unusable';
  /** The fact, for the operator. */
  readonly reason: string;
  /** Every request that needs a proof is answered 503; false: another secret of the connector still proves requests. */
  readonly stops: boolean;
  /** Milliseconds since the epoch: when it was first seen. */
  readonly since: number;
}

export interface SecretHealthOptions {
  readonly activation: Pick<Activation, 'served'>;
  readonly secrets: SecretStore;
  /** Asked for what is served, again and again: so keys are there before the first request, and new ones before their use. */
  readonly keys: Pick<RemoteKeyStore, 'want' | 'problemOf'>;
  readonly hasUrlKeys: boolean;
  /** Whether senders' view of the URL is configured. */
  readonly hasPublicUrl: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Reading a plan for the first time takes about 0.05 ms. */
const SLICE = 100;

export class SecretHealth {
  readonly #options: SecretHealthOptions;
  #problems: ReadonlyMap<string, readonly SecretProblem[]> = new Map();
  #checking: Promise<void> | null = null;

  constructor(options: SecretHealthOptions) {
    this.#options = options;
  }

  /** As `check` found them last, by connector; those without problems are not there. */
  get problems(): ReadonlyMap<string, readonly SecretProblem[]> {
    return this.#problems;
  }

  /** Looks at the secrets of every connector that is served. Never rejects. */
  check(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = null;
    });
    return this.#checking;
  }

  async #check(): Promise<void> {
    const found = new Map<string, readonly SecretProblem[]>();
    const addresses = new Set<string>();
    let read = 0;
    for (const [id, served] of this.#options.activation.served) {
      const plan = served.plan();
      const address = keysOf(plan);
      if (address !== undefined) addresses.add(address);
      const problems = this.of(id, plan);
      if (problems.length > 0) found.set(id, problems);
      read += 1;
      if (read % SLICE === 0) await nextTurn();
    }
    this.#problems = found;
    this.#options.keys.want(addresses);
  }

  /** Of one connector, as it is now. A disabled one needs nothing. */
  of(id: string, plan: ConnectorPlan | null): readonly SecretProblem[] {
    if (plan === null || plan.status === 'disabled') return [];
    const { hasUrlKeys, hasPublicUrl } = this.#options;
    const found: Omit<SecretProblem, 'since'>[] = [...this.#ofSignature(plan)];
    const unset = { kind: 'missing', reason: 'the variable is not set', stops: true } as const;
    if (plan.urlKey && !hasUrlKeys) found.push({ name: 'env:SLUICE_URL_KEYS', ...unset });
    if (plan.signature !== null && needsPublicUrl(plan.signature) && !hasPublicUrl)
      found.push({ name: 'env:SLUICE_PUBLIC_URL', ...unset });
    const before = this.#problems.get(id) ?? [];
    const timed = found.map((problem) => ({
      ...problem,
      since:
        before.find(({ name, kind }) => name === problem.name && kind === problem.kind)?.since ??
        this.#options.now(),
    }));
    return [...timed, ...this.#ofKeys(plan)];
  }

  #ofKeys(plan: ConnectorPlan): readonly SecretProblem[] {
    const address = keysOf(plan);
    const problem = address === undefined ? null : this.#options.keys.problemOf(address);
    return problem === null ? [] : [{ name: `keys:${address}`, kind: 'missing', stops: true, ...problem }];
  }

  #ofSignature({ signature }: ConnectorPlan): readonly Omit<SecretProblem, 'since'>[] {
    if (signature === null) return [];
    const { secrets } = this.#options;
    const check = (reference: SecretReference): Pick<SecretProblem, 'kind' | 'reason'> | null => {
      const text = secrets.lookup(reference);
      if (text === undefined) {
        const reason = secrets.missing([reference])[0]?.reason ?? 'it is not set';
        return { kind: 'missing', reason };
      }
      if (isUsableSecret(signature, reference, text)) return null;
      return { kind: 'unusable', reason: `it is set, but is not ${describeSecretForm(signature)}` };
    };
    const stops = signature.secrets.every((reference) => check(reference) !== null);
    return secretsOf(signature).flatMap((reference) => {
      const problem = check(reference);
      const proves = signature.secrets.includes(reference);
      return problem === null ? [] : [{ name: secretName(reference), ...problem, stops: stops && proves }];
    });
  }
}
