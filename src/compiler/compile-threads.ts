/**
 * Compiles connectors, many of them in several threads. In: their places. Out: their records, in whatever order they are
 * done. This thread compiles too; scripts run through its runner, whichever thread asks.
 */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ScriptRunner } from '../stages/script/script-runner.ts';
import { compileConnector } from './compile-connector.ts';
import { ConnectorFiles } from './connector-files.ts';
import type { ConnectorLocation } from './load.ts';
import { type ConnectorRecord, readRecord } from './record.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/** A further thread loads the compiler first: it pays from about this many connectors on. */
const CONNECTORS_PER_THREAD = 400;
/** Each takes memory of its own, some 100 MB. */
const MAX_THREADS = 7;
/** What a thread is given at once, and twice: it has the next while it waits for more. */
const CHUNK = 8;
/** Connectors that are under way in this thread: only scripts are waited for. */
const CONCURRENCY = 8;

/** Beside this file, as .ts in the sources and as .js in what is published. */
const THREAD_FILE = new URL(`./compile-thread${extname(import.meta.url)}`, import.meta.url);

export interface ThreadOptions {
  readonly scripts: ScriptRunner;
  /** Further threads; absent: as many as pay. */
  readonly threads?: number;
}

/** `onCompiled` gets the index of each location with its record. Rejects only for bugs, in whichever thread. */
export async function compileLocations(
  locations: readonly ConnectorLocation[],
  { scripts, threads = countThreads(locations.length) }: ThreadOptions,
  onCompiled: (index: number, record: ConnectorRecord) => void,
): Promise<void> {
  const waiting = locations.entries();
  const workers = Array.from({ length: threads }, () => new Worker(THREAD_FILE));
  const failure = Promise.withResolvers<never>();
  try {
    const others = workers.map((worker) => {
      worker.once('error', failure.reject);
      return serveThread(worker, waiting, scripts, onCompiled);
    });
    const own = Array.from({ length: CONCURRENCY }, async () => {
      for (const [index, location] of waiting) {
        onCompiled(index, await compileConnector(new ConnectorFiles(location), scripts));
        // Else neither scripts nor threads are heard until all is done.
        await new Promise(setImmediate);
      }
    });
    await Promise.race([Promise.all([...own, ...others]), failure.promise]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function countThreads(connectors: number): number {
  return Math.min(availableParallelism() - 1, MAX_THREADS, Math.floor(connectors / CONNECTORS_PER_THREAD));
}

/** Hands out work to a thread until there is none; resolves when all of it is done. */
function serveThread(
  worker: Worker,
  waiting: Iterator<readonly [number, ConnectorLocation]>,
  scripts: ScriptRunner,
  onCompiled: (index: number, record: ConnectorRecord) => void,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const send = (message: ToThread): void => worker.postMessage(message);
  let open = 0;
  const feed = (): void => {
    while (open <= CHUNK) {
      const work = takeChunk(waiting);
      if (work.length === 0) break;
      open += work.length;
      send({ kind: 'compile', work });
    }
    if (open === 0) resolve();
  };
  worker.on('message', (message: FromThread) => {
    if (message.kind === 'compiled') {
      // Memory is not damaged on its way.
      onCompiled(message.index, readRecord(Buffer.from(message.bytes.buffer), 0) as ConnectorRecord);
      open -= 1;
      feed();
      return;
    }
    const { call, connector, script, request, options } = message;
    void scripts
      .run(connector, script, request, options)
      .then((result) => send({ kind: 'result', call, result }));
  });
  feed();
  return promise;
}

function takeChunk(waiting: Iterator<readonly [number, ConnectorLocation]>): [number, ConnectorLocation][] {
  const work: [number, ConnectorLocation][] = [];
  while (work.length < CHUNK) {
    const next = waiting.next();
    if (next.done) break;
    work.push([...next.value]);
  }
  return work;
}
