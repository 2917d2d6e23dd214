/** Stands between a replica and its database: passes bytes on, swallows them as a dead network does, or cuts at a word. */
import { connect, createServer, type Socket } from 'node:net';

export interface TestProxy {
  readonly port: number;
  /** From now on nothing passes, in either direction, and nobody is told: connections that are made hang too. */
  stall(): void;
  /** New connections pass again; those that were there stay dead. */
  pass(): void;
  /** Passes the next message that has this text in it, and cuts its connection before an answer comes back. */
  cutAfter(text: string): void;
  /** What was said to the database since then, as text. */
  listen(): { said(): string };
  close(): Promise<void>;
}

export async function startProxy(target: number): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  let isStalled = false;
  let cutText: string | null = null;
  const ears = new Set<Buffer[]>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let isDead = isStalled;
    let isCut = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        if (!isDead && !isStalled) for (const other of [client, upstream]) other.destroy();
      });
    }
    client.on('data', (bytes) => {
      isDead ||= isStalled;
      if (isDead) return;
      if (cutText !== null && bytes.includes(cutText)) {
        cutText = null;
        isCut = true;
      }
      for (const ear of ears) ear.push(bytes);
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      isDead ||= isStalled;
      if (isDead) return;
      // The answer shows that the database has done it; the replica never hears of it.
      if (isCut) client.destroy();
      else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    stall() {
      isStalled = true;
    },
    pass() {
      isStalled = false;
    },
    cutAfter(text) {
      cutText = text;
    },
    listen() {
      const heard: Buffer[] = [];
      ears.add(heard);
      return { said: () => Buffer.concat(heard).toString('latin1') };
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
