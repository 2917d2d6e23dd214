/**
 * The last bundle that could be activated, for a restart while the newest one is broken or out of reach, and the
 * highest sequence ever accepted, so that an old bundle cannot come back. Does not look into the bundle.
 */
import { join } from 'node:path';
import { isJsonObject } from '../../../stages/json/json-value.ts';
import { replaceFile, WRITTEN, type Written } from './durable-file.ts';
import { describeFailure, type FileSystem, isMissing } from './file-system.ts';

export interface BundleCache {
  /** Never rejects. Durable when it resolves with ok. */
  saveLastGood(bytes: Uint8Array): Promise<Written>;
  /** null: none, or it cannot be read. Its digest is the reader's to check. */
  readLastGood(): Promise<Buffer | null>;
  /** Looks what others have accepted, where there are others. Never rejects. */
  refresh(): Promise<void>;
  /** null: none was accepted so far. */
  highestSequence(): number | null;
  /** The content that was accepted under it, where that is known. */
  highestDigest(): string | null;
  /** A lower one changes nothing. In memory at once; durable when it resolves with ok. Never rejects. One at a time. */
  raiseSequence(sequence: number, digest?: string): Promise<Written>;
  /** The folder was gone: writes the sequence again; the bundle is the caller's to save again. Never rejects. */
  restore(): Promise<void>;
  problems(): readonly string[];
}

const BUNDLE_FILE = 'last-good-bundle.json';
const SEQUENCE_FILE = 'sequence.json';
/** A hundred thousand connectors. */
const MAX_BUNDLE_BYTES = 1024 * 1024 * 1024;
const MAX_SEQUENCE_BYTES = 1024;

/** Never rejects: what cannot be read is a problem to report, not a reason to refuse to start. */
export async function openBundleCache(fileSystem: FileSystem, folder: string): Promise<BundleCache> {
  const bundlePath = join(folder, BUNDLE_FILE);
  const sequencePath = join(folder, SEQUENCE_FILE);
  const read = await readSequence(fileSystem, sequencePath);
  let { highest, digest: highestDigest, problem } = read;
  const writeSequence = async (): Promise<Written> => {
    try {
      const text = JSON.stringify({ format: 1, highest, digest: highestDigest });
      await replaceFile(fileSystem, sequencePath, Buffer.from(`${text}\n`));
      problem = null;
      return WRITTEN;
    } catch (error) {
      problem = `${SEQUENCE_FILE} cannot be written: ${describeFailure(error)}; after a restart an older bundle would be accepted`;
      return { ok: false, reason: problem };
    }
  };
  return {
    async saveLastGood(bytes) {
      try {
        await replaceFile(fileSystem, bundlePath, bytes);
        return WRITTEN;
      } catch (error) {
        return { ok: false, reason: `the bundle cannot be kept for a restart: ${describeFailure(error)}` };
      }
    },
    async readLastGood() {
      return fileSystem.read(bundlePath, MAX_BUNDLE_BYTES).catch(() => null);
    },
    async refresh() {},
    highestSequence: () => highest,
    highestDigest: () => highestDigest,
    async raiseSequence(sequence, digest) {
      const isNews =
        highest === null ||
        sequence > highest ||
        (sequence === highest && (digest ?? null) !== highestDigest);
      if (!isNews && problem === null) return WRITTEN;
      if (isNews) [highest, highestDigest] = [sequence, digest ?? null];
      return writeSequence();
    },
    async restore() {
      if (highest !== null) await writeSequence();
    },
    problems: () => [...new Set([read.problem, problem])].filter((one) => one !== null),
  };
}

async function readSequence(
  fileSystem: FileSystem,
  path: string,
): Promise<{ highest: number | null; digest: string | null; problem: string | null }> {
  const unreadable = (why: string): { highest: null; digest: null; problem: string } => ({
    highest: null,
    digest: null,
    problem: `${SEQUENCE_FILE} cannot be read (${why}): which bundles are too old is only known from the last good one, if that is there; look who changed it, and start again`,
  });
  try {
    const value: unknown = JSON.parse((await fileSystem.read(path, MAX_SEQUENCE_BYTES)).toString('utf8'));
    if (!isJsonObject(value) || !Number.isSafeInteger(value.highest)) return unreadable('it holds no number');
    const digest = typeof value.digest === 'string' ? value.digest : null;
    return { highest: value.highest as number, digest, problem: null };
  } catch (error) {
    if (isMissing(error)) return { highest: null, digest: null, problem: null };
    return unreadable(error instanceof SyntaxError ? 'it is not JSON' : describeFailure(error));
  }
}
