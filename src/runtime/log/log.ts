/**
 * In: what happened. Out: one line for it: JSON for machines, or a compact line for a person at a terminal. Never takes
 * payloads, header values, query strings or secrets: there is no field for them.
 */
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
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
const BUFFER_BYTES = 4096;
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
