/**
 * The settings that name a file whose content is the value. In: its path. Out: what it holds, or what is wrong with it
 * and what is allowed. Each file is read once, at the start.
 */
import { readFileSync } from 'node:fs';
import { readTrustedKeys, type TrustedKey } from '../../bundle/signing.ts';
import { bad, good, type Parsed, type Parser } from '../settings/parse-value.ts';

/** Names and ids, or a few keys: anything larger is the wrong file. */
const MAX_FILE_BYTES = 1024 * 1024;

function readSmallFile(path: string, advice: string): Parsed<string> {
  try {
    const bytes = readFileSync(path);
    return bytes.length > MAX_FILE_BYTES ? bad('is larger than 1 MiB', advice) : good(bytes.toString('utf8'));
  } catch (error) {
    return bad(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`, advice);
  }
}

const FLOW_ID = /^[A-Za-z0-9_-]+$/;

/** A JSON file: names of flows and the ids they have in this deployment. */
export const flowsFile: Parser<Readonly<Record<string, string>>> = (path) => {
  const advice = 'name a JSON file such as {"payment-failed": "BkX2pQ"}';
  const text = readSmallFile(path, advice);
  if (!text.ok) return text;
  let read: unknown;
  try {
    read = JSON.parse(text.value);
  } catch {
    return bad('is not JSON', advice);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    return bad('is not a JSON object', advice);
  for (const [name, id] of Object.entries(read)) {
    if (typeof id !== 'string' || !FLOW_ID.test(id)) {
      return bad(`has no flow id under "${name}"`, 'ids consist of letters, digits, _ and -');
    }
  }
  return good(read as Record<string, string>);
};

/** A file of public keys in PEM: who may sign bundles. */
export const trustedKeysFile: Parser<readonly TrustedKey[]> = (path) => {
  const advice = 'name a file of public keys, such as the .pub file that `sluice keys` writes';
  const text = readSmallFile(path, advice);
  if (!text.ok) return text;
  const keys = readTrustedKeys(text.value);
  return keys.ok ? good(keys.value) : bad(keys.message, advice);
};
