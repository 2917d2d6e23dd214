/**
 * One script process as the host sees it: starts it, hands it calls, which it runs one after the other, and kills it
 * when it does not answer in time, grows too large or talks nonsense. Everything a script can do to its process ends
 * here.
 */
import { encodeFrame, type Frame, FrameReader } from './frames.ts';
import { type CallHead, type ReplyHead, readReply, resultOf } from './messages.ts';
import { CallClock, makeNice } from './processor-time.ts';
import { mostBytes, residentBytes } from './resident-memory.ts';
import type { Answer, ProcessLimits, ScriptCall, Settle } from './script-call.ts';
import { awaitEnd, type Child, isCrash, spawnChild } from './spawn-child.ts';

/** A process that is not ready by then is given up; on an idle machine it takes 0.1 s. */
const START_MS = 15_000;

/** How much longer than the script's own limit the process may take before it is killed. */
const GRACE_MS = 200;

/** A call that takes more processor time is slow: those behind it go to another process. */
const SLOW_MS = 50;

/** A call whose time is over before it had that much is not what is slow: mappings take less. */
const STARVED_MS = 10;

/**
 * How much nicer than the host a process is, and one for slow calls: it gets about a tenth of a processor that others
 * want too. With less, a killed one would hold its memory for long.
 */
const NICE_STEPS = 5;
const SLOW_NICE_STEPS = 10;

/** How often a call that is still running is looked at. */
const WATCH_MS = 10;

export class ScriptProcess<Call extends ScriptCall> {
  /** Gives way to everybody: a call was slow, or slow ones are what it was started for. */
  isSlow: boolean;
  state: 'starting' | 'idle' | 'busy' | 'ended' = 'starting';
  /** Why it ended before it was ready. */
  startFailure: string | undefined;
  /** The process is gone. */
  readonly closed: Promise<void>;

  readonly #child: Child;
  readonly #reader = new FrameReader();
  readonly #timeoutMs: number;
  readonly #givesWay: boolean;
  readonly #maxBytes: number;
  readonly #onChange: () => void;
  readonly #startTimer: NodeJS.Timeout;
  /** Of the first of the window. */
  readonly #clock: CallClock;
  readonly #known = new Set<string>();
  /** In the order in which the process runs them: all but the first have not started. */
  #window: { readonly id: number; readonly call: Call }[] = [];
  #settleCall: Settle<Call> = () => {};
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  /** Calls that this process will still run were given to others. */
  #isOvertaken = false;

  /** `onChange` is called when the process becomes idle or ends. Throws when no process can be started. */
  constructor({ timeoutMs, memoryMb, givesWay }: ProcessLimits, isSlow: boolean, onChange: () => void) {
    this.isSlow = isSlow;
    this.#givesWay = givesWay;
    this.#timeoutMs = timeoutMs;
    this.#maxBytes = mostBytes(memoryMb);
    this.#onChange = onChange;
    this.#child = spawnChild(memoryMb, (error) => this.end(error.message));
    this.#clock = new CallClock(this.#child.pid ?? 0);
    // Before it has other threads, which inherit it.
    this.#giveWay(isSlow ? SLOW_NICE_STEPS : NICE_STEPS);
    this.#startTimer = setTimeout(() => this.end('it did not become ready in time'), START_MS);
    this.closed = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.#gone(code, signal);
        this.#clock.close();
        resolve();
      });
    });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    // A host that runs nothing keeps no program alive: while a call runs, its timer does.
    this.#startTimer.unref();
  }

  knows(digest: string): boolean {
    return this.#known.has(digest);
  }

  /**
   * Runs calls; only while idle. Each is settled once; a call that started, within the script's time limit and
   * GRACE_MS.
   */
  run(calls: readonly Call[], settle: Settle<Call>): void {
    if (this.state !== 'idle') throw new Error('a script process takes calls only while it is idle');
    this.state = 'busy';
    this.#settleCall = settle;
    this.#clock.begin();
    this.#timer = setTimeout(this.#watch, WATCH_MS);
    this.#child.stdin.cork();
    for (const call of calls) {
      this.#lastId += 1;
      this.#window.push({ id: this.#lastId, call });
      this.#send(this.#lastId, call);
    }
    this.#child.stdin.uncork();
  }

  /** Kills the process. The call that runs is lost, those behind it have not started. */
  end(reason: string): void {
    if (this.state === 'ended') return;
    if (this.state === 'starting') this.startFailure = reason;
    this.state = 'ended';
    clearTimeout(this.#startTimer);
    awaitEnd(this.#child);
    this.#child.kill('SIGKILL');
    this.#settleFirst({ kind: 'lost', how: reason });
    this.#giveBack(0);
    this.#onChange();
  }

  /** Kills the process because of what the script did. It took what it had of the processor, as in every reply. */
  #stop(code: 'script-timeout' | 'script-memory', message: string): void {
    this.#settleFirst({ kind: 'result', result: { ok: false, code, message }, tookMs: this.#clock.takes });
    this.end(message);
  }

  /** Kills the process: its time was over before it had any of the processor. True: that makes sense. */
  #starve(): true {
    this.#settleFirst({ kind: 'starved' });
    this.end('the machine was too busy to run it');
    return true;
  }

  #send(id: number, call: Call): void {
    const { digest, source, requestText, trace } = call;
    const head: CallHead = {
      id,
      digest,
      timeoutMs: call.wallMs ?? this.#timeoutMs,
      trace,
      ...(this.#known.has(digest) ? {} : { source }),
    };
    this.#known.add(digest);
    const frame = encodeFrame(head, requestText);
    if (frame === null) throw new Error('the host refuses requests that are too long for a frame');
    this.#child.stdin.write(frame);
  }

  #read(chunk: Buffer): void {
    const frames = this.#reader.read(chunk);
    for (const frame of frames ?? []) {
      if (this.state === 'ended') return;
      const reply = readReply(frame.head);
      if (reply === null || !this.#take(reply, frame)) this.end('its reply could not be read');
    }
    if (frames === null) this.end('its reply could not be read');
  }

  /** false: the reply makes no sense here. */
  #take(reply: ReplyHead, frame: Frame): boolean {
    if (reply.status === 'broken') {
      this.end(reply.message);
      return true;
    }
    if (reply.status === 'ready') return this.#becomeReady();
    const first = this.#window[0];
    if (first === undefined || reply.id !== first.id) return false;
    if (reply.status === 'source-needed') {
      // Sent again, the call comes after those that are already on their way.
      this.#known.delete(first.call.digest);
      this.#window.push(...this.#window.splice(0, 1));
      this.#send(first.id, first.call);
      return true;
    }
    const result = resultOf(reply, frame.text);
    if (result === null) return false;
    if (!result.ok && result.code === 'script-timeout' && reply.tookMs < STARVED_MS) return this.#starve();
    this.#settleFirst({ kind: 'result', result, tookMs: reply.tookMs });
    // Where a script was terminated, memory and threads may be busy for a while yet.
    if (!result.ok && result.code !== 'script-error') this.end('its script was stopped');
    else if (reply.retire) this.end('it had grown large');
    else if (this.#isOvertaken) this.end('a call kept others waiting');
    else if (this.#window.length > 0) this.#clock.begin();
    else {
      clearTimeout(this.#timer);
      this.state = 'idle';
      this.#onChange();
    }
    return true;
  }

  #becomeReady(): boolean {
    if (this.state !== 'starting') return false;
    clearTimeout(this.#startTimer);
    this.state = 'idle';
    this.#onChange();
    return true;
  }

  #giveWay(steps: number): void {
    if (this.#givesWay && this.#child.pid !== undefined) makeNice(this.#child.pid, steps);
  }

  readonly #watch = (): void => {
    const first = this.#window[0];
    if (first === undefined) return;
    const { runsFor } = this.#clock;
    if (runsFor >= (first.call.wallMs ?? this.#timeoutMs) + GRACE_MS) {
      // If it was this process that was late, the reply may already lie in the socket: read it first.
      setImmediate(() => {
        const message = `the script did not end within ${this.#timeoutMs} ms and its process was killed`;
        if (this.#window[0] !== first) this.#watch();
        else if (this.#clock.takes >= STARVED_MS) this.#stop('script-timeout', message);
        else this.#starve();
      });
      return;
    }
    if (runsFor >= WATCH_MS && (residentBytes(this.#child.pid ?? 0) ?? 0) > this.#maxBytes) {
      this.#stop('script-memory', 'the script used too much memory and its process was killed');
      return;
    }
    if (this.#clock.takes > SLOW_MS) {
      if (!this.isSlow) this.#giveWay(SLOW_NICE_STEPS);
      this.isSlow = true;
      this.#isOvertaken ||= this.#window.length > 1;
      this.#giveBack(1);
    }
    this.#timer = setTimeout(this.#watch, WATCH_MS);
  };

  #gone(code: number | null, signal: string | null): void {
    const how = `it ended with ${signal === null ? `exit code ${code}` : signal}`;
    const crash = `the script crashed its process (${signal}), usually by using too much memory`;
    if (isCrash(signal) && this.state === 'busy') this.#stop('script-memory', crash);
    else this.end(how);
  }

  #settleFirst(answer: Answer): void {
    const first = this.#window.shift();
    if (first !== undefined) this.#settleCall(first.call, answer);
  }

  #giveBack(from: number): void {
    for (const { call } of this.#window.splice(from).reverse())
      this.#settleCall(call, { kind: 'not-started' });
  }
}
