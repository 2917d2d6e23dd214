/** `sluice test --watch`: a process of its own, edited files, and Ctrl-C. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeOrders } from './orders-workspace.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Reads on until the text is there, and gives what came before and with it. */
class Reader {
  #text = '';
  #heard = (): void => {};

  constructor(child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text;
      this.#heard();
    });
  }

  async until(text: string): Promise<string> {
    while (!this.#text.includes(text)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#heard = resolve;
      await promise;
    }
    const end = this.#text.indexOf(text) + text.length;
    const read = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return read;
  }
}

test('runs what changes, and ends with 0 at Ctrl-C', { timeout: 60_000 }, async () => {
  const workspace = makeOrders(
    '{ note: a card, request: { sample: paid.json, sign: genuine }, want: { outcome: delivered } }',
  );
  mkdirSync(join(workspace.folder, 'connectors'), { recursive: true });
  const other = 'zendesk-ticket-updated';
  cpSync(join(ROOT, 'connectors', other), join(workspace.folder, 'connectors', other), { recursive: true });
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), 'test', '--watch'], {
    cwd: workspace.folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const reader = new Reader(child);
  const first = await reader.until('watching connectors: all cases hold; Ctrl-C ends\n');
  expect(first).toContain('ok   orders: a card\n');
  expect(first).toContain(`ok   ${other}: `);

  workspace.write(
    'cases/events.yaml',
    '{ note: no card, request: { sample: paid.json, sign: genuine }, want: { outcome: held } }',
  );
  const failed = await reader.until('watching connectors: 1 failed in all; Ctrl-C ends\n');
  expect(failed).toContain('FAIL orders: no card\n');
  expect(failed).not.toContain(other);

  // What is affected is only that connector; what failed before is remembered.
  workspace.write(`../${other}/cases/more.yaml`, '{ note: more, request: {}, want: { outcome: rejected } }');
  const more = await reader.until('watching connectors: 1 failed in all; Ctrl-C ends\n');
  expect(more).toContain(`ok   ${other}: more\n`);
  expect(more).not.toContain('orders:');

  // A connector that does not compile is no green run.
  workspace.write('paid.json', workspace.read('paid.json').replace('order.paid', 'order.lost'));
  expect(await reader.until('Ctrl-C ends\n')).toContain('watching connectors: 1 error in connectors; Ctrl-C');

  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
