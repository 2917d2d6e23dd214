/** `sluice diff`: what the writer of a pull request cannot do to what it is compared with, nor to whoever compares. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { GitRepository } from './git-repository.ts';

const SIGNED = 'signature: { sharedSecret: { env: SLUICE_SECRET_A }, signature: { header: x-sig } }';
const OPEN = 'unauthenticated: looks harmless';

function connector(id: string, security: string): string {
  return `apiVersion: sluice/v1
id: ${id}
actionFlow: BkX2pQ
status: live
sample: { id: evt_1, user: { id: user_1 } }
mapping: { targetUserIds: $.user.id }
idempotency: { path: $.id }
security: { ${security} }
`;
}

/** main is signed, evil is not; b.json is the bundle of evil. */
async function makeRepository(): Promise<GitRepository> {
  const repository = new GitRepository();
  onTestFinished(() => repository.remove());
  repository.write('connectors/orders.yaml', connector('orders', SIGNED));
  repository.commit('main');
  repository.write('connectors/orders.yaml', connector('orders', OPEN));
  repository.commit('evil');
  expect((await repository.sluice('build', '--out', 'b.json')).code).toBe(0);
  return repository;
}

test('a file that is named like a commit does not take its place', async () => {
  const repository = await makeRepository();
  const commit = repository.git('rev-parse', 'main');
  repository.git('update-ref', 'refs/remotes/origin/main', commit);
  mkdirSync(join(repository.folder, 'origin'));
  for (const name of [commit, commit.slice(0, 9), 'origin/main', 'main']) {
    const file = join(repository.folder, name);
    cpSync(join(repository.folder, 'b.json'), file);
    const both = await repository.sluice('diff', name, 'evil', '--gate');
    expect(both).toMatchObject({ code: 2, stdout: '' });
    expect(both.stderr).toContain(`is both a commit and a bundle file here: write "./${name}" for the file`);
    expect(await repository.sluice('diff', 'evil', name)).toMatchObject({ code: 2, stdout: '' });
    for (const path of [`./${name}`, file])
      expect(await repository.sluice('diff', path, 'evil', '--gate')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('no connector differs'),
      });
    rmSync(file);
    expect((await repository.sluice('diff', name, 'evil', '--gate')).code).toBe(1);
  }
  // A file that is no bundle stands for nothing.
  repository.write('main', 'notes\n');
  expect((await repository.sluice('diff', 'main', 'evil', '--gate')).code).toBe(1);
}, 60_000);

test('an object that a ref replaces is compared as it was committed', async () => {
  const repository = await makeRepository();
  const [main, evil] = [repository.git('rev-parse', 'main'), repository.git('rev-parse', 'evil')];
  const blob = (commit: string): string => repository.git('rev-parse', `${commit}:connectors/orders.yaml`);
  for (const [old, other] of [
    [main, evil],
    [`${main}^{tree}`, `${evil}^{tree}`],
    [blob('main'), blob('evil')],
    [evil, main],
  ] as const) {
    repository.git('replace', '--force', old, other);
    const gate = await repository.sluice('diff', 'main', 'evil', '--gate');
    expect(gate).toMatchObject({ code: 1, stdout: expect.stringContaining('signature-removed') });
    repository.git('replace', '--delete', repository.git('rev-parse', old));
  }
}, 60_000);

test('variables of git that lead elsewhere are not handed on', async () => {
  const repository = await makeRepository();
  const other = new GitRepository();
  onTestFinished(() => other.remove());
  other.write('connectors/orders.yaml', connector('orders', OPEN));
  other.commit('main');
  other.commit('evil');
  const elsewhere = join(other.folder, '.git');
  repository.git('update-ref', 'refs/other/replaced', 'evil');
  for (const variables of [
    { GIT_DIR: elsewhere },
    { GIT_DIR: elsewhere, GIT_WORK_TREE: other.folder },
    { GIT_COMMON_DIR: elsewhere },
    { GIT_OBJECT_DIRECTORY: join(elsewhere, 'objects') },
    { GIT_INDEX_FILE: join(elsewhere, 'index') },
    { GIT_NAMESPACE: 'other' },
    { GIT_REPLACE_REF_BASE: 'refs/other/' },
    { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.worktree', GIT_CONFIG_VALUE_0: other.folder },
    { GIT_CONFIG_PARAMETERS: "'core.bare=true'" },
    { GIT_EXEC_PATH: other.folder },
    { GIT_TRACE: join(other.folder, 'trace') },
  ]) {
    const gate = await repository.sluiceWith(variables, 'diff', 'main', 'evil', '--gate');
    expect(gate).toMatchObject({ code: 1, stdout: expect.stringContaining('signature-removed') });
  }
  expect(existsSync(join(other.folder, 'trace'))).toBe(false);
}, 120_000);

test('where there is no repository, a name is a file', async () => {
  const repository = await makeRepository();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bundles-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(repository.folder, 'b.json'), join(folder, 'b.json'));
  expect(await repository.sluiceIn(folder, 'diff', 'b.json', 'b.json')).toMatchObject({ code: 0 });
});

const PARTIAL = `[extensions]
  partialClone = o
[remote "o"]
  url = "ext::sh -c ./trap.sh"
  promisor = true
  partialclonefilter = blob:none
[protocol "ext"]
  allow = always
[core]
  repositoryformatversion = 1
`;
const MISSING = 'deadbeef'.repeat(5);

test('a commit that is not there is not fetched, whatever the settings of the repository', async () => {
  const repository = await makeRepository();
  const trap = join(repository.folder, 'sprung');
  writeFileSync(join(repository.folder, 'trap.sh'), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 });
  writeFileSync(join(repository.folder, '.git/config'), PARTIAL);
  expect((await repository.sluice('diff', 'main', 'evil', '--gate')).code).toBe(1);
  expect(await repository.sluice('diff', MISSING, 'evil')).toMatchObject({ code: 2 });
  expect(existsSync(trap)).toBe(false);
  // It is one: git itself falls into it.
  spawnSync('git', ['cat-file', '-p', MISSING], { cwd: repository.folder });
  expect(existsSync(trap)).toBe(true);
}, 30_000);

test('a folder of a pull request that looks like a repository is none', async () => {
  const repository = await makeRepository();
  const inner = join(repository.folder, 'connectors');
  for (const name of ['objects', 'refs/heads']) mkdirSync(join(inner, name), { recursive: true });
  writeFileSync(join(inner, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(inner, 'config'), '[core]\n  bare = true\n  repositoryformatversion = 0\n');
  expect(await repository.sluiceIn(inner, 'diff', 'main', 'evil', '--dir', '.')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('cannot use bare repository'),
  });
});

test('a secret of another connector is found, whatever is compared and however little', async () => {
  const repository = new GitRepository();
  onTestFinished(() => repository.remove());
  repository.write('connectors/shop.yaml', connector('shop', SIGNED.replace('_A', '_SHOP')));
  // Names that only begin or end like it are others.
  repository.write('connectors/long.yaml', connector('long', SIGNED.replace('_A', '_SHOP_2')));
  repository.write('connectors/orders.yaml', connector('orders', SIGNED));
  repository.commit('main');
  expect((await repository.sluice('build', '--out', 'main.json')).code).toBe(0);
  const two = '[{ env: SLUICE_SECRET_A }, { env: SLUICE_SECRET_SHOP }]';
  repository.write(
    'connectors/orders.yaml',
    connector('orders', SIGNED.replace('{ env: SLUICE_SECRET_A }', two)),
  );
  repository.commit('two');
  expect((await repository.sluice('build', '--out', 'two.json')).code).toBe(0);
  const sides = [
    ['main', 'two'],
    ['main', '.'],
    ['./main.json', './two.json'],
    ['./main.json', 'two'],
  ];
  for (const [old = '', current = ''] of sides)
    for (const only of [[], ['--connector', 'orders']]) {
      const { code, stdout } = await repository.sluice('diff', old, current, '--gate', ...only);
      expect(code, `${old} ${current} ${only.join(' ')}`).toBe(1);
      expect(stdout).toContain('env:SLUICE_SECRET_SHOP is used by shop: whoever');
    }
}, 60_000);
