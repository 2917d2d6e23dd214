/**
 * Sends each trigger to one URL of the deployment, signed as Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). Test triggers go to a
 * URL of their own and never to the live one.
 */
import { createHash } from 'node:crypto';
import type { Delivery, OutgoingTrigger } from '../../outcomes/delivery.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { anyText, url as webUrl } from '../settings/parse-value.ts';
import { setting, showUrl } from '../settings/setting.ts';
import { ABORTED, CLOSED } from './aborted.ts';
import { defineTarget, urlProblems } from './define-target.ts';
import { createPoster, type Poster } from './post.ts';
import { explainRefusal, readAnswer } from './read-answer.ts';
import { type Pause, retryQuickly } from './retry-quickly.ts';
import { decodeWebhookSecret, signWebhook } from './standard-webhooks.ts';
import type { Target } from './target.ts';

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

export const httpTarget = defineTarget({
  title: 'A URL, signed as Standard Webhooks.',
  settings: {
    targetUrl: setting({
      flag: 'target-url',
      value: '<url>',
      help: 'http target: where live triggers are sent',
      parse: webUrl,
      show: showUrl,
    }),
    targetTestUrl: setting({
      flag: 'target-test-url',
      value: '<url>',
      help: 'http target: where test triggers are sent',
      parse: webUrl,
      show: showUrl,
    }),
    targetSecret: setting({
      flag: 'target-secret',
      value: '<secret>',
      help: 'http target: signs what is sent (Standard Webhooks, whsec_...)',
      secret: true,
      parse: anyText,
    }),
  },
  needs: ['targetUrl', 'targetSecret'],
  without: {
    targetTestUrl: 'triggers of test connectors and test cards have nowhere to go and are held',
  },
  open({ targetUrl, targetTestUrl: testUrl, targetSecret }, { userAgent }) {
    const url = targetUrl ?? '';
    const key = decodeWebhookSecret(targetSecret ?? '');
    const problems = [
      ...urlProblems('the URL of the http target', url),
      ...urlProblems('the test URL of the http target', testUrl),
    ];
    if (testUrl !== null && problems.length === 0 && new URL(testUrl).href === new URL(url).href) {
      problems.push(
        'the test URL of the http target is the live URL: give another, or test triggers would go live',
      );
    }
    if (key === null) {
      problems.push(
        'the secret of the http target is not one of Standard Webhooks: give "whsec_" and the base64 of 24 to 64 random bytes',
      );
    }
    if (key === null || problems.length > 0) return { ok: false, problems };
    return { ok: true, target: createHttpTarget({ url, testUrl, key, userAgent }) };
  },
});

export function createHttpTarget(options: HttpTargetOptions): Target {
  const { url, testUrl, key, userAgent, now = Date.now, pause } = options;
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
      const id = headerId(trigger.flowInvocationId);
      return retryQuickly(
        async () => {
          const headers = {
            'user-agent': userAgent,
            'idempotency-key': id,
            ...signWebhook({ id, body, key, now: now() }),
          };
          const result = await poster.post({ url: to, headers, body, signal, readText: 'refused' });
          const isBroken = result.kind === 'failed' && result.isBroken;
          return { delivery: explainRefusal(readAnswer(result, WHO, now()), result, trigger, []), isBroken };
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

/**
 * The invocation id as it can stand in a header. A mapping may have taken it from a payload: what a header cannot carry,
 * or what would make the signed text ambiguous (a dot), is replaced by its digest. The body has the id itself.
 */
function headerId(id: string): string {
  if (/^[A-Za-z0-9_:=+/-]{1,256}$/.test(id)) return id;
  return `sha256-${createHash('sha256').update(id).digest('hex')}`;
}
