/**
 * A listening server. In: a handler, where to listen. Out: its URL, or why it cannot listen; and an end that lets what
 * has begun come to its own end, within a time.
 */
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { hardenServer, type ServerLimits, serverOptions } from '../pipeline/limits.ts';
import { awaitContinue } from './continue.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  readonly limits: ServerLimits;
  /** What the messages call it: the flag that changes the port. */
  readonly flag: '--port' | '--admin-port';
}

export interface Listener {
  /** Such as http://127.0.0.1:8080, as a client on this machine writes it. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no new connection, ends each one after the answer that is under way, and all of them when the time is over.
   * Resolves to true when nothing had to be cut off.
   */
  close(graceMs: number): Promise<boolean>;
}

export type ListenFailure = 'port-in-use' | 'port-forbidden' | 'host-unavailable' | 'listen-failed';

export type ListenResult =
  | { readonly ok: true; readonly listener: Listener }
  | { readonly ok: false; readonly code: ListenFailure; readonly message: string };

export async function listen(handler: RequestListener, options: ListenOptions): Promise<ListenResult> {
  let isClosing = false;
  const settings: ServerOptions = serverOptions(options.limits);
  const onRequest: RequestListener = (request, response) => {
    // Whoever keeps its connection would send the next request into a server that is gone.
    if (isClosing) response.setHeader('Connection', 'close');
    response.once('close', () => {
      if (isClosing) server.closeIdleConnections();
    });
    handler(request, response);
  };
  const server = createServer(settings, onRequest);
  server.on('checkContinue', (request, response) => {
    if (options.flag === '--port') awaitContinue(request, response);
    else response.writeContinue();
    onRequest(request, response);
  });
  hardenServer(server, options.limits);
  makeRoom(server, options.limits.maxConnections);
  const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException | null>();
  server.once('error', resolve).listen({ host: options.host, port: options.port }, () => resolve(null));
  const error = await promise;
  if (error !== null) return { ok: false, ...describe(error, options) };
  const { port } = server.address() as AddressInfo;

  return {
    ok: true,
    listener: {
      port,
      url: `http://${urlHost(options.host)}:${port}`,
      close(graceMs) {
        isClosing = true;
        const { promise: closed, resolve: finish } = Promise.withResolvers<boolean>();
        const timer = setTimeout(() => {
          finish(false);
          server.closeAllConnections();
        }, graceMs);
        server.close(() => {
          clearTimeout(timer);
          finish(true);
        });
        return closed;
      },
    },
  };
}

/** Of the most connections, these are kept for whoever sends something. */
const ROOM_SHARE = 0.9;

/** Where connections become scarce, those that have sent nothing so far make room, the oldest first. */
function makeRoom(server: Server, maxConnections: number): void {
  const silent = new Set<Socket>();
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open += 1;
    silent.add(socket);
    socket.once('close', () => {
      open -= 1;
      silent.delete(socket);
    });
    const [oldest] = silent;
    if (open > maxConnections * ROOM_SHARE && oldest !== socket) oldest?.destroy();
  });
  server.on('request', ({ socket }) => silent.delete(socket));
}

/** An address that means "all of this machine" is no address to connect to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function describe(
  error: NodeJS.ErrnoException,
  { host, port, flag }: ListenOptions,
): { readonly code: ListenFailure; readonly message: string } {
  switch (error.code) {
    case 'EADDRINUSE':
      return {
        code: 'port-in-use',
        message: `port ${port} on ${host} is in use: stop what listens there, or choose another with ${flag}`,
      };
    case 'EACCES':
      return {
        code: 'port-forbidden',
        message: `port ${port} may not be used by this user: choose one above 1023 with ${flag}`,
      };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return {
        code: 'host-unavailable',
        message: `"${host}" is no address of this machine: choose another with ${flag === '--port' ? '--host' : '--admin-host'}`,
      };
    default:
      return { code: 'listen-failed', message: `cannot listen on ${host}, port ${port}: ${error.message}` };
  }
}
