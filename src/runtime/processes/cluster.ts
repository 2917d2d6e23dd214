/**
 * Worker processes that take webhooks, seen from the process that owns the state folder. In: bundles to serve. Out: one
 * port served by all of them. A worker that dies is replaced, and never keeps the others from serving.
 */
import cluster from 'node:cluster';
import { extname, join } from 'node:path';
import type { FlowReport } from '../../admin-api/answers.ts';
import type { RuntimeConfig } from '../config/config.ts';
import type { ListenFailure } from '../ingress/listen.ts';
import type { Log } from '../log/log.ts';
import { backoff } from '../redelivery/backoff.ts';
import type { StateOwner } from '../state/state-owner.ts';
import type { SentBundle } from './cluster-messages.ts';
import { WorkerProcess } from './worker-process.ts';

export interface WorkerPool {
  /** Where all of them listen. */
  readonly url: string;
  /** How many are serving. */
  running(): number;
  /** Resolves when every worker that is there serves the bundle. */
  distribute(bundle: SentBundle): Promise<void>;
  /** What each worker's registry holds; a worker that does not answer in time is left out. */
  metrics(): Promise<readonly object[]>;
  /** What they know of flows. */
  flows(): readonly FlowReport[];
  /** A flow was reached by this process. */
  tellWell(target: string, flow: string): void;
  /** Lets each finish what it has begun, within the time. */
  stop(graceMs: number): Promise<void>;
}

export interface WorkerPoolOptions {
  readonly config: RuntimeConfig;
  readonly owner: StateOwner;
  /** null: none is active yet. */
  readonly bundle: SentBundle | null;
  readonly log: Log;
  /** A worker could not run a connector's plan. */
  readonly onBroken: (connector: string) => void;
}

export type StartedPool =
  | { readonly ok: true; readonly pool: WorkerPool }
  | { readonly ok: false; readonly code: ListenFailure | 'worker-failed'; readonly message: string };

/** The longest pause before a worker that keeps dying is started again. */
const RESTART_CAP_MS = 10_000;
/** A worker that served this long was well: what kills it then is something new. */
const WELL_MS = 30_000;
/** Beside this file, and of the same kind: .ts in the source tree, .js where it is built. */
const ENTRY = join(import.meta.dirname, `worker${extname(import.meta.filename)}`);

export async function startWorkers(options: WorkerPoolOptions): Promise<StartedPool> {
  // Advanced: bundles are bytes, and must not become JSON.
  cluster.setupPrimary({ exec: ENTRY, args: [], serialization: 'advanced' });
  const pool = new Pool(options);
  return pool.start();
}

class Pool implements WorkerPool {
  url = '';
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Set<WorkerProcess>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  #bundle: SentBundle | null;
  #failures = 0;
  #stopping = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#bundle = options.bundle;
  }

  async start(): Promise<StartedPool> {
    const { workers } = this.#options.config;
    const outcomes = await Promise.all(Array.from({ length: workers }, () => this.#startOne()));
    const failed = outcomes.find((outcome) => !outcome.ok);
    if (failed === undefined || failed.ok) return { ok: true, pool: this };
    await this.stop(0);
    return failed;
  }

  running(): number {
    return [...this.#workers].filter((worker) => worker.isServing).length;
  }

  async distribute(bundle: SentBundle): Promise<void> {
    this.#bundle = bundle;
    await Promise.all([...this.#workers].map((worker) => worker.call({ kind: 'bundle', bundle })));
  }

  async metrics(): Promise<readonly object[]> {
    const answers = await Promise.all([...this.#workers].map((worker) => worker.call({ kind: 'metrics' })));
    return answers.filter((answer): answer is object => typeof answer === 'object' && answer !== null);
  }

  flows(): readonly FlowReport[] {
    return [...this.#workers].flatMap((worker) => worker.flows);
  }

  tellWell(target: string, flow: string): void {
    for (const worker of this.#workers) worker.tellWell(target, flow);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    await Promise.all([...this.#workers].map((worker) => worker.stop(graceMs)));
  }

  async #startOne(): ReturnType<WorkerProcess['serving']> {
    const { config, owner, onBroken } = this.#options;
    const worker = new WorkerProcess({ owner, onBroken });
    this.#workers.add(worker);
    const startedAt = performance.now();
    void worker.exited.then((how) => this.#replace(worker, performance.now() - startedAt, how));
    // Bundles come to them verified.
    const forWorkers = { ...config, adminToken: null, notifySecret: null, trustedKeys: null };
    const serving = await worker.serving(forWorkers, () => this.#bundle);
    if (serving.ok) this.url = serving.url;
    // One that cannot listen ends, and is replaced later like one that died.
    else void worker.stop(0);
    return serving;
  }

  #replace(worker: WorkerProcess, livedMs: number, how: string): void {
    this.#workers.delete(worker);
    // While the first ones start, whoever starts them deals with it.
    if (this.#stopping || this.url === '') return;
    const { log } = this.#options;
    this.#failures = livedMs > WELL_MS ? 1 : this.#failures + 1;
    // The first time at once: what kills a worker twice in a row would kill the next as well.
    const waitMs =
      this.#failures === 1 ? 0 : Math.round(backoff(this.#failures - 1, RESTART_CAP_MS, Math.random));
    log.error({ worker: worker.pid, how, waitMs, running: this.running() }, 'a worker died and is replaced');
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      void this.#startOne();
    }, waitMs);
    this.#restarts.add(timer);
  }
}
