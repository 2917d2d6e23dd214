/**
 * `Expect: 100-continue`: a sender that asks before it sends the body. In: its request. The answer goes out when the body is
 * about to be read, never before a refusal that the head decides (RFC 9110 10.1.1).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

const waiting = new WeakMap<IncomingMessage, ServerResponse>();

export function awaitContinue(message: IncomingMessage, response: ServerResponse): void {
  waiting.set(message, response);
}

/** Nothing where nobody waits for it. */
export function sendContinue(message: IncomingMessage): void {
  waiting.get(message)?.writeContinue();
  waiting.delete(message);
}
