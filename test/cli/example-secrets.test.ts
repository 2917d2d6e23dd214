import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { createSecretStore } from '../../src/runtime/config/secret-store.ts';
import {
  EXAMPLE_FILES,
  ensureExampleSecrets,
  readExampleSecrets,
  writeExampleFiles,
} from '../../src/workbench/cases/example-secrets.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { makeTemporaryFolder } from '../runtime/state/temporary-folder.ts';

test('every secret that is not set is made up once, the token of challenges too', () => {
  const state = makeTemporaryFolder();
  const signature = {
    ...hmacSignature,
    secrets: [{ env: 'SLUICE_SECRET_A' }, { file: 'b' }],
    secretPrefix: 'whsec_',
    verifyToken: { env: 'SLUICE_SECRET_VERIFY' },
  };
  const plans = [makePlan({ signature }), makePlan({ id: 'unsigned' })];
  const { secrets, made } = ensureExampleSecrets(state, plans, { SLUICE_SECRET_A: 'given' });
  expect(made).toEqual(['file:b', 'env:SLUICE_SECRET_VERIFY']);
  expect(secrets['file:b']).toMatch(/^whsec_/);
  // What is entered at the provider is a plain text.
  expect(secrets['env:SLUICE_SECRET_VERIFY']).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(readExampleSecrets(state)).toEqual(secrets);
  expect(ensureExampleSecrets(state, plans, { SLUICE_SECRET_A: 'given' })).toEqual({ secrets, made: [] });
});

test('made-up secrets that connectors want from files are found there, and none where there is a folder with real ones', () => {
  const state = makeTemporaryFolder();
  const plans = [makePlan({ signature: { ...hmacSignature, secrets: [{ file: 'b' }] } })];
  const { secrets } = ensureExampleSecrets(state, plans, {});
  const folder = join(state, EXAMPLE_FILES);
  writeExampleFiles(folder, { ...secrets, 'file:../outside': 'x', 'env:SLUICE_SECRET_A': 'y' });
  expect(readdirSync(folder)).toEqual(['b']);
  const store = createSecretStore({ env: {}, secretsDir: folder });
  expect(store.lookup({ file: 'b' })).toBe(secrets['file:b']);

  expect(ensureExampleSecrets(makeTemporaryFolder(), plans, {}, true)).toEqual({ secrets: {}, made: [] });
});

test('`dev` of a folder that is not there ends, and says what to do', async () => {
  const stderr = new PassThrough();
  const context = { stdout: new PassThrough(), stderr, env: {}, cwd: makeTemporaryFolder() };
  expect(await runProgram(['dev', 'nosuch', '--port', '0', '--admin-port', '0'], context)).toBe(2);
  expect(String(stderr.read())).toMatch(/there is no folder "nosuch": .*`npx sluice init`/);
});
