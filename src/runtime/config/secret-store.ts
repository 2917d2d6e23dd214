/**
 * In: references to secrets. Out: their texts, from the environment or from files directly inside one folder. Files are
 * read again when they change, so that a secret is rotated without a restart. Never logs, lists or returns any other text.
 */
import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type SecretLookup, type SecretReference, secretName } from '../../stages/secrets.ts';

export interface SecretStoreOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absent: references to files find nothing. */
  readonly secretsDir?: string;
  /** Names of variables that connectors may refer to besides SLUICE_SECRET_*. */
  readonly allowedEnv?: readonly string[];
  /** Milliseconds; only differences matter. */
  readonly now?: () => number;
}

export interface MissingSecret {
  /** env:NAME or file:NAME. */
  readonly name: string;
  /** Why, and what to do, for the operator. */
  readonly reason: string;
}

export interface SecretStore {
  readonly lookup: SecretLookup;
  /** Those of the references that have no usable text now, each once, for the start-up message and the status. */
  missing(references: Iterable<SecretReference>): readonly MissingSecret[];
}

const ENV_PREFIX = 'SLUICE_SECRET_';
/** A key or a token; an RSA key of 16,384 bits in PEM is 13 KB. */
const MAX_SECRET_BYTES = 64 * 1024;
/** A file is looked at no more often: a request must not cost a system call for each secret. */
const RECHECK_MS = 1000;
const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

type Found = { readonly text: string } | { readonly reason: string };

export function createSecretStore(options: SecretStoreOptions): SecretStore {
  const { env, secretsDir, allowedEnv = [], now = () => performance.now() } = options;
  const files = new Map<string, { found: Found; stamp: string; checkedAt: number }>();

  const findVariable = (name: string): Found => {
    if (!name.startsWith(ENV_PREFIX) && !allowedEnv.includes(name)) {
      return {
        reason: `only variables that start with ${ENV_PREFIX} may be used: rename it, or allow it by name`,
      };
    }
    const text = Object.hasOwn(env, name) ? env[name] : undefined;
    return text
      ? { text }
      : { reason: text === undefined ? 'the variable is not set' : 'the variable is empty' };
  };

  const findFile = (name: string): Found => {
    if (secretsDir === undefined) return { reason: 'no folder for secrets is configured' };
    // What names no file that may exist must not grow the table either.
    if (!FILE_NAME.test(name)) return { reason: 'the name is not a plain file name' };
    const known = files.get(name);
    const time = now();
    if (known !== undefined && time - known.checkedAt < RECHECK_MS) return known.found;
    const { found, stamp } = readSecret(secretsDir, name, known);
    files.set(name, { found, stamp, checkedAt: time });
    return found;
  };

  const find = (reference: SecretReference): Found =>
    'env' in reference ? findVariable(reference.env) : findFile(reference.file);

  return {
    lookup(reference) {
      const found = find(reference);
      return 'text' in found ? found.text : undefined;
    },
    missing(references) {
      const missing = new Map<string, MissingSecret>();
      for (const reference of references) {
        const found = find(reference);
        const name = secretName(reference);
        if ('reason' in found) missing.set(name, { name, reason: found.reason });
      }
      return missing.values().toArray();
    },
  };
}

/**
 * Opens what the name leads to, if that is inside the folder (Kubernetes mounts each secret as a symlink through
 * ..data/), and reads it unless it is the file of the last time, unchanged.
 */
function readSecret(
  folder: string,
  name: string,
  known: { readonly found: Found; readonly stamp: string } | undefined,
): { found: Found; stamp: string } {
  let file: number | undefined;
  try {
    const root = realpathSync(folder);
    const path = realpathSync(join(root, name));
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
      return { found: { reason: 'the file leads out of the folder for secrets' }, stamp: '' };
    }
    // The path is resolved, so a symlink in its last part was put there since; a pipe would block for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { dev, ino, size, mtimeMs, ctimeMs, isFile } = statOf(file);
    if (!isFile) return { found: { reason: 'it is not a regular file' }, stamp: '' };
    if (size > MAX_SECRET_BYTES)
      return { found: { reason: `it is longer than ${MAX_SECRET_BYTES} bytes` }, stamp: '' };
    const stamp = [dev, ino, size, mtimeMs, ctimeMs].join(':');
    if (known?.stamp === stamp) return { found: known.found, stamp };
    const bytes = Buffer.alloc(size);
    const text = bytes.subarray(0, readSync(file, bytes, 0, size, 0));
    return { found: toSecret(text), stamp };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return {
      found: { reason: code === 'ENOENT' ? 'the file does not exist' : `the file cannot be read (${code})` },
      stamp: '',
    };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function statOf(file: number) {
  const stats = fstatSync(file);
  const { dev, ino, size, mtimeMs, ctimeMs } = stats;
  return { dev, ino, size, mtimeMs, ctimeMs, isFile: stats.isFile() };
}

/** Editors and `echo` end a file with a newline that is not part of the secret. */
function toSecret(bytes: Buffer): Found {
  if (!isUtf8(bytes)) return { reason: 'the file is not UTF-8 text' };
  const text = bytes.toString('utf8').replace(/\r?\n$/, '');
  return text === '' ? { reason: 'the file is empty' } : { text };
}
