/** Runs git, bounded and without anything that asks, writes, fetches or starts other programs. In: arguments. Out: what it printed. */
import { spawn } from 'node:child_process';

export type GitResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

export interface GitPlace {
  /** Where git is started: any folder of the repository. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Of a listing, in bytes: about 150 for each file. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

export interface GitOutput {
  readonly code: number | null;
  readonly output: Buffer;
  /** The first line that it complained with. */
  readonly error: string;
}

/** Of what git complains with, in characters. */
const MAX_ERROR = 4096;

/**
 * Come before the command: no pager, no replaced objects, no hooks, no file system monitor, no transport. A folder that only looks like a
 * repository counts as none: a pull request can hold one, with settings of its own.
 */
export const SAFE_GIT_ARGUMENTS: readonly string[] = [
  '--no-pager',
  '--no-replace-objects',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'safe.bareRepository=explicit',
    'protocol.allow=never',
  ].flatMap((setting) => ['-c', setting]),
];

/** Of git's variables, those that only say which settings of the machine are read, and where git stops looking. */
const KEPT_VARIABLES: ReadonlySet<string> = new Set([
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CEILING_DIRECTORIES',
]);

/** The environment for git: nothing that names another repository, index or objects; it asks nobody, locks nothing, fetches nothing that is missing, and speaks English. */
export function safeGitEnvironment(env: GitPlace['env']): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => !name.startsWith('GIT_') || KEPT_VARIABLES.has(name));
  return {
    ...Object.fromEntries(own),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    // Empty: no protocol, whatever the settings of a repository allow.
    GIT_ALLOW_PROTOCOL: '',
    LC_ALL: 'C',
  };
}

/** `limit`: of what git may print, in bytes; `index`: a file instead of the repository's index. Resolves once it has ended, however it ends. */
export function runGit(
  { cwd, env }: GitPlace,
  args: readonly string[],
  {
    input = '',
    limit = MAX_OUTPUT_BYTES,
    index,
  }: { readonly input?: string; readonly limit?: number; readonly index?: string } = {},
): Promise<GitResult<GitOutput>> {
  return new Promise((resolve) => {
    const child = spawn('git', [...SAFE_GIT_ARGUMENTS, ...args], {
      cwd,
      env: { ...safeGitEnvironment(env), ...(index === undefined ? {} : { GIT_INDEX_FILE: index }) },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let error = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      error = (error + text).slice(0, MAX_ERROR);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({
        ok: false,
        message: error.code === 'ENOENT' ? 'git is not installed: give bundle files' : String(error),
      }),
    );
    child.on('close', (code) =>
      resolve(
        size > limit
          ? {
              ok: false,
              message: 'git says more than fits: are there other files below the connectors folder?',
            }
          : {
              ok: true,
              value: { code, output: Buffer.concat(chunks), error: error.split('\n', 1)[0] ?? '' },
            },
      ),
    );
    // It may end before it has read everything.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
