/** A real HTTP server on 127.0.0.1 that keeps what it is sent and answers as told. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Local port of the sender: the same for requests on the same connection. */
  readonly connection: number;
}

export type Respond = (request: RecordedRequest, response: ServerResponse) => void;

export interface RecordingServer {
  readonly origin: string;
  readonly requests: RecordedRequest[];
  respond: Respond;
  /** Resolves with the next request that has been read, before it is answered. */
  next(): Promise<RecordedRequest>;
  close(): Promise<void>;
}

export const ok: Respond = (_, response) => response.writeHead(202).end('{"accepted":true}');

/** Takes the request and never answers. */
export const silence: Respond = () => {};

export function status(code: number, headers: Record<string, string> = {}, body = 'secret details'): Respond {
  return (_, response) => response.writeHead(code, headers).end(body);
}

export async function startServer(respond: Respond = ok): Promise<RecordingServer> {
  let waiting: ((request: RecordedRequest) => void)[] = [];
  const server = createServer(async (incoming, response) => {
    const request: RecordedRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: await text(incoming),
      connection: incoming.socket.remotePort ?? 0,
    };
    recording.requests.push(request);
    recording.respond(request, response);
    for (const resolve of waiting) resolve(request);
    waiting = [];
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const recording: RecordingServer = {
    origin: `http://127.0.0.1:${port}`,
    requests: [],
    respond,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return recording;
}
