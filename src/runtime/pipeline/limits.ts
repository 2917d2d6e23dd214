/**
 * What one request, one connection and one process may take at most, and how a server is held to it. The defaults are
 * what a webhook sender needs; a deployment may change each.
 */
import { randomUUID } from 'node:crypto';
import type { Server, ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { QUICK_MS } from '../delivery/circuit.ts';

/** Limits of the pipeline. */
export interface PipelineLimits {
  /** Longest body, in bytes. */
  readonly bodyBytes: number;
  /** How long a request waits for the target, in milliseconds; Slack and Zoom give a webhook 3 s in all. */
  readonly deliveryMs: number;
  /** How many triggers of one batch are sent at the same time. */
  readonly batchConcurrency: number;
  /** Drift is described at most once in this many milliseconds per connector: comparing costs more than judging. */
  readonly driftIntervalMs: number;
}

export const DEFAULT_PIPELINE_LIMITS: PipelineLimits = {
  bodyBytes: 1024 * 1024,
  deliveryMs: QUICK_MS,
  batchConcurrency: 8,
  driftIntervalMs: 10_000,
};

/** Limits of a listening server. */
export interface ServerLimits {
  /** Until the last header has arrived, in milliseconds. */
  readonly headersTimeoutMs: number;
  /** Until the whole request has arrived, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long an idle connection stays open; longer than the 60 s of common load balancers, which reuse connections. */
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
  /** Request line and headers together. */
  readonly maxHeaderBytes: number;
  /** Bodies in memory at the same time, in bytes, over all connections; beyond it slow ones and then new ones are answered 503. */
  readonly inFlightBytes: number;
}

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 65_000,
  maxConnections: 10_000,
  maxHeaderBytes: 16 * 1024,
  inFlightBytes: 128 * 1024 * 1024,
};

/** How often Node looks for connections past their time, at most; its own 30 s would let a limit of 10 s last 40 s. */
const CONNECTION_CHECK_MS = 2000;

/** Options for `http.createServer`, for what Node only takes there. */
export function serverOptions(limits: ServerLimits): ServerOptions {
  const connectionsCheckingInterval = Math.min(CONNECTION_CHECK_MS, limits.headersTimeoutMs);
  return { maxHeaderSize: limits.maxHeaderBytes, connectionsCheckingInterval };
}

/** Sets the limits of a server that was created with `serverOptions`, and answers what is not HTTP. */
export function hardenServer(server: Server, limits: ServerLimits): void {
  server.headersTimeout = limits.headersTimeoutMs;
  server.requestTimeout = limits.requestTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveTimeoutMs;
  server.maxConnections = limits.maxConnections;
  server.on('clientError', answerClientError);
}

const CLIENT_ERROR_STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Bytes that Node's parser refused never become a request: there is nobody else to answer them. */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Node counts the response it may already have begun; a second one in the middle of it would be garbage.
  const begun =
    (socket as Duplex & { _httpMessage?: { headersSent: boolean } })._httpMessage?.headersSent === true;
  if (error.code === 'ECONNRESET' || !socket.writable || begun) {
    socket.destroy(error);
    return;
  }
  const status = CLIENT_ERROR_STATUS[error.code ?? ''] ?? '400 Bad Request';
  const head = [
    'Connection: close',
    'Content-Length: 0',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${randomUUID()}`,
  ];
  socket.end(`HTTP/1.1 ${status}\r\n${head.join('\r\n')}\r\n\r\n`);
}
