import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { shareDescriptors } from '../../src/runtime/processes/descriptors.ts';

test.for([256, 512, 1024, 4096, 1_048_576])(
  '%i descriptors are shared out, and something is left',
  (limit) => {
    const { places, maxConnections, warning } = shareDescriptors(limit);
    expect(places.total + maxConnections + 136).toBeLessThanOrEqual(limit);
    expect(places.perFlow).toBeLessThanOrEqual(places.total / 2);
    expect(warning === null).toBe(limit >= 4096);
  },
);

test('strangers who send nothing make room, and whoever sends is served', async () => {
  const script = join(import.meta.dirname, 'descriptors-server.ts');
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { value: url } = (await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()) as {
    value: string;
  };
  const { port } = new URL(url);
  const strangers: Socket[] = [];
  onTestFinished(() => strangers.forEach((socket) => void socket.destroy()));
  for (let count = 0; count < 60; count += 1) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    strangers.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
  }
  const answer = await fetch(url);
  expect(await answer.text()).toBe('served');
});
