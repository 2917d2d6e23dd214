/**
 * Runs mapping scripts in a small pool of child processes. In: a script and a request. Out: its result, always within
 * the deadline, whatever the script does. Untrusted code never runs in this process, and no process starts before the
 * first call.
 */
import type { ScriptMappingPlan } from '../../stages/plans.ts';
import {
  MAX_SCRIPT_BYTES,
  type ScriptRequest,
  type ScriptResult,
  type ScriptRunner,
} from '../../stages/script/script-runner.ts';
import { CallQueue } from './call-queue.ts';
import { Circuit } from './circuit.ts';
import { Pace } from './pace.ts';
import { ProcessPool } from './process-pool.ts';
import type { Answer, ScriptCall } from './script-call.ts';

export interface ScriptHostOptions {
  /** Scripts of one connector, and slow scripts of all connectors, that run at the same time. */
  readonly size?: number;
  /** Further processes, started in advance: they take over from killed ones, and serve other connectors meanwhile. */
  readonly spares?: number;
  /** Longest run of one script. */
  readonly timeoutMs?: number;
  /**
   * The limit is one of processor time: a script that had too little of it is run again with more time by the clock, up to
   * 30 s. For those who wait for a verdict, not for an answer.
   */
  readonly countsProcessorTime?: boolean;
  /** Memory of one script in MB, at least 8. */
  readonly memoryMb?: number;
  /** Calls that may wait for a process, and for how long. */
  readonly maxWaiting?: number;
  readonly waitMs?: number;
  /** The processes leave the processor to this one, which serves; false: they are what it waits for. */
  readonly givesWay?: boolean;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * The defaults: a hundred times what a mapping takes, and short enough that a wait and a run end before the senders
 * with the least patience (3 s) give up.
 */
const DEFAULTS = {
  size: 2,
  spares: 1,
  timeoutMs: 500,
  countsProcessorTime: false,
  memoryMb: 32,
  maxWaiting: 1024,
  waitMs: 2000,
  givesWay: true,
  now: () => performance.now(),
};

/** Calls of one connector that a process is given at once: every hand-over wakes two processes. */
const MAX_BATCH = 8;

/** Longest request as JSON text. */
const MAX_REQUEST_BYTES = 6 * 1024 * 1024;

/** How long calls wait for the very first process: on a machine that is starting up it can take its time. */
const FIRST_WAIT_MS = 15_000;

interface PendingCall extends ScriptCall {
  readonly connector: string;
  readonly resolve: (result: ScriptResult) => void;
  /** When it stops waiting for a process. */
  givesUpAt: number;
  isWaiting: boolean;
  waitTimer: NodeJS.Timeout | undefined;
  isRetry: boolean;
  wallMs: number | undefined;
}

export function createScriptHost(options: ScriptHostOptions = {}): ScriptRunner {
  return new ScriptHost({ ...DEFAULTS, ...options });
}

class ScriptHost implements ScriptRunner {
  readonly #options: Required<ScriptHostOptions>;
  readonly #circuit: Circuit;
  readonly #queue: CallQueue<PendingCall>;
  readonly #pool: ProcessPool<PendingCall>;
  readonly #pace = new Pace();
  #isClosing = false;
  #closed: Promise<void> | undefined;

  constructor(options: Required<ScriptHostOptions>) {
    this.#options = options;
    this.#circuit = new Circuit(options.now);
    this.#queue = new CallQueue(options.maxWaiting);
    this.#pool = new ProcessPool(options, () => this.#dispatch());
  }

  run(
    connector: string,
    script: ScriptMappingPlan,
    request: ScriptRequest,
    options: { readonly trace?: boolean } = {},
  ): Promise<ScriptResult> {
    const requestText = JSON.stringify(request);
    const refusal = this.#refuse(connector, script.digest) ?? tooLarge(script.source, requestText);
    if (refusal !== null) return Promise.resolve(refusal);
    return new Promise((resolve) => {
      const call: PendingCall = {
        connector,
        digest: script.digest,
        source: script.source,
        requestText,
        trace: options.trace === true,
        resolve,
        givesUpAt: performance.now() + (this.#pool.wasReady ? this.#options.waitMs : FIRST_WAIT_MS),
        isWaiting: true,
        waitTimer: undefined,
        isRetry: false,
        wallMs: undefined,
      };
      const refused = this.#queue.push(call);
      if (refused !== null) this.#finish(refused, unavailable('too many requests wait for a script process'));
      if (refused === call) return;
      this.#dispatch();
      if (call.isWaiting) this.#wait(call);
    });
  }

  close(): Promise<void> {
    this.#isClosing = true;
    for (const call of this.#queue.drain()) this.#finish(call, unavailable(CLOSING));
    this.#closed ??= this.#pool.close();
    return this.#closed;
  }

  #refuse(connector: string, digest: string): ScriptResult | null {
    if (this.#isClosing) return unavailable(CLOSING);
    const rest = this.#circuit.restsFor(connector, digest);
    if (rest === 0) return null;
    const seconds = Math.ceil(rest / 1000);
    return unavailable(
      `the script had to be stopped several times in a row; it is not run for another ${seconds} s`,
    );
  }

  #dispatch(): void {
    for (;;) {
      const idle = this.#pool.idleCount();
      const call = idle === 0 ? undefined : this.#queue.take(this.#mayServe, this.#rank);
      if (call === undefined) break;
      // While it waited, others of the same connector may have been stopped.
      const refusal = this.#refuse(call.connector, call.digest);
      if (refusal === null) this.#start(call, idle);
      else this.#finish(call, refusal);
    }
    const isQuickWaiting = this.#queue.some((connector) => this.#pace.isQuick(connector));
    const isSlowWaiting = this.#queue.some((connector) => !this.#pace.isQuick(connector));
    this.#pool.fill(this.#queue.size, isQuickWaiting, isSlowWaiting);
    const failure = this.#pool.failure;
    if (failure === null) return;
    // Those who wait will not be served soon: better they hear it now.
    for (const call of this.#queue.drain()) this.#finish(call, unavailable(failure));
  }

  readonly #mayServe = (connector: string): boolean =>
    this.#pool.mayServe(connector, this.#pace.isQuick(connector), this.#pace.hasQuick);

  readonly #rank = (connector: string): number => this.#pace.rank(connector);

  /** Starts the call, and with it more of the same connector if its script takes no time. */
  #start(call: PendingCall, idle: number): void {
    const share = Math.ceil(this.#queue.waitingOf(call.connector) / idle);
    const count = this.#pace.isInstant(call.connector) ? Math.min(share, MAX_BATCH - 1) : 0;
    const more = this.#queue.takeMore(call.connector, count);
    for (const one of [call, ...more]) {
      one.isWaiting = false;
      clearTimeout(one.waitTimer);
    }
    this.#pool.run(call, more, this.#pace.isQuick(call.connector), this.#settle);
  }

  readonly #settle = (call: PendingCall, answer: Answer): void => {
    if (this.#wasStarved(call, answer)) this.#giveMoreTime(call);
    else if (answer.kind === 'result')
      this.#finishRun(call, this.#byProcessorTime(call, answer), answer.tookMs);
    else if (this.#isClosing) this.#finish(call, unavailable(CLOSING));
    else if (answer.kind === 'starved' && call.isRetry) {
      this.#finish(call, unavailable('the machine was too busy to run the script, twice'));
    } else if (answer.kind === 'lost' && call.isRetry) {
      // Twice is no accident: what kills from outside, such as a kernel short of memory, does it because of this.
      const message = `the script process was lost twice with this request: ${answer.how}`;
      this.#finishRun(call, { ok: false, code: 'script-memory', message }, this.#options.timeoutMs);
    } else {
      if (answer.kind !== 'not-started') call.isRetry = true;
      this.#wait(call);
      this.#queue.putBack(call);
    }
  };

  /** Its time by the clock was over, and it has not had its processor time. */
  #wasStarved(call: PendingCall, answer: Answer): boolean {
    const { countsProcessorTime, timeoutMs } = this.#options;
    if (!countsProcessorTime || this.#isClosing || (call.wallMs ?? 0) >= MAX_WALL_MS) return false;
    if (answer.kind === 'starved') return true;
    if (answer.kind !== 'result' || answer.result.ok || answer.result.code !== 'script-timeout') return false;
    return answer.tookMs < timeoutMs * FAIR_SHARE;
  }

  #giveMoreTime(call: PendingCall): void {
    const { timeoutMs, waitMs } = this.#options;
    call.wallMs = Math.min((call.wallMs ?? timeoutMs) * WALL_GROWTH, MAX_WALL_MS);
    call.givesUpAt = performance.now() + waitMs;
    this.#wait(call);
    this.#queue.putBack(call);
  }

  /** With more time by the clock a script may have taken more of the processor than it is allowed. */
  #byProcessorTime(call: PendingCall, { result, tookMs }: Extract<Answer, { kind: 'result' }>): ScriptResult {
    const { timeoutMs } = this.#options;
    const isOver = call.wallMs !== undefined && (tookMs > timeoutMs || isTimeout(result));
    if (!isOver) return result;
    const message = `the script ran longer than ${timeoutMs} ms`;
    return isTimeout(result) ? { ...result, message } : { ok: false, code: 'script-timeout', message };
  }

  #finishRun(call: PendingCall, result: ScriptResult, tookMs: number): void {
    const isStopped = !result.ok && (result.code === 'script-timeout' || result.code === 'script-memory');
    if (isStopped) this.#circuit.strike(call.connector, call.digest);
    else this.#circuit.clear(call.connector);
    this.#pace.note(call.connector, tookMs);
    this.#finish(call, result);
  }

  #wait(call: PendingCall): void {
    call.isWaiting = true;
    call.waitTimer = setTimeout(() => {
      this.#queue.remove(call);
      this.#finish(call, unavailable(`no script process was free for ${this.#options.waitMs} ms`));
    }, call.givesUpAt - performance.now());
  }

  #finish(call: PendingCall, result: ScriptResult): void {
    call.isWaiting = false;
    clearTimeout(call.waitTimer);
    call.resolve(result);
  }
}

function isTimeout(result: ScriptResult): result is Extract<ScriptResult, { ok: false }> {
  return !result.ok && result.code === 'script-timeout';
}

/** By the clock, however little of the processor a script gets. */
const MAX_WALL_MS = 30_000;
const WALL_GROWTH = 4;
/** A script that had so much of its processor time was not starved: clocks are coarse. */
const FAIR_SHARE = 0.8;

const CLOSING = 'the script host is closing';

function tooLarge(source: string, requestText: string): ScriptResult | null {
  const isSourceLong = Buffer.byteLength(source) > MAX_SCRIPT_BYTES;
  if (!isSourceLong && Buffer.byteLength(requestText) <= MAX_REQUEST_BYTES) return null;
  const message = isSourceLong
    ? `the script is longer than ${MAX_SCRIPT_BYTES} bytes`
    : `the request is longer than ${MAX_REQUEST_BYTES} bytes of JSON, too long for a script`;
  return { ok: false, code: 'script-error', message };
}

function unavailable(message: string): ScriptResult {
  return { ok: false, code: 'script-unavailable', message };
}
