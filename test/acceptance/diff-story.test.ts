// The reviewer's story, with the example connectors and a real repository: main has a live connector; one branch changes
// its mapping, another deletes it, another removes its signature. What is printed is in test/fixtures/diff-story, and says
// what would happen without a look at the code. UPDATE_FIXTURES=1 writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GitRepository } from '../cli/git-repository.ts';

const root = join(import.meta.dirname, '../..');
const golden = join(root, 'test/fixtures/diff-story');
const repository = new GitRepository();
const CONNECTOR = 'connectors/stripe-payment-failed/connector.yaml';

/** Makes a branch off main on which the connector file is what `edit` makes of it. */
function branch(name: string, edit: (text: string) => string): void {
  repository.git('checkout', '--quiet', '--detach', 'main');
  const before = readFileSync(join(repository.folder, CONNECTOR), 'utf8');
  const after = edit(before);
  expect(after).not.toBe(before);
  repository.write(CONNECTOR, after);
  repository.commit(name);
}

const withoutSignature = (reasons: string) => (text: string) =>
  text.replace(/security:\n[\s\S]*$/, `security:\n${reasons}`);

beforeAll(() => {
  repository.replaceConnectors(join(root, 'connectors'));
  repository.commit('main');
  branch('another-amount', (text) =>
    text.replace('$.data.object.amount, as: string', '$.data.object.amount_received, as: string'),
  );
  branch('through-test', (text) =>
    text
      .replace('status: live', 'status: test')
      .replace('$.data.object.amount, as: string', '$.data.object.amount_received, as: string'),
  );
  const open = '  unauthenticated: "the gateway in front checks the signature"\n';
  branch('unsigned', withoutSignature(open));
  branch(
    'acknowledged',
    withoutSignature(`${open}  weakened: "the gateway checks the signature since November"\n`),
  );
  branch('disabled', (text) => text.replace('status: live', 'status: disabled'));
  for (const [name, from] of [
    ['deleted', 'main'],
    ['deleted-later', 'disabled'],
  ] as const) {
    repository.git('checkout', '--quiet', '--detach', from);
    repository.git('rm', '-r', '--quiet', 'connectors/stripe-payment-failed');
    repository.commit(name);
  }
  repository.git('checkout', '--quiet', 'main');
}, 60_000);
afterAll(() => repository.remove());

function expectGolden(name: string, text: string): void {
  const file = join(golden, name);
  if (process.env.UPDATE_FIXTURES === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

test.each([
  ['main', 'another-amount', 0],
  ['main', 'through-test', 0],
  ['main', 'unsigned', 1],
  ['main', 'acknowledged', 0],
  ['main', 'deleted', 1],
  ['main', 'disabled', 0],
  ['disabled', 'deleted-later', 0],
] as const)(
  '%s to %s: the gate exits %i',
  async (old, current, code) => {
    const pretty = await repository.sluice('diff', old, current, '--gate');
    expect(pretty).toMatchObject({ code, stderr: '' });
    expectGolden(`${current}.txt`, pretty.stdout);
    const markdown = await repository.sluice('diff', old, current, '--format', 'markdown');
    // Without --gate the diff only informs.
    expect(markdown).toMatchObject({ code: 0, stderr: '' });
    expectGolden(`${current}.md`, markdown.stdout);
    const json = JSON.parse((await repository.sluice('diff', old, current, '--json')).stdout);
    expect(json).toMatchObject({ old, new: current, ok: code === 0, diagnostics: [], notes: [] });
  },
  60_000,
);

test('an acknowledgement does not cover what is weakened next', async () => {
  repository.git('checkout', '--quiet', '--detach', 'acknowledged');
  const text = readFileSync(join(repository.folder, CONNECTOR), 'utf8');
  repository.write(CONNECTOR, text.replace('security:\n', 'security:\n  allowIps: ["203.0.113.9"]\n'));
  repository.commit('listed');
  repository.write(CONNECTOR, text);
  repository.commit('unlisted');
  repository.git('checkout', '--quiet', 'main');
  expect((await repository.sluice('diff', 'acknowledged', 'listed', '--gate')).code).toBe(0);
  expect((await repository.sluice('diff', 'listed', 'unlisted', '--gate')).code).toBe(1);
}, 60_000);

test('the bundles of two builds tell the same, with samples from a folder', async () => {
  for (const name of ['main', 'unsigned']) {
    repository.git('checkout', '--quiet', '--force', '--detach', name);
    expect((await repository.sluice('build', '--out', `${name}.json`)).code).toBe(0);
  }
  repository.git('checkout', '--quiet', '--force', 'main');
  const kinds = async (...argv: string[]) => {
    const { code, stdout } = await repository.sluice('diff', ...argv, '--json', '--gate');
    const { changes } = JSON.parse(stdout) as { changes: { kind: string }[] };
    return { code, kinds: changes.map(({ kind }) => kind) };
  };
  const ofRefs = await kinds('main', 'unsigned');
  expect(ofRefs.kinds).toContain('signature-removed');
  expect(ofRefs.kinds).toContain('request-now-accepted');
  expect(await kinds('main.json', 'unsigned.json')).toEqual({ code: 1, kinds: ['signature-removed'] });
  expect(await kinds('main.json', 'unsigned.json', '--samples', 'connectors')).toEqual(ofRefs);
  // One of each: the samples of the commit are run on both.
  expect(await kinds('main.json', 'unsigned')).toEqual(ofRefs);
  expect(await kinds('main', 'unsigned.json')).toEqual(ofRefs);
}, 120_000);
