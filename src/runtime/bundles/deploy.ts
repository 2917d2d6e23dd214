/**
 * What becomes of a new bundle: it is verified, activated, handed to the workers and kept for a restart. In: bytes of a
 * file that is watched, or from the program around. A bad bundle changes nothing but the status, and the log says why.
 */
import type { BundleManifest } from '../../bundle/plan.ts';
import type { Log } from '../log/log.ts';
import type { BundleCache } from '../state/files/bundle-cache.ts';
import type { ActivateResult, Activation, ActivationProblem } from './activate.ts';
import type { BundleTrust } from './bundle-trust.ts';

export interface DeployerOptions {
  readonly activation: Activation;
  readonly trust: BundleTrust;
  readonly lastGood: Pick<BundleCache, 'saveLastGood' | 'readLastGood'>;
  /** Called after every activation; resolves when every process serves the bundle. */
  readonly onActivated: (bytes: Buffer, source: string) => Promise<void>;
  readonly log: Log;
}

/** What a bundle that was not read from its file is called. */
const LAST_GOOD = 'the last good bundle, kept in the state folder';

export class Deployer {
  readonly #options: DeployerOptions;
  #problem: string | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DeployerOptions) {
    this.#options = options;
  }

  /** What a person should know beyond the status of the activation. */
  problems(): readonly string[] {
    return this.#problem === null ? [] : [this.#problem];
  }

  /** `keep`: for a restart while the newest one is broken or out of reach. */
  deploy(bytes: Buffer, source: string, { keep }: { readonly keep: boolean }): Promise<ActivateResult> {
    return this.#inTurn(() => this.#deploy(bytes, source, keep));
  }

  async #deploy(bytes: Buffer, source: string, keep: boolean): Promise<ActivateResult> {
    const { activation, trust, onActivated, log } = this.#options;
    const refusal = await trust.verify(bytes);
    if (refusal !== null) {
      this.fail(refusal.code, refusal.message);
      return refusal;
    }
    const result = activation.activate(bytes, source, trust.check);
    if (!result.ok) {
      this.#logRefusal(result.code, result.message);
      return result;
    }
    const { manifest, added, changed, removed } = result;
    const { revision, sequence, connectors } = manifest;
    log.info({ revision, sequence, connectors, added, changed, removed, source }, 'serving a bundle');
    await Promise.all([this.#persist(manifest, keep ? bytes : null), onActivated(bytes, source)]);
    return result;
  }

  /** The copy first: a restart between the two must find one that is not too old. */
  async #persist(manifest: BundleManifest, bytes: Buffer | null): Promise<void> {
    const { trust, lastGood, log } = this.#options;
    if (bytes !== null) {
      const saved = await lastGood.saveLastGood(bytes);
      this.#problem = saved.ok ? null : saved.reason;
      if (!saved.ok) log.error({ reason: saved.reason }, 'the bundle is served, but not kept');
    }
    const remembered = await trust.remember(manifest);
    if (!remembered.ok)
      log.error({ reason: remembered.reason }, 'the bundle is served, but its sequence is not on record');
  }

  /** There is no bundle to activate, or it cannot be read. */
  fail(code: ActivationProblem, message: string): void {
    this.#options.activation.fail(code, message);
    this.#logRefusal(code, message);
  }

  /** Serves what was served before, where nothing else can be. Returns whether there was anything. */
  restore(): Promise<boolean> {
    return this.#inTurn(() => this.#restore());
  }

  async #restore(): Promise<boolean> {
    const { activation, trust, lastGood, onActivated, log } = this.#options;
    const bytes = await lastGood.readLastGood();
    if (bytes === null) return false;
    const result = (await trust.verify(bytes)) ?? activation.restore(bytes, LAST_GOOD, trust.check);
    if (!result.ok) {
      log.error(
        { code: result.code, reason: result.message },
        'the last good bundle cannot be served either',
      );
      return false;
    }
    const { revision, sequence, connectors } = result.manifest;
    log.warn({ revision, sequence, connectors }, 'serving the last good bundle');
    await Promise.all([this.#persist(result.manifest, null), onActivated(bytes, LAST_GOOD)]);
    return true;
  }

  /** One after the other: each is judged by what the one before left on record. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  #logRefusal(code: ActivationProblem, message: string): void {
    const { activation, log } = this.#options;
    const revision = activation.status.active?.revision ?? null;
    const consequence = revision === null ? 'nothing is served' : 'the last good one goes on serving';
    log.error({ code, reason: message, serving: revision }, `the bundle cannot be served: ${consequence}`);
  }
}
