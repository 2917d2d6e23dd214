/**
 * Sends each trigger to one URL of the deployment, signed as Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). Test triggers go to a
 * URL of their own and never to the live one.
 */
import { createHash, createHmac } from 'node:crypto';
import { stringifyJson } from '../../stages/json-text.ts';
import { ABORTED, CLOSED } from './aborted.ts';
import { createPoster, type Poster } from './post.ts';
import { readAnswer } from './read-answer.ts';
import { type Pause, retryQuickly } from './retry-quickly.ts';
import type { Delivery, OutgoingTrigger, Target } from './target.ts';

export interface HttpTargetOptions {
  /** Where live triggers go. */
  readonly url: string;
  /** Where test triggers go; null: they are refused. */
  readonly testUrl: string | null;
  /** Raw bytes of the signing key. */
  readonly key: Buffer;
  readonly userAgent: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly pause?: Pause;
}

const WHO = 'the target';

export function createHttpTarget(options: HttpTargetOptions): Target {
  const { url, testUrl, now = Date.now, pause } = options;
  const poster: Poster = createPoster();
  let isClosed = false;
  return {
    name: 'http',
    async send(trigger, signal): Promise<Delivery> {
      if (isClosed) return CLOSED;
      if (signal.aborted) return ABORTED;
      const to = trigger.mode === 'live' ? url : testUrl;
      if (to === null) {
        const reason =
          'there is no URL for test triggers; give the target a test URL, they never go to the live one';
        return { ok: false, retry: false, reason };
      }
      const body = bodyOf(trigger);
      return retryQuickly(
        async () => {
          const headers = headersOf(trigger, body, options, now());
          const result = await poster.post({ url: to, headers, body, signal });
          const isBroken = result.kind === 'failed' && result.isBroken;
          return { delivery: readAnswer(result, WHO, now()), isBroken };
        },
        signal,
        pause,
      );
    },
    close() {
      isClosed = true;
      return poster.close();
    },
  };
}

/**
 * The key behind a secret as Standard Webhooks writes it: "whsec_" and base64 of 24 to 64 bytes. null: it is not one.
 */
export function decodeSecret(secret: string): Buffer | null {
  const encoded = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : null;
  if (encoded === null || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null;
  const key = Buffer.from(encoded, 'base64');
  if (key.length < 24 || key.length > 64) return null;
  return key.toString('base64').replace(/=+$/, '') === encoded.replace(/=+$/, '') ? key : null;
}

function bodyOf({
  connector,
  actionFlow,
  mode,
  flowInvocationId,
  requestId,
  trigger,
}: OutgoingTrigger): string {
  return stringifyJson({ connector, actionFlow, mode, flowInvocationId, requestId, trigger });
}

function headersOf(
  trigger: OutgoingTrigger,
  body: string,
  options: HttpTargetOptions,
  now: number,
): Record<string, string> {
  const id = headerId(trigger.flowInvocationId);
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac('sha256', options.key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': options.userAgent,
    'idempotency-key': id,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

/**
 * The invocation id as it can stand in a header. A mapping may have taken it from a payload: what a header cannot carry,
 * or what would make the signed text ambiguous (a dot), is replaced by its digest. The body has the id itself.
 */
function headerId(id: string): string {
  if (/^[A-Za-z0-9_:=+/-]{1,256}$/.test(id)) return id;
  return `sha256-${createHash('sha256').update(id).digest('hex')}`;
}
