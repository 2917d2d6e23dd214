/**
 * In: an incoming message. Out: its raw body, or why it was not read to the end. Holds at most the limit in memory, and
 * nothing where the whole process holds enough already. Never decodes: a signature covers the bytes as sent.
 */
import type { IncomingMessage } from 'node:http';
import type { ByteBudget } from './byte-budget.ts';

export type BodyReading =
  /** Its length has been taken from the budget: whoever has dealt with the body gives it back. */
  | { readonly kind: 'body'; readonly body: Buffer }
  | { readonly kind: 'too-large' }
  /** The process has too many bodies in memory, and this one is late or slow. */
  | { readonly kind: 'overloaded' }
  /** The sender went away. Nothing was accepted, nobody waits for an answer. */
  | { readonly kind: 'aborted' }
  /** Somebody else has read the stream before. */
  | { readonly kind: 'consumed' };

const NO_BYTES = Buffer.alloc(0);
/** Bytes; so that the first few pieces do not each need room of their own. */
const SMALLEST_ROOM = 4096;

/** `onBegin` is called before the first byte is waited for, where it is. After anything but a body, the rest of the stream still flows and is thrown away. */
export function readBody(
  message: IncomingMessage & { readonly body?: unknown },
  limit: number,
  budget: ByteBudget,
  onBegin: () => void = () => {},
): Promise<BodyReading> | BodyReading {
  if (message.readableDidRead) {
    // An application that mounts the handler may read raw bodies itself, as express.raw does.
    if (!Buffer.isBuffer(message.body)) return { kind: 'consumed' };
    return budget.take(message.body.length) ? { kind: 'body', body: message.body } : { kind: 'overloaded' };
  }
  // Node has checked that it is a plain decimal number.
  const announced = message.headers['content-length'];
  if (announced !== undefined && Number(announced) > limit) return { kind: 'too-large' };
  onBegin();
  return new Promise((resolve) => {
    // Nearly every webhook arrives in one piece, which is then the body without a copy.
    let held: Buffer = NO_BYTES;
    let length = 0;
    const arriving = budget.begin(() => finish({ kind: 'overloaded' }));
    const finish = (reading: BodyReading): void => {
      arriving.end();
      message.off('data', onData).off('end', onEnd).off('close', onClose);
      if (reading.kind !== 'body') {
        budget.give(length);
        message.resume();
      }
      resolve(reading);
    };
    const onData = (chunk: Buffer): void => {
      if (length + chunk.length > limit) finish({ kind: 'too-large' });
      else if (!arriving.take(chunk.length)) finish({ kind: 'overloaded' });
      else {
        held = length === 0 ? chunk : append(held, length, chunk, limit);
        length += chunk.length;
      }
    };
    const onEnd = (): void => finish({ kind: 'body', body: held.subarray(0, length) });
    const onClose = (): void => finish({ kind: 'aborted' });
    message.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

/**
 * The held bytes with a piece behind them. Pieces are never gathered: a chunk of one byte is an object of some 500, and
 * a sender of such chunks would take as many times the memory that it is allowed.
 */
function append(held: Buffer, length: number, piece: Buffer, limit: number): Buffer {
  const total = length + piece.length;
  let room = held;
  if (total > held.length) {
    // Twice what is needed: otherwise everything would be copied once for each piece that follows.
    room = Buffer.allocUnsafeSlow(Math.min(limit, Math.max(2 * total, SMALLEST_ROOM)));
    held.copy(room, 0, 0, length);
  }
  piece.copy(room, length);
  return room;
}
