/**
 * The script processes of one host: keeps as many as the calls at hand need and some spares, replaces those that ended,
 * and stops trying for a while when none can be started.
 */
import type { ProcessLimits, ScriptCall, Settle } from './script-call.ts';
import { ScriptProcess } from './script-process.ts';

/** After a process could not be started, the next attempt waits this long. */
const RESTART_MS = 1000;

/**
 * Processes for slow scripts are started this far apart: until the new process has been scheduled, a start keeps this one
 * from serving, 5 ms and far more on a busy machine.
 */
const SLOW_START_MS = 1000;

export interface PoolOptions extends ProcessLimits {
  readonly size: number;
  readonly spares: number;
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
  #slowStartedAt = Number.NEGATIVE_INFINITY;
  #slowTimer: NodeJS.Timeout | undefined;
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

  /**
   * An idle process is there for the connector. One connector gets at most `size` of them, and so do all together that
   * are not quick; those leave as many as there are spares to quick ones, if there are any (`hasQuick`).
   */
  mayServe(connector: string, isQuick: boolean, hasQuick: boolean): boolean {
    let own = 0;
    let slow = 0;
    let left = hasQuick ? -this.#options.spares : 0;
    let hasSlow = false;
    let hasOther = false;
    for (const [one, served] of this.#processes) {
      if (served?.connector === connector) own += 1;
      if (one.isSlow || served?.isQuick === false) slow += 1;
      else if (one.state === 'idle' || one.state === 'busy') left += 1;
      if (one.state !== 'idle') continue;
      if (one.isSlow) hasSlow = true;
      else hasOther = true;
    }
    const { size } = this.#options;
    return own < size && (isQuick ? hasOther : hasSlow || (hasOther && slow < size && left > 0));
  }

  /** Hands calls of one connector that may be served to an idle process, to one that has the script if there is. */
  run(first: Call, more: readonly Call[], isQuick: boolean, settle: Settle<Call>): void {
    const idle = [...this.#processes.keys()].filter((one) => one.state === 'idle');
    const slow = isQuick ? [] : idle.filter((one) => one.isSlow);
    const fit = slow.length > 0 ? slow : idle.filter((one) => !one.isSlow);
    const chosen = fit.find((one) => one.knows(first.digest)) ?? fit[0];
    if (chosen === undefined) throw new Error('no script process is idle');
    this.#processes.set(chosen, { connector: first.connector, isQuick });
    chosen.run([first, ...more], settle);
  }

  /** Starts what `waiting` calls need, and the spares; there is always one that is not for slow ones. */
  fill(waiting: number, isQuickWaiting: boolean, isSlowWaiting: boolean): void {
    const { size, spares, now } = this.#options;
    if (this.#isClosed || (this.#failure !== undefined && now() - this.#failure.at < RESTART_MS)) return;
    const isLeftOver = (one: ScriptProcess<Call>): boolean =>
      one.isSlow && one.state === 'idle' && (isQuickWaiting || this.#slowCount() > size);
    for (const one of [...this.#processes.keys()]) if (isLeftOver(one)) one.end('it makes room');

    const wanted = Math.max(
      Math.min(size, Math.max(1, this.#count('busy') + waiting)) + spares,
      this.#slowCount() + spares,
    );
    // The memory of those that take long to die counts too.
    const room = 2 * (size + spares) - this.#living.size;
    for (let count = Math.min(room, wanted - this.#processes.size); count > 0; count -= 1) {
      const slow = this.#slowCount();
      const isForSlow = isSlowWaiting && slow < size && this.#processes.size - slow >= Math.max(1, spares);
      if (isForSlow && !this.#mayStartSlow()) break;
      this.#start(isForSlow);
    }
  }

  /** Who kills one process after the other waits for the next. */
  #mayStartSlow(): boolean {
    const rest = this.#slowStartedAt + SLOW_START_MS - this.#options.now();
    if (rest <= 0) {
      this.#slowStartedAt = this.#options.now();
      return true;
    }
    this.#slowTimer ??= setTimeout(() => {
      this.#slowTimer = undefined;
      this.#onChange();
    }, rest).unref();
    return false;
  }

  /** Kills all processes and waits until they are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#slowTimer);
    process.off('exit', this.#killAll);
    this.#killAll();
    await Promise.all([...this.#living].map((one) => one.closed));
  }

  #start(isSlow: boolean): void {
    process.off('exit', this.#killAll);
    process.on('exit', this.#killAll);
    try {
      const started: ScriptProcess<Call> = new ScriptProcess(this.#options, isSlow, () => {
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

  #slowCount(): number {
    let count = 0;
    for (const one of this.#processes.keys()) if (one.isSlow) count += 1;
    return count;
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
