/** A git repository for one test, with nobody's settings. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runProgram } from '../../src/cli/program.ts';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class GitRepository {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-git-')));
  readonly #env = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };

  constructor() {
    this.git('init', '--quiet', '--initial-branch=work');
  }

  git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.folder, env: this.#env, encoding: 'utf8' }).trim();
  }

  write(path: string, content: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Makes `folder` the whole content of connectors/. */
  replaceConnectors(folder: string): void {
    rmSync(join(this.folder, 'connectors'), { recursive: true, force: true });
    cpSync(folder, join(this.folder, 'connectors'), { recursive: true });
  }

  /** Commits everything, and gives the commit a branch. */
  commit(branch: string): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', branch);
    this.git('branch', '--force', branch);
  }

  async sluice(...argv: string[]): Promise<Run> {
    return this.sluiceIn(this.folder, ...argv);
  }

  /** In another folder. */
  async sluiceIn(cwd: string, ...argv: string[]): Promise<Run> {
    return this.#run(cwd, {}, argv);
  }

  /** With more variables. */
  async sluiceWith(variables: Readonly<Record<string, string>>, ...argv: string[]): Promise<Run> {
    return this.#run(this.folder, variables, argv);
  }

  async #run(
    cwd: string,
    variables: Readonly<Record<string, string>>,
    argv: readonly string[],
  ): Promise<Run> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const code = await runProgram(argv, { stdout, stderr, env: { ...this.#env, ...variables }, cwd });
    return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
