/**
 * One HTTP POST to a target: keep-alive connections, no redirects, bounded in time and size. What went wrong comes back
 * as a value, and nothing of a URL, a header or a body is in it.
 */
import { createRequire } from 'node:module';
import type * as undici from 'undici';

const require = createRequire(import.meta.url);

/** Longest wait for a connection, for an answer to start, and between two pieces of it. The caller's signal is shorter. */
const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;

/** How long an idle connection is kept: less than the 5 s after which many servers close theirs. */
const KEEP_ALIVE_MS = 4_000;

/** Bytes of an answer that are read at most, so that its connection can be used again. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** As many as a process has places for deliveries. */
const MAX_CONNECTIONS = 512;

const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** The answer's text is needed, or that of a refusal (4xx); otherwise it is thrown away. */
  readonly readText?: boolean | 'refused';
}

export type PostResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | null;
      /** With `readText`; null when it was too long or broke off. */
      readonly text: string | null;
    }
  | {
      readonly kind: 'failed';
      /** Such as ECONNREFUSED. */
      readonly code: string;
      /** A connection that stood broke off, most likely because the other side had closed it while it was idle. */
      readonly isBroken: boolean;
    }
  | { readonly kind: 'aborted' };

export interface Poster {
  post(request: PostRequest): Promise<PostResult>;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

export function createPoster(): Poster {
  // A hundred modules, which the command line needs for nothing but the names of targets' settings.
  const { Agent } = require('undici') as typeof undici;
  const agent = new Agent({
    // Whoever sends has places, and no more of them.
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_MS },
    headersTimeout: ANSWER_MS,
    bodyTimeout: ANSWER_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    allowH2: false,
  });
  let closed: Promise<void> | undefined;
  return {
    async post({ url, headers, body, signal, readText }) {
      try {
        const { origin, pathname, search } = new URL(url);
        const answer = await agent.request({
          origin,
          path: `${pathname}${search}`,
          method: 'POST',
          headers,
          body,
          signal,
        });
        const isRefused = answer.statusCode >= 400 && answer.statusCode < 500;
        const isRead = readText === true || (readText === 'refused' && isRefused);
        const text = isRead ? await readBounded(answer.body) : null;
        if (!isRead) answer.body.dump({ limit: MAX_ANSWER_BYTES }).catch(() => {});
        const retryAfter = answer.headers['retry-after'];
        return {
          kind: 'answered',
          status: answer.statusCode,
          retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
          text,
        };
      } catch (error) {
        if (signal.aborted) return { kind: 'aborted' };
        const { code: found } = error as { code?: unknown };
        const code = typeof found === 'string' ? found : 'no connection';
        return { kind: 'failed', code, isBroken: BROKEN.has(code) };
      }
    },
    close() {
      closed ??= agent.destroy();
      return closed;
    },
  };
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}
