/**
 * In: an incoming message. Out: its raw body, or why it was not read to the end. Holds at most the limit in memory, and
 * nothing where the whole process holds enough already. Never decodes: a signature covers the bytes as sent.
 */
import type { IncomingMessage } from 'node:http';
import type { ByteBudget } from './limits.ts';

export type BodyReading =
  /** Its length has been taken from the budget: whoever has dealt with the body gives it back. */
  | { readonly kind: 'body'; readonly body: Buffer }
  | { readonly kind: 'too-large' }
  /** The process has too many bodies in memory. */
  | { readonly kind: 'overloaded' }
  /** The sender went away. Nothing was accepted, nobody waits for an answer. */
  | { readonly kind: 'aborted' }
  /** Somebody else has read the stream before. */
  | { readonly kind: 'consumed' };

const NO_BYTES = Buffer.alloc(0);

/** After anything but a body, the rest of the stream still flows and is thrown away. */
export function readBody(
  message: IncomingMessage & { readonly body?: unknown },
  limit: number,
  budget: ByteBudget,
): Promise<BodyReading> | BodyReading {
  if (message.readableDidRead) {
    // An application that mounts the handler may read raw bodies itself, as express.raw does.
    if (!Buffer.isBuffer(message.body)) return { kind: 'consumed' };
    return budget.take(message.body.length) ? { kind: 'body', body: message.body } : { kind: 'overloaded' };
  }
  // Node has checked that it is a plain decimal number.
  const announced = message.headers['content-length'];
  if (announced !== undefined && Number(announced) > limit) return { kind: 'too-large' };
  return new Promise((resolve) => {
    // Nearly every webhook arrives in one piece, which is then the body without a copy.
    let first: Buffer = NO_BYTES;
    let more: Buffer[] | null = null;
    let length = 0;
    const finish = (reading: BodyReading): void => {
      message.off('data', onData).off('end', onEnd).off('close', onClose);
      if (reading.kind !== 'body') {
        budget.give(length);
        message.resume();
      }
      resolve(reading);
    };
    const onData = (chunk: Buffer): void => {
      if (length + chunk.length > limit) finish({ kind: 'too-large' });
      else if (!budget.take(chunk.length)) finish({ kind: 'overloaded' });
      else {
        if (length === 0) first = chunk;
        else if (more === null) more = [first, chunk];
        else more.push(chunk);
        length += chunk.length;
      }
    };
    const onEnd = (): void =>
      finish({ kind: 'body', body: more === null ? first : Buffer.concat(more, length) });
    const onClose = (): void => finish({ kind: 'aborted' });
    message.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}
