// A state folder that came with somebody else's files: nothing below it is written to, whatever it is made to look like.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GitRepository, type Run } from './git-repository.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const VICTIM = '# mine\n';

let repository: GitRepository;
let state: string;

beforeEach(() => {
  repository = new GitRepository();
  repository.write('connectors/orders/connector.yaml', CONNECTOR);
  repository.write('connectors/orders/sample.json', '{"id":"a","user":"u"}\n');
  repository.write('victim.rc', VICTIM);
  mkdirSync(join(repository.folder, 'outside'));
  state = join(repository.folder, '.sluice/state');
});
afterEach(() => repository.remove());

const CONNECTOR = `apiVersion: sluice/v1
id: orders
actionFlow: F1
samples: [sample.json]
mapping: { targetUserIds: $.user }
idempotency: { path: $.id }
`;

const PORTS = ['--port', '0', '--admin-port', '0', '--host', '127.0.0.1'];

/** Where a runtime starts nevertheless, the test takes too long. */
function start(...args: string[]): Promise<Run> {
  return repository.sluice(...args, '--state', state, ...PORTS);
}

function expectNothingWritten(): void {
  expect(readFileSync(join(repository.folder, 'victim.rc'), 'utf8')).toBe(VICTIM);
  expect(readdirSync(join(repository.folder, 'outside'))).toEqual([]);
}

const HOSTILE: readonly (readonly [what: string, make: () => void, named: string])[] = [
  ['a link in place of a file', () => link('../../victim.rc', 'triggers.ndjson'), 'triggers.ndjson'],
  ['a link in place of a folder', () => link('../../outside', 'held'), 'held'],
  ['a link to nothing yet', () => link('../../outside/new', 'overlay.json'), 'overlay.json'],
  ['a link in place of the lock', () => link('../../victim.rc', 'owner.lock'), 'owner.lock'],
];

const HOSTILE_WAYS: typeof HOSTILE = [
  ['the folder as a link', () => linkAt('../outside', '.sluice/state'), '.sluice/state'],
  ['a link on the way to it', () => linkAt('outside', '.sluice'), '.sluice'],
];

function link(target: string, name: string): void {
  linkAt(target, `.sluice/state/${name}`);
}

function linkAt(target: string, path: string): void {
  mkdirSync(join(repository.folder, path, '..'), { recursive: true, mode: 0o700 });
  symlinkSync(target, join(repository.folder, path));
}

test.each([...HOSTILE, ...HOSTILE_WAYS])(
  'dev takes no state folder of a commit: %s',
  async (_, make, named) => {
    make();
    repository.commit('hostile');
    const { code, stderr } = await start('dev', 'connectors');
    expect(stderr).toContain(`git tracks "${named.startsWith('.') ? named : `.sluice/state/${named}`}"`);
    expect(code).toBe(1);
    expectNothingWritten();
  },
);

test.each(HOSTILE)('nor one that came without git: %s', async (_, make, named) => {
  make();
  const { code, stderr } = await start('dev', 'connectors');
  expect(stderr).toContain(`${named}" is a symbolic link`);
  expect(stderr).toContain("run: rm '");
  expect(code).toBe(1);
  expectNothingWritten();
});

// What is the default is relative to where the program runs: that takes a program.
test.each(HOSTILE_WAYS)(
  'nor one that is reached by a link: %s',
  (_, make, named) => {
    make();
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'dev', 'connectors', ...PORTS], {
      cwd: repository.folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: repository.folder },
      timeout: 100_000,
      killSignal: 'SIGKILL',
    });
    expect(stderr).toContain(`"${named}" is a symbolic link`);
    expect(status).toBe(1);
    expectNothingWritten();
  },
  120_000,
);

test.each([
  ['dev', ['dev', 'connectors', ...PORTS]],
  ['serve', ['serve', '--bundle', 'bundle.json', ...PORTS]],
  ['pause', ['pause', 'orders', '--reason', 'x', '--admin', 'http://127.0.0.1:9']],
] as const)('%s refuses files of a commit, though they are no links', async (_, args) => {
  repository.write('.sluice/state/example-secrets.json', '{"env:SLUICE_SECRET_A":"known"}');
  repository.commit('hostile');
  const { code, stderr } = await repository.sluice(...args, '--state', state);
  expect(stderr).toContain('git tracks ".sluice/state/example-secrets.json"');
  expect(code).toBe(1);
});

test.each([
  ['the folder', () => state, 0o777, 'chmod 700'],
  ['a folder in it', () => join(state, 'held'), 0o777, 'chmod 700'],
  ['a file in it', () => join(state, 'triggers.ndjson'), 0o666, 'chmod 600'],
] as const)(
  '%s that everybody may write to is refused, with the command that mends it',
  async (_, place, mode, mend) => {
    mkdirSync(join(state, 'held'), { recursive: true });
    chmodSync(state, 0o700);
    writeFileSync(join(state, 'triggers.ndjson'), '');
    chmodSync(place(), mode);
    const { code, stderr } = await start('dev', 'connectors');
    expect(stderr).toContain(`everybody may write to "${place()}"`);
    expect(stderr).toContain(`run: ${mend} '${place()}'`);
    expect(code).toBe(1);
  },
);

test('a repository that git does not look into may have brought the folder', async () => {
  repository.write('.sluice/state/example-secrets.json', '{"env:SLUICE_SECRET_A":"known"}');
  repository.commit('hostile');
  // As one that belongs to somebody else, or was made by a version that git does not know.
  repository.git('config', 'core.repositoryFormatVersion', '99');
  const { code, stderr } = await start('dev', 'connectors');
  expect(stderr).toContain("whether it came with somebody's commit is not known");
  expect(code).toBe(1);
});

test('a folder that is tracked in other letters is the same folder to some file systems', async () => {
  repository.write('.Sluice/State/example-secrets.json', '{"env:SLUICE_SECRET_A":"known"}');
  repository.commit('hostile');
  const { code, stderr } = await start('dev', 'connectors');
  expect(stderr).toContain('git tracks ".Sluice/State/example-secrets.json"');
  expect(code).toBe(1);
});
