/** Whether something can be kept in the state folder now: found out by writing, as permissions and room say only half. */
import { join } from 'node:path';
import { replaceUnsynced } from './durable-file.ts';
import { describeFailure, type FileSystem } from './file-system.ts';

const PROBE_FILE = 'probe';
/** A block: a file system that has none left has room for empty files. */
const PROBE_BYTES = 4096;

/** null: it can. Otherwise why not and what to do, for people. */
export async function probeFolder(fileSystem: FileSystem, folder: string): Promise<string | null> {
  const path = join(folder, PROBE_FILE);
  try {
    await replaceUnsynced(fileSystem, path, Buffer.alloc(PROBE_BYTES));
    await fileSystem.unlink(path);
    return null;
  } catch (error) {
    return `nothing can be kept in "${folder}": ${describeFailure(error)}; what fits is delivered, what would be held is answered 503: make room there, or correct its permissions`;
  }
}
