// The workflow that `init` writes, run: its shell steps, in a repository with a base and a change. Only what needs GitHub
// or the registry is played: checkouts, the installation, uploads.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Scratch } from '../cli/new/workspace.ts';
import { runJob, type StepResult } from './runner.ts';

const root = join(import.meta.dirname, '../..');
const MAIN = join(root, 'src/cli/main.ts');
const workflow = readFileSync(join(root, 'src/cli/templates/github/workflows/connectors.yml'), 'utf8');
/** `sluice diff` has its own tests; where this tree does not have it yet, its step is left out. */
const hasDiff = existsSync(join(root, 'src/cli/commands/diff.ts'));

const WRITER = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

/** A repository as `init` makes it, with a branch `change` and its merge, as GitHub makes it. */
class Repository extends Scratch {
  async begin(change: (repository: Repository) => void): Promise<void> {
    await this.sluice(['init', 'repo']);
    this.git('init', '--quiet', '--initial-branch=main');
    this.commit('base');
    this.git('checkout', '--quiet', '-b', 'change');
    change(this);
    this.commit('change');
    this.git('checkout', '--quiet', '--detach', 'main');
    this.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'change');
    this.git('branch', 'merged');
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.path('repo'),
      encoding: 'utf8',
      env: { ...process.env, ...WRITER, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    }).trim();
  }

  commit(message: string): void {
    // -f: a hostile change has what .gitignore names.
    this.git('add', '-Af');
    this.git('commit', '--quiet', '-m', message);
  }

  checkOut(commit: string, path: string): void {
    this.git('worktree', 'add', '--quiet', '--detach', join(this.folder, 'work', path), commit);
  }

  /** What `npm ci` would link. */
  install(folder: string): void {
    const bin = this.path(join('work', folder, 'node_modules/.bin'));
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'sluice'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    chmodSync(join(bin, 'sluice'), 0o755);
  }

  review(): readonly StepResult[] {
    mkdirSync(this.path('work'), { recursive: true });
    return runJob(workflow, 'review', {
      cwd: this.path('work'),
      env: {},
      expressions: { 'github.event.pull_request.base.sha': this.git('rev-parse', 'main') },
      play: (name, step) => {
        if (step.uses?.startsWith('actions/checkout@')) {
          const ref = step.with?.ref?.includes('base.sha') ? 'main' : 'merged';
          this.checkOut(ref, step.with?.path ?? '.');
          return true;
        }
        if (name === 'Install the tool of the base branch') this.install('base');
        return (
          step.uses !== undefined ||
          step.run?.startsWith('npm ci') === true ||
          (name === 'Compare' && !hasDiff)
        );
      },
    });
  }
}

const codes = (results: readonly StepResult[]): Record<string, number | null> =>
  Object.fromEntries(results.map(({ name, code }) => [name, code]));
const outputOf = (results: readonly StepResult[], step: string): string =>
  results.find(({ name }) => name === step)?.output ?? '';

test('a sound change passes, and its bundle is built', async () => {
  const repository = new Repository();
  await repository.begin((one) => {
    const file = 'repo/connectors/order-paid/connector.yaml';
    one.write(file, one.read(file).replace('owner: shop', 'owner: orders'));
  });
  const results = repository.review();
  expect(results.filter(({ code }) => code !== 0)).toEqual([]);
  expect(outputOf(results, 'Test')).toContain('5 passed, 0 failed');
  expect(repository.read('work/.runner/review/bundle.json')).toContain('"owner":"orders"');
  if (hasDiff) expect(repository.read('work/.runner/review/diff.md')).toContain('order-paid');
}, 240_000);

test('a broken change fails with annotations at its lines, and everything is reported', async () => {
  const repository = new Repository();
  await repository.begin((one) => {
    const file = 'repo/connectors/order-paid/connector.yaml';
    one.write(file, one.read(file).replace('$.customer.id', '$.customr.id'));
  });
  const results = repository.review();
  expect(codes(results)).toMatchObject({ Check: 1, Test: 1, Build: 1 });
  expect(outputOf(results, 'Check')).toMatch(
    /^::error file=connectors\/order-paid\/connector\.yaml,line=\d+/m,
  );
  expect(codes(results)['Hand the comparison on']).toBe(0);
}, 240_000);

test('nothing that a change brings is run, or believed', async () => {
  const repository = new Repository();
  const evil = '#!/bin/sh\ntouch "$RUNNER_TEMP/../pwned"\n';
  await repository.begin((one) => {
    for (const path of [
      'node_modules/.bin/sluice',
      'node_modules/.bin/git',
      'base/node_modules/.bin/sluice',
    ]) {
      one.write(`repo/${path}`, evil);
      chmodSync(one.path(`repo/${path}`), 0o755);
    }
    one.write('repo/node_modules/.cache/sluice/connectors.json', '{}');
    one.write('repo/package.json', { scripts: { preinstall: 'touch pwned', prepare: 'touch pwned' } });
    one.write('repo/.npmrc', 'script-shell=./node_modules/.bin/sluice\n');
    one.write('repo/sluice.config.js', 'require("node:fs").writeFileSync("pwned", "")');
  });
  const results = repository.review();
  expect(codes(results)).toMatchObject({ Check: 0, Test: 0, Build: 0 });
  expect(repository.files().filter((file) => file.endsWith('pwned'))).toEqual([]);
  expect(existsSync(repository.path('work/change/node_modules'))).toBe(false);
}, 240_000);

test('what is merged is built, and signed where there is a key', async () => {
  const repository = new Repository();
  await repository.begin((one) => one.write('repo/notes.txt', 'x'));
  mkdirSync(repository.path('work'), { recursive: true });
  repository.checkOut('merged', '.');
  repository.install('.');
  expect((await repository.sluice(['keys', 'signing.key'])).code).toBe(0);
  for (const key of ['', repository.read('signing.key')]) {
    const results = runJob(workflow, 'bundle', {
      cwd: repository.path('work'),
      env: {},
      expressions: { 'secrets.SLUICE_SIGNING_KEY': key },
      play: (name, step) => step.uses !== undefined || name === 'Install',
    });
    expect(results.filter(({ code }) => code !== 0)).toEqual([]);
    const [manifest = ''] = repository.read('work/dist/bundle.json').split('\n');
    expect(manifest.includes('"signature')).toBe(key !== '');
    expect(JSON.parse(repository.read('work/.runner/sluice.sarif')).version).toBe('2.1.0');
    expect(JSON.stringify(results)).not.toContain('PRIVATE');
  }
}, 240_000);
