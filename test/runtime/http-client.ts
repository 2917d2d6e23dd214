import { createServer, type IncomingHttpHeaders, type RequestListener, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  DEFAULT_SERVER_LIMITS,
  hardenServer,
  type ServerLimits,
  serverOptions,
} from '../../src/runtime/pipeline/limits.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** A hardened server on an ephemeral port of 127.0.0.1, closed when the test is over. */
export async function listen(listener: RequestListener, changes: Partial<ServerLimits> = {}) {
  const limits = { ...DEFAULT_SERVER_LIMITS, ...changes };
  const server = createServer(serverOptions(limits), listener);
  hardenServer(server, limits);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  return { port, server };
}

export interface ClientRequest {
  readonly method?: string;
  /** The request target as it goes over the wire. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** Sends the body in these pieces, chunked. */
  readonly chunks?: readonly Buffer[];
}

export function send(port: number, options: ClientRequest = {}): Promise<HttpAnswer> {
  const { method = 'POST', path = '/c/orders', headers = {}, body, chunks } = options;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, headers: { ...length, ...headers }, agent: false },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          const json =
            /json/.test(response.headers['content-type'] ?? '') && text !== '' ? JSON.parse(text) : {};
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      },
    );
    outgoing.on('error', reject);
    for (const chunk of chunks ?? []) outgoing.write(chunk);
    outgoing.end(body);
  });
}

/** Writes bytes as they are, and gives all that comes back until the server closes. */
export function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('data', (data) => {
      received += data.toString();
    });
    socket.on('end', () => resolve(received)).on('error', reject);
  });
}
