/**
 * Secrets for trying things out: made up on the first run of `dev`, kept in the state folder, never used by `serve`.
 * So a fresh clone serves every example connector without an account anywhere.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { readOwnSync, replaceOwnSync } from '../../runtime/state-folder/open-own.ts';
import type { SignaturePlan } from '../../stages/plans.ts';
import { secretName, secretsOf } from '../../stages/secrets.ts';
import { isPublicKeyType } from '../../stages/signature/keys.ts';

const FILE = 'example-secrets.json';
const FILE_PREFIX = 'file:';
/** A secret for each of a hundred thousand references. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A random secret in the form that the scheme wants, or null where only the sender can make one (a key pair). */
export function makeSecret(plan: SignaturePlan): string | null {
  if (isPublicKeyType(plan.type)) return null;
  if (plan.jwt?.algorithms.some((algorithm) => !algorithm.startsWith('HS'))) return null;
  const bytes = randomBytes(24);
  const text =
    plan.secretEncoding === 'hex'
      ? bytes.toString('hex')
      : plan.secretEncoding === 'base64'
        ? bytes.toString('base64')
        : bytes.toString('base64url');
  if (plan.type === 'basic' && plan.username === undefined) return `example:${text}`;
  return `${[plan.secretPrefix ?? ''].flat()[0]}${text}`;
}

/** The example secrets of a state folder, by secret name (env:NAME, file:NAME); empty when there are none. */
export function readExampleSecrets(state: string): Record<string, string> {
  try {
    return JSON.parse(readOwnSync(state, FILE, MAX_BYTES)) as Record<string, string>;
  } catch {
    return {};
  }
}

/**
 * Adds an example secret for every reference that the environment does not answer, and returns all of them. `hasFiles`:
 * files are in a folder of the user's own, in which nothing is made up.
 */
export function ensureExampleSecrets(
  state: string,
  plans: Iterable<ConnectorPlan>,
  env: Readonly<Record<string, string | undefined>>,
  hasFiles = false,
): { readonly secrets: Record<string, string>; readonly made: readonly string[] } {
  const secrets = readExampleSecrets(state);
  const made: string[] = [];
  for (const plan of plans) {
    if (plan.signature === null) continue;
    for (const reference of secretsOf(plan.signature)) {
      const name = secretName(reference);
      if ('file' in reference && hasFiles) continue;
      const given = 'env' in reference ? env[reference.env] : undefined;
      if ((given !== undefined && given !== '') || Object.hasOwn(secrets, name)) continue;
      const { verifyToken, username } = plan.signature;
      const isToken = reference === verifyToken || reference === username;
      const secret = isToken ? randomBytes(24).toString('base64url') : makeSecret(plan.signature);
      if (secret === null) continue;
      secrets[name] = secret;
      made.push(name);
    }
  }
  if (made.length > 0) {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    replaceOwnSync(state, FILE, `${JSON.stringify(secrets, null, 2)}\n`);
  }
  return { secrets, made };
}

/** The folder below a state folder where `dev` puts made-up secrets that connectors want from files. */
export const EXAMPLE_FILES = 'example-secrets';

/** Puts the example secrets of files where a runtime with that folder for secrets finds them. */
export function writeExampleFiles(folder: string, secrets: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, secret] of Object.entries(secrets)) {
    const file = name.startsWith(FILE_PREFIX) ? name.slice(FILE_PREFIX.length) : null;
    // What is no plain name is found by no runtime either.
    if (file !== null && /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(file))
      replaceOwnSync(folder, file, `${secret}\n`);
  }
}
