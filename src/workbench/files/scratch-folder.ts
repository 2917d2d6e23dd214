/**
 * A folder for the files of one piece of work. In: the work. Out: what it comes to; the folder is gone then, and also when
 * SIGINT or SIGTERM ends the process meanwhile.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** `prefix` begins the folder's name; `use` gets its real path. */
export async function withScratchFolder<T>(
  prefix: string,
  use: (folder: string) => Promise<T> | T,
): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  const remove = (): void => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    rmSync(folder, { recursive: true, force: true });
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    try {
      remove();
    } finally {
      // Unless others decide what the signal does, it ends the process as it would without us.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    }
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await use(folder);
  } finally {
    remove();
  }
}
