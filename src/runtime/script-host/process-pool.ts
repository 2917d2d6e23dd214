/**
 * The script processes of one host: keeps as many as the calls at hand need and some spares, replaces those that ended,
 * and stops trying for a while when none can be started.
 */
import { type ScriptCall, ScriptProcess, type Settle } from './script-process.ts';

/** After a process could not be started, the next attempt waits this long. */
const RESTART_MS = 1000;

export interface PoolOptions {
  readonly size: number;
  readonly spares: number;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly now: () => number;
}

interface Served {
  readonly connector: string;
  readonly isQuick: boolean;
}

export class ProcessPool<Call extends ScriptCall & { readonly connector: string }> {
  readonly #options: PoolOptions;
  readonly #onChange: () => void;
  /** Processes, and for whom each of them works now. */
  readonly #processes = new Map<ScriptProcess<Call>, Served | null>();
  /** With those that were killed and are not gone yet. */
  readonly #living = new Set<ScriptProcess<Call>>();
  #failure: { readonly at: number; readonly reason: string } | undefined;
  #isClosed = false;
  #wasReady = false;

  /** `onChange` is called when a process becomes idle, ends or cannot be started. */
  constructor(options: PoolOptions, onChange: () => void) {
    this.#options = options;
    this.#onChange = onChange;
  }

  /** A process has been ready before: others can be expected soon. */
  get wasReady(): boolean {
    return this.#wasReady;
  }

  /** Why no process runs and none will be started for now; null: there is one, or one may be started. */
  get failure(): string | null {
    const isRecent = this.#failure !== undefined && this.#options.now() - this.#failure.at < RESTART_MS;
    if (!isRecent || this.#count('idle') + this.#count('busy') > 0) return null;
    return `no script process could be started: ${this.#failure?.reason}`;
  }

  idleCount(): number {
    return this.#count('idle');
  }

  /** One connector gets at most `size` processes, and so do all together that are not quick: the spares are left to others. */
  mayServe(connector: string, isQuick: boolean): boolean {
    let own = 0;
    let slow = 0;
    for (const served of this.#processes.values()) {
      if (served?.connector === connector) own += 1;
      if (served?.isQuick === false) slow += 1;
    }
    return own < this.#options.size && (isQuick || slow < this.#options.size);
  }

  /** Hands calls of one connector to an idle process, to one that has the script if there is. */
  run(first: Call, more: readonly Call[], isQuick: boolean, settle: Settle<Call>): void {
    const idle = [...this.#processes.keys()].filter((one) => one.state === 'idle');
    const chosen = idle.find((one) => one.knows(first.digest)) ?? idle[0];
    if (chosen === undefined) throw new Error('no script process is idle');
    this.#processes.set(chosen, { connector: first.connector, isQuick });
    chosen.run([first, ...more], settle);
  }

  /** Starts what `waiting` calls need, and the spares. */
  fill(waiting: number): void {
    const { size, spares, now } = this.#options;
    if (this.#isClosed || (this.#failure !== undefined && now() - this.#failure.at < RESTART_MS)) return;
    const wanted = Math.min(size, Math.max(1, this.#count('busy') + waiting)) + spares;
    // The memory of those that take long to die counts too.
    const room = 2 * (size + spares) - this.#living.size;
    for (let count = Math.min(room, wanted - this.#processes.size); count > 0; count -= 1) this.#start();
  }

  /** Kills all processes and waits until they are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    process.off('exit', this.#killAll);
    this.#killAll();
    await Promise.all([...this.#living].map((one) => one.closed));
  }

  #start(): void {
    const { timeoutMs, memoryMb } = this.#options;
    process.off('exit', this.#killAll);
    process.on('exit', this.#killAll);
    try {
      const started: ScriptProcess<Call> = new ScriptProcess(timeoutMs, memoryMb, () => {
        if (started.state === 'ended') this.#processes.delete(started);
        else this.#processes.set(started, null);
        if (started.startFailure === undefined) this.#wasReady = true;
        else this.#failure = { at: this.#options.now(), reason: started.startFailure };
        this.#onChange();
      });
      this.#processes.set(started, null);
      this.#living.add(started);
      void started.closed.then(() => {
        this.#living.delete(started);
        this.#onChange();
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#failure = { at: this.#options.now(), reason };
      queueMicrotask(this.#onChange);
    }
  }

  #count(state: ScriptProcess<Call>['state']): number {
    let count = 0;
    for (const one of this.#processes.keys()) if (one.state === state) count += 1;
    return count;
  }

  readonly #killAll = (): void => {
    for (const one of this.#processes.keys()) one.end('the script host is closing');
  };
}
