// `serve` as it is deployed: a process of its own, a bundle, the log target unless another is asked for.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');

export interface Serving {
  readonly url: string;
  readonly pid: number;
  /** Throws when the process had ended before. */
  stop(): Promise<void>;
}

export async function startServe(
  bundle: string,
  state: string,
  target: readonly string[] = ['--target', 'log'],
): Promise<Serving> {
  const args = [
    '--bundle',
    bundle,
    '--state',
    state,
    '--port',
    '0',
    '--admin-port',
    '0',
    '--host',
    '127.0.0.1',
  ];
  const child = spawn(process.execPath, [MAIN, 'serve', ...args, ...target], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(child, 'exit');
  process.once('exit', () => child.kill('SIGKILL'));
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    // Read to the end, or the process would wait for somebody who reads.
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 10_000) said += text;
      const found = /ingress (http:[^\s,]+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`serve ended\n${said}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`serve had ended with ${child.exitCode ?? child.signalCode}\n${said}`);
      }
      child.kill('SIGTERM');
      await exit;
    },
  };
}
