/** What an HTTP answer means for a trigger: taken, worth another try, or refused for good. */

import type { Delivery, OutgoingTrigger } from '../../outcomes/delivery.ts';
import { answerExcerpt } from './answer-excerpt.ts';
import type { PostResult } from './post.ts';

/** Statuses that may pass: timeout, conflict with a request under way, too early, too many, and every 5xx. */
const RETRIED = new Set([408, 409, 425, 429]);

/** Longest Retry-After that is believed; what asks for more is asked again after this. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/** `who` begins the reason, such as "the target". `now` is in milliseconds since the epoch. */
export function readAnswer(result: PostResult, who: string, now: number): Delivery {
  if (result.kind === 'aborted') return { ok: false, retry: true, reason: `${who} gave no answer in time` };
  if (result.kind === 'failed') {
    return { ok: false, retry: true, reason: `${who} could not be reached (${result.code})` };
  }
  const { status } = result;
  if (status >= 200 && status < 300) return { ok: true };
  const reason = `${who} answered ${status}`;
  if (status < 500 && !RETRIED.has(status)) {
    if (status >= 400) return { ok: false, retry: false, reason };
    return { ok: false, retry: false, reason: `${reason}; redirects are not followed, give the final URL` };
  }
  const retryAfterMs = readRetryAfter(result.retryAfter, now);
  return { ok: false, retry: true, reason, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
}

/** A refusal with what the other side said about it; `secrets` and values of the trigger are masked. */
export function explainRefusal(
  delivery: Delivery,
  result: PostResult,
  trigger: OutgoingTrigger,
  secrets: readonly string[],
): Delivery {
  const isRefused = !delivery.ok && (!delivery.retry || delivery.isDeploymentFault === true);
  if (!isRefused || result.kind !== 'answered') return delivery;
  return { ...delivery, reason: `${delivery.reason}${answerExcerpt(result.text, trigger, secrets)}` };
}

/** Milliseconds to wait: RFC 9110 section 10.2.3, seconds or a date. null: absent or unreadable. */
export function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  const text = value.trim();
  if (/^[0-9]{1,9}$/.test(text)) return Math.min(Number(text) * 1000, MAX_RETRY_AFTER_MS);
  // Only dates as HTTP writes them: Date.parse takes nearly anything for one.
  if (!/^[A-Z][a-z]{2,8}, .{10,30} GMT$/.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.min(Math.max(0, date - now), MAX_RETRY_AFTER_MS);
}
