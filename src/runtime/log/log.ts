/**
 * In: what happened. Out: one line for it: JSON for machines, or a compact line for a person at a terminal. Never takes
 * payloads, header values, query strings or secrets: there is no field for them.
 */
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions, symbols } from 'pino';
import { formatLine } from './log-line.ts';

export type Log = Logger;

export interface LogOptions {
  readonly level: string;
  readonly format: 'auto' | 'json' | 'pretty';
  /** Where lines go; default: JSON to standard output, lines for people to standard error. */
  readonly stream?: DestinationStream;
}

export interface OpenLog {
  readonly log: Log;
  /** Resolves when all lines are written. Before exiting. */
  flush(): Promise<void>;
}

/** JSON lines are written together once there are so many bytes, or after a second: a write for each would cost more than the rest. */
const BUFFER_BYTES = 16_000;
const FLUSH_MS = 1000;

export function openLog({ level, format, stream }: LogOptions): OpenLog {
  const isPretty =
    format === 'pretty' || (format === 'auto' && stream === undefined && process.stderr.isTTY === true);
  if (stream !== undefined)
    return { log: createLog(level, isPretty ? prettyStream(stream, false) : stream), flush };
  if (isPretty) {
    const colour = process.stderr.isTTY === true && !process.env.NO_COLOR;
    return { log: createLog(level, prettyStream(process.stderr, colour)), flush };
  }
  const output = destination({ dest: 1, sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_MS });
  return {
    log: createLog(level, output),
    flush: () => new Promise((resolve) => output.flush(() => resolve())),
  };
}

/**
 * Writes a line as the log would, without an object in between: at full load these lines cost as much as judging does.
 * `fields`: JSON members, without braces. Neither they nor the message may hold what JSON would have to escape, unless they
 * are escaped already.
 */
export function writeLine(log: Log, level: 'info' | 'error', fields: string, message: string): void {
  if (!log.isLevelEnabled(level)) return;
  const { [symbols.streamSym]: stream } = log as Log & Readonly<Record<symbol, DestinationStream>>;
  stream?.write(`{"level":"${level}","time":"${isoNow()}","pid":${PID},${fields},"msg":"${message}"}\n`);
}

const PID = process.pid;
let isoTime = 0;
let isoText = '';

/** Many lines are written within a millisecond. */
function isoNow(): string {
  const now = Date.now();
  if (now !== isoTime) {
    isoTime = now;
    isoText = new Date(now).toISOString();
  }
  return isoText;
}

async function flush(): Promise<void> {}

function createLog(level: string, stream: DestinationStream): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

function prettyStream(stream: { write(text: string): unknown }, colour: boolean): DestinationStream {
  return { write: (line) => void stream.write(formatLine(line, colour)) };
}
