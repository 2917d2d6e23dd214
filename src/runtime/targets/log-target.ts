/**
 * The target that needs no account: one line of JSON per trigger in triggers.ndjson, and one line for people. A trigger
 * is acknowledged after its line is on the disk; triggers that come while the disk is busy share the next write.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Delivery, OutgoingTrigger } from '../../outcomes/delivery.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { openOwn } from '../state-folder/open-own.ts';
import { ABORTED, CLOSED, unlessAborted } from './aborted.ts';
import { defineTarget } from './define-target.ts';
import type { Target } from './target.ts';

export const TRIGGERS_FILE = 'triggers.ndjson';
const APPENDING = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;

export interface LogTargetOptions {
  readonly stateDir: string;
  /** One line for people about each trigger; no values of the payload in it. */
  readonly announce: (text: string) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Opens the file; tests watch through it what reaches the disk. */
  readonly open?: (folder: string, path: string, flags: number) => Promise<LogFile>;
}

/** What is used of a file. */
export type LogFile = Pick<FileHandle, 'appendFile' | 'datasync' | 'stat' | 'read' | 'sync' | 'close'>;

interface Waiting {
  readonly trigger: OutgoingTrigger;
  readonly line: string;
  readonly signal: AbortSignal;
  readonly resolve: (delivery: Delivery) => void;
}

export const logTarget = defineTarget({
  title: 'A line of JSON for each trigger, in triggers.ndjson in the state folder.',
  settings: {},
  needs: [],
  open: (_, surroundings) => ({ ok: true, target: createLogTarget(surroundings) }),
});

export function createLogTarget(options: LogTargetOptions): Target {
  return new LogTarget(options);
}

class LogTarget implements Target {
  readonly name = 'log';
  readonly #options: Required<LogTargetOptions>;
  readonly #path: string;
  #file: LogFile | undefined;
  /** The file ends in the middle of a line: a write failed, or the machine stopped. */
  #isTorn = false;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: LogTargetOptions) {
    this.#options = { now: Date.now, open: openOwn, ...options };
    this.#path = join(options.stateDir, TRIGGERS_FILE);
  }

  async send(trigger: OutgoingTrigger, signal: AbortSignal): Promise<Delivery> {
    if (this.#isClosed) return CLOSED;
    if (signal.aborted) return ABORTED;
    const { requestId, connector, actionFlow, mode, flowInvocationId } = trigger;
    const line = stringifyJson({
      time: new Date(this.#options.now()).toISOString(),
      requestId,
      connector,
      actionFlow,
      mode,
      flowInvocationId,
      trigger: trigger.trigger,
    });
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    this.#waiting.push({ trigger, line, signal, resolve });
    this.#writing ??= this.#writeAll();
    return (await unlessAborted(promise, signal)) ?? ABORTED;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => {});
  }

  async #writeAll(): Promise<void> {
    // Requests that are handled in a row hand on theirs before the next tick: one write for all of them.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.filter(({ signal }) => !signal.aborted);
      this.#waiting = [];
      const delivery = await this.#write(batch.map(({ line }) => `${line}\n`).join(''));
      for (const { trigger, resolve } of batch) {
        if (delivery.ok) this.#announce(trigger);
        resolve(delivery);
      }
    }
    this.#writing = undefined;
  }

  async #write(lines: string): Promise<Delivery> {
    try {
      const file = await this.#current();
      const text = this.#isTorn ? `\n${lines}` : lines;
      this.#isTorn = true;
      await file.appendFile(text);
      await file.datasync();
      this.#isTorn = false;
      return { ok: true };
    } catch (error) {
      // The next attempt starts from a fresh descriptor: after a failed sync the kernel may have dropped the pages.
      const file = this.#file;
      this.#file = undefined;
      await file?.close().catch(() => {});
      const { code, message } = error as NodeJS.ErrnoException;
      return { ok: false, retry: true, reason: `${TRIGGERS_FILE} cannot be written (${code ?? message})` };
    }
  }

  /** The open file; opened anew when somebody has moved or removed it. */
  async #current(): Promise<LogFile> {
    if (this.#file !== undefined) {
      const [here, there] = await Promise.all([this.#file.stat(), lstat(this.#path).catch(() => null)]);
      if (there !== null && there.ino === here.ino && there.dev === here.dev) return this.#file;
      const moved = this.#file;
      this.#file = undefined;
      await moved.close();
    }
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const file = await this.#options.open(this.#options.stateDir, this.#path, APPENDING);
    this.#file = file;
    const { size } = await file.stat();
    this.#isTorn = size > 0 && (await endsInsideLine(file, size));
    if (size === 0) await syncFolder(dirname(this.#path));
    return file;
  }

  #announce({ connector, actionFlow, mode, requestId, trigger }: OutgoingTrigger): void {
    const { length } = trigger.targetUserIds;
    const users = length === 1 ? '1 user' : `${length} users`;
    try {
      this.#options.announce(
        `${mode} trigger: ${connector} starts ${actionFlow} for ${users} (${requestId})`,
      );
    } catch {
      // A terminal that is gone does not make the trigger less delivered.
    }
  }
}

async function endsInsideLine(file: LogFile, size: number): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

/** A new file survives a power cut only once its folder's entry does. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
