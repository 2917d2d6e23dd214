import { expect, test } from 'vitest';
import { ensureExampleSecrets, readExampleSecrets } from '../../src/workbench/cases/example-secrets.ts';
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
