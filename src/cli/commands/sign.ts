import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { decodeBundle, withSequence } from '../../bundle/codec.ts';
import { generateSigningKey, readSigningKey, signBundle, splitSignature } from '../../bundle/signing.ts';
import { replaceFile } from '../../workbench/files/replace-file.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';

/** `sluice keys <file>`: a new signing key pair, the private key in <file>, the public one in <file>.pub. Never overwrites. */
export async function keys(context: Context, file: string, options: { json?: boolean }): Promise<ExitCode> {
  const path = resolve(context.cwd, file);
  if (existsSync(path) || existsSync(`${path}.pub`)) {
    printError(context, `"${file}" or "${file}.pub" exists: keys are never overwritten, choose another name`);
    return EXIT.usage;
  }
  const { privateKey, publicKey, id } = generateSigningKey();
  try {
    await writeFile(path, privateKey, { mode: 0o600, flag: 'wx' });
    await writeFile(`${path}.pub`, publicKey, { flag: 'wx' });
  } catch (error) {
    printError(
      context,
      `"${file}" cannot be written: ${(error as NodeJS.ErrnoException).code ?? error}; name a file in a folder that exists`,
    );
    return EXIT.usage;
  }
  if (options.json) printJson(context, { id, privateKey: path, publicKey: `${path}.pub` });
  else
    print(
      context,
      `key ${id}: keep ${file} secret and sign with it; give ${file}.pub to runtimes (--trusted-keys)`,
    );
  return EXIT.clean;
}

export interface SignOptions {
  readonly key?: string;
  readonly out?: string;
  readonly sequence?: string;
  readonly json?: boolean;
}

/** `sluice sign <bundle>`: signs a bundle, in place or into --out. A higher --sequence makes an old bundle the newest: a rollback. */
export async function sign(context: Context, file: string, options: SignOptions): Promise<ExitCode> {
  let bytes: Buffer;
  try {
    bytes = await readFile(resolve(context.cwd, file));
  } catch (error) {
    printError(context, `"${file}" cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`);
    return EXIT.usage;
  }
  let { signed: content } = splitSignature(bytes);
  const decoded = decodeBundle(content);
  if (!decoded.ok) {
    printError(context, `"${file}" is not a sound bundle: ${decoded.message}`);
    return EXIT.problems;
  }
  if (options.sequence !== undefined) {
    if (!/^\d{1,15}$/.test(options.sequence)) {
      printError(context, `"${options.sequence}" is not a sequence: a whole number`);
      return EXIT.usage;
    }
    content = withSequence(content, Number(options.sequence));
  }
  const sequence = Number(options.sequence ?? decoded.bundle.manifest.sequence);
  const result = await signWith(context, content, options.key);
  if (!result.ok) {
    printError(context, result.message);
    return EXIT.usage;
  }
  const out = options.out ?? file;
  const problem = await replaceFile(resolve(context.cwd, out), result.bytes, out);
  if (problem !== null) {
    printError(context, problem);
    return EXIT.usage;
  }
  if (options.json) printJson(context, { file: out, sequence, bytes: result.bytes.length });
  else print(context, `${out}: signed, sequence ${sequence}`);
  return EXIT.clean;
}

/** Signs with the key in a file or, where none is named, in SLUICE_SIGNING_KEY (PEM). */
export async function signWith(
  context: Context,
  bytes: Buffer,
  file: string | undefined,
): Promise<{ ok: true; bytes: Buffer } | { ok: false; message: string }> {
  const given = context.env.SLUICE_SIGNING_KEY;
  const where = file === undefined ? 'SLUICE_SIGNING_KEY' : `"${file}"`;
  const pem =
    file === undefined ? given : await readFile(resolve(context.cwd, file), 'utf8').catch(() => undefined);
  if (pem === undefined || pem === '') {
    const message =
      file === undefined
        ? 'no signing key: name its file with --key, or set SLUICE_SIGNING_KEY'
        : `the signing key ${where} cannot be read`;
    return { ok: false, message };
  }
  const key = readSigningKey(pem);
  return key.ok
    ? { ok: true, bytes: signBundle(bytes, key.value) }
    : { ok: false, message: `${where} is ${key.message}` };
}
