/** One worker process, seen from the owner of the state folder: started, told what to serve, asked, and ended. */

import cluster, { type Worker } from 'node:cluster';
import type { FlowReport } from '../../admin-api/answers.ts';
import { systemTimer } from '../../outcomes/timer.ts';
import type { RuntimeConfig } from '../config/config.ts';
import type { ListenFailure } from '../ingress/listen.ts';
import { PendingCalls } from '../state/pending-calls.ts';
import { channelOfProcess } from '../state/process-channel.ts';
import { serveWorker } from '../state/serve-worker.ts';
import type { StateOwner } from '../state/state-owner.ts';
import { type FromWorker, isClusterMessage, type SentBundle, type ToWorker } from './cluster-messages.ts';

export interface WorkerProcessOptions {
  readonly owner: StateOwner;
  readonly onBroken: (connector: string) => void;
}

export type Serving =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly code: ListenFailure | 'worker-failed'; readonly message: string };

/** What a worker is asked, and answers. */
type Call = { readonly kind: 'bundle'; readonly bundle: SentBundle } | { readonly kind: 'metrics' };

/** A large bundle takes a second to be checked; a worker that is silent for longer is left out. */
const CALL_MS = 5000;
/** A worker that does not serve after this long never will. */
const START_MS = 30_000;
/** After its time to finish: how long until it is killed. */
const KILL_AFTER_MS = 1000;

export class WorkerProcess {
  /** How it ended. */
  readonly exited: Promise<string>;
  isServing = false;
  /** Those about which there is something to say, as it saw them last. */
  flows: readonly FlowReport[] = [];
  readonly #worker: Worker;
  readonly #onBroken: (connector: string) => void;
  readonly #calls = new PendingCalls<unknown>(systemTimer, CALL_MS);
  #onHello: () => void = () => {};
  #onServing: (serving: Serving) => void = () => {};

  constructor({ owner, onBroken }: WorkerProcessOptions) {
    this.#worker = cluster.fork();
    this.#onBroken = onBroken;
    const { process: child } = this.#worker;
    const detach = serveWorker(owner, channelOfProcess(child));
    child.on('message', (message: unknown) => {
      if (isClusterMessage(message)) this.#receive(message as FromWorker);
    });
    // A message to a process that has just died: its end is dealt with below.
    this.#worker.on('error', () => {});
    this.exited = new Promise((resolve) => {
      this.#worker.once('exit', (code: number | null, signal: string | null) => {
        detach();
        this.isServing = false;
        this.#calls.endAll();
        const how = signal === null ? `exit code ${code}` : signal;
        this.#onServing({
          ok: false,
          code: 'worker-failed',
          message: `a worker ended (${how}) before it served: the log says more`,
        });
        resolve(how);
      });
    });
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** Tells it to start as soon as it is there. The bundle is asked for then: it may have changed meanwhile. */
  serving(config: RuntimeConfig, bundle: () => SentBundle | null): Promise<Serving> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#kill(), START_MS);
      this.#onServing = (serving) => {
        clearTimeout(timer);
        resolve(serving);
      };
      this.#onHello = () => this.#post({ kind: 'start', config, bundle: bundle() });
    });
  }

  /** null: it gave no answer in time. */
  call(call: Call): Promise<unknown> {
    return this.#calls.start((id) => this.#post({ ...call, call: id }));
  }

  tellWell(target: string, flow: string): void {
    this.#post({ kind: 'flow-well', target, flow });
  }

  async stop(graceMs: number): Promise<void> {
    if (!this.#post({ kind: 'stop', graceMs })) this.#kill();
    const timer = setTimeout(() => this.#kill(), graceMs + KILL_AFTER_MS);
    await this.exited;
    clearTimeout(timer);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'hello':
        this.#onHello();
        break;
      case 'listening':
        this.isServing = true;
        this.#onServing({ ok: true, url: message.url });
        break;
      case 'failed':
        this.#onServing({ ok: false, code: message.code, message: message.message });
        break;
      case 'flows':
        this.flows = message.flows;
        break;
      case 'broken':
        this.#onBroken(message.connector);
        break;
      case 'done':
        this.#calls.answer(message.call, message.value);
        break;
    }
  }

  #kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #post(message: ToWorker): boolean {
    if (!this.#worker.isConnected()) return false;
    this.#worker.process.send(message);
    return true;
  }
}
