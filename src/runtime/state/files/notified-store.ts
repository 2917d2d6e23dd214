/** What the operator's webhook has taken note of, as a file of the state folder: notified.json. */
import { join } from 'node:path';
import {
  decodeNotified,
  encodeNotified,
  type NotifiedStore,
  nothingNotified,
  rememberNotified,
} from '../notified.ts';
import { coalesce } from './coalesce.ts';
import { replaceFile, WRITTEN, type Written } from './durable-file.ts';
import { describeFailure, type FileSystem, isMissing } from './file-system.ts';

export interface NotifiedFile extends NotifiedStore {
  /** The folder was gone: writes it again. Never rejects. */
  restore(): Promise<void>;
}

const FILE = 'notified.json';
/** A hundred thousand connectors. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Never rejects: what cannot be read is told again. */
export async function openNotifiedStore(fileSystem: FileSystem, folder: string): Promise<NotifiedFile> {
  const path = join(folder, FILE);
  const read = await readContent(fileSystem, path);
  const content = typeof read === 'string' ? nothingNotified() : read;
  let problem =
    typeof read === 'string'
      ? `${FILE} cannot be read (${read}): what is paused and held is told again`
      : null;
  let writing: Promise<Written> = Promise.resolve(WRITTEN);
  const persist = coalesce(async (): Promise<Written> => {
    try {
      await replaceFile(fileSystem, path, Buffer.from(encodeNotified(content)));
      problem = null;
      return WRITTEN;
    } catch (error) {
      problem = `${FILE} cannot be written: ${describeFailure(error)}; after a restart some notifications are sent again`;
      return { ok: false, reason: problem };
    }
  });
  const changed = (): void => {
    writing = persist();
  };
  return {
    ...rememberNotified(() => content, changed),
    async restore() {
      changed();
      await writing;
    },
    problems: () => (problem === null ? [] : [problem]),
    async settled() {
      await writing;
    },
  };
}

async function readContent(fileSystem: FileSystem, path: string): Promise<ReturnType<typeof decodeNotified>> {
  try {
    return decodeNotified((await fileSystem.read(path, MAX_BYTES)).toString('utf8'));
  } catch (error) {
    return isMissing(error) ? nothingNotified() : describeFailure(error);
  }
}
