/** `sluice diff`: what its sides may be, and what hostile ones cannot do. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectorFile, connectorFiles } from '../compiler/folder.ts';
import { GitRepository } from './git-repository.ts';

/** A repository whose main has these connectors. */
function makeRepository(...ids: string[]): GitRepository {
  const repository = new GitRepository();
  onTestFinished(() => repository.remove());
  for (const [path, content] of Object.entries(connectorFiles(...ids)))
    repository.write(`connectors/${path}`, content);
  repository.commit('main');
  return repository;
}

interface Json {
  readonly ok: boolean;
  readonly changes: { readonly connector: string; readonly kind: string; readonly message: string }[];
  readonly samples: { readonly connector: string }[];
  readonly unchanged: number;
  readonly diagnostics: { readonly code: string; readonly file: string }[];
  readonly notes: string[];
}

async function diffJson(
  repository: GitRepository,
  ...argv: string[]
): Promise<Json & { readonly code: number }> {
  const { code, stdout, stderr } = await repository.sluice('diff', ...argv, '--json');
  expect(stderr).toBe('');
  return { code, ...(JSON.parse(stdout) as Json) };
}

const kindsOf = ({ changes }: Json) => changes.map(({ connector, kind }) => `${connector}: ${kind}`);

test('the working tree against a commit, in either direction', async () => {
  const repository = makeRepository('a', 'b');
  const same = await diffJson(repository, 'HEAD', '.');
  expect(same).toMatchObject({ code: 0, ok: true, changes: [], samples: [], unchanged: 2 });
  repository.write('connectors/a/connector.yaml', connectorFile('a', 'owner: shop\n'));
  expect(kindsOf(await diffJson(repository, 'HEAD', '.'))).toEqual(['a: owner-changed']);
  expect(kindsOf(await diffJson(repository, '.', 'main'))).toEqual(['a: owner-changed']);
  expect(kindsOf(await diffJson(repository, 'HEAD', '.', '--connector', 'b'))).toEqual([]);
  expect(kindsOf(await diffJson(repository, 'HEAD', '.', '--connector', 'a'))).toEqual(['a: owner-changed']);
}, 60_000);

test('connectors in another folder, and a first pull request that has none before', async () => {
  const repository = new GitRepository();
  onTestFinished(() => repository.remove());
  repository.write('README.md', 'nothing yet\n');
  repository.commit('empty');
  for (const [path, content] of Object.entries(connectorFiles('a')))
    repository.write(`hooks/${path}`, content);
  repository.write('hooks/README.md', 'not a connector\n');
  repository.commit('first');
  const added = await diffJson(repository, 'empty', 'first', '--dir', 'hooks');
  expect(kindsOf(added)).toEqual(['a: connector-added']);
  expect(added.unchanged).toBe(0);
  const nothing = await repository.sluice('diff', 'empty', 'first');
  expect(nothing).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--dir') });
  const outside = await repository.sluice('diff', 'empty', 'first', '--dir', '../elsewhere');
  expect(outside).toMatchObject({ code: 2, stderr: expect.stringContaining('outside') });
}, 60_000);

test.each([
  ['an unknown ref', ['nowhere', 'main'], /"nowhere" is neither a commit .* nor a bundle/],
  ['a file that is no bundle', ['connectors/a/one.json', 'main'], /neither a commit .* nor a bundle/],
  ['an empty ref', ['', 'main'], /neither a commit/],
  ['terminal controls in a ref', ['\u001b[31mred', 'main'], /"\\u\{1b\}\[31mred" is neither/],
  ['samples without a bundle', ['main', 'main', '--samples', 'connectors'], /--samples is for bundles/],
  [
    'an unknown connector',
    ['main', '.', '--connector', 'aa'],
    /no connector "aa" on either side; did you mean "a"\?/,
  ],
  ['something like an option', ['--output=/tmp/sluice-diff-option', 'main'], /unknown option/],
])('%s is wrong usage', async (_, argv, message) => {
  const repository = makeRepository('a');
  expect(await repository.sluice('diff', ...argv)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(message),
  });
});

test('a branch that is named like an option is a branch', async () => {
  const repository = makeRepository('a');
  repository.git('update-ref', 'refs/heads/--output=written', 'HEAD');
  const result = await repository.sluice('diff', '--json', '--', '--output=written', 'main');
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(result.stdout)).toMatchObject({ old: '--output=written', changes: [], unchanged: 1 });
  expect(existsSync(join(repository.folder, 'written'))).toBe(false);
});

test('of the full name of a commit people see its beginning', async () => {
  const repository = makeRepository('a');
  const commit = repository.git('rev-parse', 'main');
  const { stdout } = await repository.sluice('diff', commit, 'main');
  expect(stdout).toMatch(new RegExp(`^${commit.slice(0, 12)} -> main$`, 'm'));
});

test('a damaged bundle is wrong usage', async () => {
  const repository = makeRepository('a');
  expect((await repository.sluice('build', '--out', 'b.json')).code).toBe(0);
  const bytes = readFileSync(join(repository.folder, 'b.json'), 'utf8');
  repository.write('b.json', bytes.replace('BkX2pQ', 'BkX2pR'));
  const { code, stderr } = await repository.sluice('diff', 'b.json', 'main');
  expect(code).toBe(2);
  expect(stderr).toMatch(/"b.json" is a damaged bundle: the content has the digest/);
});

test('errors of the new side are reported and exit 1; those of the old side make it unknown', async () => {
  const repository = makeRepository('a', 'b');
  repository.write('connectors/a/connector.yaml', connectorFile('a', 'colour: red\n'));
  repository.commit('broken');
  const forth = await diffJson(repository, 'main', 'broken');
  expect(forth).toMatchObject({
    code: 1,
    ok: false,
    diagnostics: [{ code: 'key-unknown', file: 'connectors/a/connector.yaml' }],
    unchanged: 1,
  });
  expect(kindsOf(forth)).toEqual(['a: connector-broken']);
  const pretty = await repository.sluice('diff', 'main', 'broken');
  expect(pretty).toMatchObject({ code: 1, stderr: expect.stringContaining('[key-unknown]') });
  const back = await diffJson(repository, 'broken', 'main', '--gate');
  expect(back).toMatchObject({
    code: 0,
    ok: true,
    diagnostics: [],
    notes: [expect.stringContaining('errors in a')],
  });
  expect(kindsOf(back)).toEqual(['a: connector-unknown-before']);
}, 60_000);

test('nothing of the repository runs, and nothing is read through its links', async () => {
  const repository = makeRepository('a');
  const trap = join(repository.folder, 'trap');
  writeFileSync(join(repository.folder, '.gitattributes'), '* filter=trap diff=trap\n');
  for (const name of ['filter.trap.smudge', 'filter.trap.clean', 'diff.trap.textconv', 'core.fsmonitor'])
    repository.git('config', name, `touch ${trap} && cat`);
  mkdirSync(join(repository.folder, '.git/hooks'), { recursive: true });
  writeFileSync(join(repository.folder, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${trap}\n`, {
    mode: 0o755,
  });
  writeFileSync(join(repository.folder, 'secret.json'), '{ "id": "evt_1", "password": "hunter2" }');
  symlinkSync('../../secret.json', join(repository.folder, 'connectors/a/link.json'));
  symlinkSync('/etc', join(repository.folder, 'connectors/etc'));
  repository.write('connectors/a/connector.yaml', connectorFile('a').replace('one.json', 'link.json'));
  const environment = { GIT_CONFIG_GLOBAL: '/dev/null', PATH: process.env.PATH };
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'core.fsmonitor=false', '-c', 'filter.trap.clean=cat', ...args], {
      cwd: repository.folder,
      env: environment,
    });
  git('add', '--all');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'hostile');
  expect(existsSync(trap)).toBe(false);
  for (const sides of [
    ['main', 'HEAD'],
    ['main', '.'],
  ]) {
    const result = await repository.sluice('diff', ...(sides as [string, string]), '--json');
    expect(result.code).toBe(1);
    expect(result.stdout).not.toContain('hunter2');
    const { diagnostics } = JSON.parse(result.stdout) as Json;
    // In the commit, its attributes would change the two files of the connector and the other one, too.
    expect(diagnostics.map(({ code }) => code)).toEqual([
      ...Array(sides[1] === 'HEAD' ? 4 : 1).fill('entry-refused'),
      'reference-symlink',
      'reference-symlink',
    ]);
    expect(existsSync(trap)).toBe(false);
  }
}, 60_000);

test('a tree that no checkout would write is refused', async () => {
  const repository = makeRepository('a');
  const object = (type: string, content: Buffer): string =>
    execFileSync('git', ['hash-object', '-w', '-t', type, '--stdin', '--literally'], {
      cwd: repository.folder,
      input: content,
    })
      .toString()
      .trim();
  const entry = (mode: string, name: string, id: string): Buffer =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);
  const blob = object('blob', Buffer.from('escaped\n'));
  const inner = object('tree', entry('100644', 'sluice-escaped', blob));
  const connector = object('tree', entry('40000', '..', inner));
  const connectors = object('tree', entry('40000', 'a', connector));
  const top = object('tree', entry('40000', 'connectors', connectors));
  const commit = repository.git('commit-tree', top, '-m', 'escape');
  const result = await repository.sluice('diff', 'main', commit);
  expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('leads out of its folder') });
});

test('a file that is too large is refused by its size, and no temporary folder stays', async () => {
  const repository = makeRepository('a');
  repository.write('connectors/a/one.json', `["${'x'.repeat(3 * 1024 * 1024)}"]`);
  repository.commit('large');
  const temporary = join(repository.folder, 'temporary');
  mkdirSync(temporary);
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { code, diagnostics } = await diffJson(repository, 'main', 'large');
  expect(code).toBe(1);
  expect(diagnostics).toMatchObject([{ code: 'file-too-large' }]);
  expect(readdirSync(temporary)).toEqual([]);
}, 60_000);

test('only connectors whose files differ are compiled', async () => {
  const repository = makeRepository('a', 'b', 'c');
  // It would be an error, if it were looked at.
  repository.write('connectors/b/connector.yaml', 'mapping: [');
  repository.commit('old');
  repository.write('connectors/a/connector.yaml', connectorFile('a', 'owner: shop\n'));
  repository.commit('new');
  const result = await diffJson(repository, 'old', 'new');
  expect(result).toMatchObject({ code: 0, unchanged: 2, diagnostics: [], notes: [] });
  expect(kindsOf(result)).toEqual(['a: owner-changed']);
  expect(new Set(result.samples.map(({ connector }) => connector))).toEqual(new Set(['a']));
}, 60_000);

const SHARED = {
  'connectors/shop.yaml': `apiVersion: sluice/v1
id: shop
status: live
mapping: none
security: { signature: { preset: stripe, sharedSecret: { env: SLUICE_SECRET_SHOP } } }
`,
  'connectors/refunds.yaml': `apiVersion: sluice/v1
id: refunds
actionFlow: Refund
status: live
eventsOf: shop
sample: { id: evt_1, kind: refund, user: user_7, total: 3 }
when: [{ path: $.kind, equals: refund }]
idempotency: { path: $.id }
mapping: { targetUserIds: $.user }
`,
};

test('connectors that share a URL are compared together, whichever file changes', async () => {
  const repository = makeRepository('a');
  const { 'connectors/shop.yaml': shop, 'connectors/refunds.yaml': refunds } = SHARED;
  for (const [path, text] of Object.entries(SHARED)) repository.write(path, text);
  repository.commit('old');
  repository.write(
    'connectors/refunds.yaml',
    refunds.replace('$.user }', '$.user, metadata: { total: $.total } }'),
  );
  repository.commit('member');
  const member = await diffJson(repository, 'old', 'member');
  expect(member).toMatchObject({ code: 0, diagnostics: [], unchanged: 2 });
  expect(kindsOf(member)).not.toContainEqual(expect.stringMatching(/security|signature|plan-changed/));
  // Its case or sample is proven as the URL says.
  expect(member.samples.map(({ connector }) => connector)).toEqual(['refunds']);

  repository.write('connectors/refunds.yaml', refunds);
  // Only refunds.yaml differs; how its events are proven from now on stands in a file that does not.
  const open = shop.replace(/security: .*/, 'security: { unauthenticated: sensors on our own network }');
  const signed = shop.slice(shop.indexOf('security:'));
  repository.write('connectors/shop.yaml', open);
  repository.write('connectors/refunds.yaml', refunds.replace('eventsOf: shop\n', signed));
  repository.write('connectors/others.yaml', refunds.replaceAll('refund', 'other'));
  repository.commit('own');
  repository.write('connectors/refunds.yaml', refunds);
  repository.commit('joins');
  const joins = await diffJson(repository, 'own', 'joins');
  expect(kindsOf(joins)).toEqual(expect.arrayContaining(['refunds: signature-removed']));
  const alone = await diffJson(repository, 'own', 'joins', '--connector', 'refunds');
  expect(kindsOf(alone)).toEqual(kindsOf(joins));
  expect(new Set(alone.changes.map(({ connector }) => connector))).toEqual(new Set(['refunds']));

  repository.write('connectors/refunds.yaml', refunds);
  repository.write('connectors/shop.yaml', shop.replace('live', 'disabled'));
  repository.commit('disabled');
  const disabled = JSON.parse((await repository.sluice('diff', 'old', 'disabled', '--json')).stdout);
  expect(disabled).toMatchObject({
    diagnostics: [{ code: 'events-of-invalid' }, { code: 'events-of-invalid' }],
  });
}, 60_000);

test('a comment stays under the limit of GitHub, and says what it leaves out', async () => {
  const repository = makeRepository('a');
  const many = Array.from({ length: 400 }, (_, index) => `c${index}`);
  for (const id of many) {
    repository.write(
      `connectors/${id}.yaml`,
      connectorFile(id).replace(/samples.*\n/, 'sample: { user: { id: u }, amount: 1, note: x }\n'),
    );
  }
  repository.commit('many');
  const { stdout } = await repository.sluice('diff', 'main', 'many', '--format', 'markdown');
  expect(stdout.length).toBeLessThan(65_536);
  expect(stdout.length).toBeGreaterThan(50_000);
  const shown = stdout.match(/^<summary>/gm)?.length ?? 0;
  expect(stdout).toContain(`**${400 - shown} more connectors differ**`);
  expect(stdout.match(/<details/g)).toHaveLength(stdout.match(/<\/details>/g)?.length ?? 0);
}, 120_000);

test('text of files is no command to the runner of a CI job', async () => {
  const repository = makeRepository('a');
  repository.write('connectors/a/connector.yaml', connectorFile('a', 'owner: "##[error]shop"\n'));
  const { stdout } = await repository.sluice('diff', 'main', '.');
  expect(stdout).toContain('#\\u{23}[error]shop');
  expect(stdout).not.toContain('##[');
}, 60_000);
