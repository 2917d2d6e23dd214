/**
 * Runs esbuild where there is nothing to read: its process may have no more descriptors than it has once it runs, so that
 * it opens no file, whatever it is led to. In: options of a build. Out: its result, or why there is none. Never runs
 * unconfined: a system on which esbuild cannot be started like this compiles no scripts.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Esbuild from 'esbuild';
import { packageFolder } from '../bundle/tool-version.ts';

/**
 * A compilation takes milliseconds of a processor, and seconds where a hundred others want it. Text can be made to keep a
 * parser busy for ever, or to grow: this bounds memory too.
 */
export const DEADLINE_MS = 30_000;

/** Shell scripts are told what to become by variables, as esbuild's own arguments are all that it is started with. */
const SHELL = '/bin/sh';
const LAUNCHER = join(packageFolder(), 'src/compiler/esbuild-without-files.sh');

/**
 * Standard input, output and error, and what Go's runtime waits on: epoll and eventfd on Linux, kqueue alone on macOS.
 * https://github.com/golang/go/blob/go1.25.0/src/runtime/netpoll_epoll.go
 */
const DESCRIPTORS = process.platform === 'linux' ? 5 : 4;

export type Built =
  | Pick<Esbuild.BuildResult, 'errors' | 'warnings' | 'metafile' | 'outputFiles'>
  /** missing: it cannot be started here; stopped: it came to an end; late: it took longer than DEADLINE_MS. */
  | { readonly failure: 'missing' | 'stopped' | 'late' };

/** Never rejects for anything that files hold. */
export async function runEsbuild(options: Esbuild.BuildOptions): Promise<Built> {
  const program = findProgram();
  if (program === null) return { failure: 'missing' };
  const variables = { SLUICE_ESBUILD: program, SLUICE_DESCRIPTORS: String(DESCRIPTORS) };
  // Only who compiles a script pays for it, and needs it.
  loaded ??= withVariables({ ESBUILD_BINARY_PATH: LAUNCHER }, load);
  const esbuild = loaded;
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), DEADLINE_MS);
  try {
    // The process is started before the call returns.
    const built = await Promise.race([withVariables(variables, () => esbuild.build(options)), late.promise]);
    if (built !== 'late') return built;
    await esbuild.stop();
    return { failure: 'late' };
  } catch (error) {
    if (error instanceof Error && 'errors' in error) return error as unknown as Esbuild.BuildResult;
    // Ends its process, or forgets one that has ended; the next compilation starts another.
    await esbuild.stop();
    return { failure: error instanceof Error && error.message.includes('service') ? 'stopped' : 'missing' };
  } finally {
    clearTimeout(timer);
  }
}

const require = createRequire(import.meta.url);
let loaded: typeof Esbuild | undefined;

/** An instance of our own: it reads which program to start while it loads, and another may have been loaded before. */
function load(): typeof Esbuild {
  delete require.cache[require.resolve('esbuild')];
  return require('esbuild');
}

/** The program of this platform; null where it is not installed, or nothing could keep it from files. */
function findProgram(): string | null {
  if (!existsSync(SHELL)) return null;
  const own = process.env.ESBUILD_BINARY_PATH;
  if (own !== undefined) return own;
  try {
    const name = `@esbuild/${process.platform}-${process.arch}/bin/esbuild`;
    return createRequire(require.resolve('esbuild')).resolve(name);
  } catch {
    return null;
  }
}

function withVariables<T>(variables: Readonly<Record<string, string>>, action: () => T): T {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return action();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
