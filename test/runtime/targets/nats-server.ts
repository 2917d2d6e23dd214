/** A nats-server of Debian with JetStream, over a temporary folder; null where there is none on this machine. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { findTool } from '../../../scripts/debian-tool.ts';

export const NATS_SERVER = findTool({ command: 'nats-server', package: 'nats-server', by: 'install' });

export interface NatsServer {
  readonly url: string;
  readonly streams: JetStreamManager;
  signal(signal: NodeJS.Signals): void;
  close(): Promise<void>;
}

export async function startNatsServer(extra: readonly string[] = []): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-nats-'));
  const port = await freePort();
  const args = [
    '--addr',
    '127.0.0.1',
    '--port',
    String(port),
    '--jetstream',
    '--store_dir',
    folder,
    ...extra,
  ];
  const child = spawn(NATS_SERVER ?? 'nats-server', args, { stdio: 'ignore' });
  const url = `nats://127.0.0.1:${port}`;
  const connection = await connectSoon(url);
  return {
    url,
    streams: await jetstreamManager(connection),
    signal: (signal) => void child.kill(signal),
    async close() {
      child.kill('SIGCONT');
      await connection.close();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function connectSoon(url: string): Promise<Awaited<ReturnType<typeof connect>>> {
  for (;;) {
    try {
      return await connect({ servers: url });
    } catch {
      // It is starting; the test's own limit ends the wait.
      await sleep(20);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
