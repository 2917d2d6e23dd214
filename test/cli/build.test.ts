/** Where build writes to, and what it says of a place that takes no file. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { unpackFixture } from '../fixture-file.ts';
import { GitRepository } from './git-repository.ts';

const CONNECTORS = join(unpackFixture('ok/minimal', afterAll), 'connectors');

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-build-'));
  const folder = cwd;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(CONNECTORS, join(cwd, 'connectors'), { recursive: true });
});

async function build(out: string, ...more: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const env = { PATH: process.env.PATH };
  const code = await runProgram(['build', '--out', out, ...more], { stdout, stderr, env, cwd });
  return { code, said: String(stderr.read() ?? '') };
}

test('makes the folders above the bundle, and the same bytes each time', async () => {
  expect(await build('a/b/one.json')).toMatchObject({ code: 0 });
  expect(await build('two.json')).toMatchObject({ code: 0 });
  expect(readFileSync(join(cwd, 'two.json'))).toEqual(readFileSync(join(cwd, 'a/b/one.json')));
});

test('says what is in the way, and leaves nothing beside it', async () => {
  mkdirSync(join(cwd, 'folder'));
  writeFileSync(join(cwd, 'file'), '');
  const advice = 'name a file in a folder that this user may write to\n';
  expect(await build('folder')).toEqual({
    code: 2,
    said: expect.stringContaining(`"folder" cannot be written (it is a folder): ${advice}`),
  });
  expect(await build('file/bundle.json')).toEqual({
    code: 2,
    said: expect.stringMatching(/"file\/bundle\.json" cannot be written \((EEXIST|ENOTDIR)\): name a file/),
  });
  expect(readdirSync(cwd).sort()).toEqual(['connectors', 'file', 'folder']);
});

test('a sequence that is none builds nothing', async () => {
  expect(await build('one.json', '--sequence', 'newest')).toEqual({
    code: 2,
    said: expect.stringContaining('"newest" is not a sequence: give a whole number'),
  });
  expect(readdirSync(cwd)).toEqual(['connectors']);
});

/** A commit of 1970 that git would verify with a program of the folder, in files that make the folder a bare repository. */
function plantRepository(folder: string): void {
  const git = (args: string[], input = ''): string =>
    execFileSync('git', ['--git-dir', join(cwd, 'planted.git'), ...args], { input, encoding: 'utf8' }).trim();
  git(['init', '-q', '--bare', '-b', 'main']);
  const person = 'a <a@example.com> 1 +0000';
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----';
  const tree = git(['hash-object', '-t', 'tree', '-w', '--stdin']);
  const text = `tree ${tree}\nauthor ${person}\ncommitter ${person}\n${signature}\n\nplanted\n`;
  const commit = git(['hash-object', '-t', 'commit', '-w', '--stdin'], text);
  git(['update-ref', 'refs/heads/main', commit]);
  git(['config', 'log.showSignature', 'true']);
  git(['config', 'gpg.program', './run.sh']);
  git(['config', 'core.fsmonitor', './run.sh']);
  writeFileSync(join(folder, 'run.sh'), `#!/bin/sh\ntouch ${join(cwd, 'was-run')}\n`, { mode: 0o755 });
  for (const name of ['HEAD', 'config', 'objects', 'refs'])
    cpSync(join(cwd, 'planted.git', name), join(folder, name), { recursive: true });
  rmSync(join(cwd, 'planted.git'), { recursive: true });
  // It would: this is what git makes of it when nobody tells it not to.
  execFileSync('git', ['-C', folder, 'log', '-1'], { stdio: 'ignore' });
  expect(readdirSync(cwd)).toContain('was-run');
  rmSync(join(cwd, 'was-run'));
}

test('a repository that is planted among the connectors names no commit and runs nothing', async () => {
  const commit = [
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@example.com',
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'a',
  ];
  execFileSync('git', ['-C', cwd, 'init', '-q']);
  execFileSync('git', ['-C', cwd, ...commit]);
  const head = execFileSync('git', ['-C', cwd, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  plantRepository(join(cwd, 'connectors'));
  expect(await build('bundle.json')).toMatchObject({ code: 0 });
  expect(readFileSync(join(cwd, 'bundle.json'), 'utf8')).toContain(`"revision":"${head}-dirty"`);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const inside = { stdout, stderr, env: { PATH: process.env.PATH }, cwd: join(cwd, 'connectors') };
  expect(await runProgram(['build', '.', '--out', '../inside.json'], inside)).toBe(0);
  expect(readFileSync(join(cwd, 'inside.json'), 'utf8')).toContain('"revision":"unversioned"');
  expect(readdirSync(cwd)).not.toContain('was-run');
});

test('a link beside the bundle is not written through', async () => {
  writeFileSync(join(cwd, 'precious'), 'as it was');
  symlinkSync('precious', join(cwd, `bundle.json.${process.pid}.partial`));
  expect(await build('bundle.json')).toMatchObject({ code: 0 });
  expect(readFileSync(join(cwd, 'precious'), 'utf8')).toBe('as it was');
});

describe('in a repository', () => {
  function commit() {
    const repository = new GitRepository();
    onTestFinished(() => repository.remove());
    repository.replaceConnectors(CONNECTORS);
    repository.write('notes.md', 'not a connector');
    repository.commit('first');
    const head = repository.git('rev-parse', 'HEAD');
    const build = async () => {
      const run = await repository.sluice('build', '--out', 'dist/bundle.json', '--json');
      return { ...run, revision: (JSON.parse(run.stdout) as { revision: string }).revision };
    };
    return { repository, head, build };
  }

  test('what is committed is built as that commit, whatever else has changed', async () => {
    const { repository, head, build } = commit();
    repository.write('notes.md', 'changed');
    repository.write('connectors/.hidden.yaml', 'an editor wrote it');
    expect(await build()).toMatchObject({ revision: head, stderr: '' });
  });

  test.each([
    [
      'changed',
      (repository: GitRepository, file: string) => repository.write(file, '{"id": 1, "user": "u"}'),
    ],
    ['added', (repository: GitRepository) => repository.write('connectors/more/sample.json', '{}')],
    [
      'ignored by git',
      (repository: GitRepository) => {
        repository.write('.gitignore', 'secret.json');
        repository.git('add', '.gitignore');
        repository.write('connectors/secret.json', '{}');
      },
    ],
    [
      'removed',
      (repository: GitRepository) => repository.git('rm', '--quiet', '--cached', '-r', 'connectors'),
    ],
  ] as const)('a file that is %s makes it no commit', async (_, change) => {
    const { repository, head, build } = commit();
    const [file = ''] = repository.git('ls-files', 'connectors/*.json', 'connectors/*.yaml').split('\n');
    const before = readFileSync(join(repository.folder, file), 'utf8');
    change(repository, file);
    if (_ === 'changed') repository.write(file, `${before}\n`);
    const built = await build();
    expect(built.revision).toBe(`${head}-dirty`);
    expect(built.stderr).toContain('not as the last commit');
  });
});
