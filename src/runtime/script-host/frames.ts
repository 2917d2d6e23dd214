/**
 * How the host and a script process talk: frames over a byte stream. A frame is four bytes (big-endian length of what
 * follows), one line of JSON, and text. Neither side trusts the other's length: a frame past the bound ends the talk.
 */

/** Longest frame: the longest request that the host takes, and the longest script with all of it escaped. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;

const LENGTH_BYTES = 4;
const LINE_END = 0x0a;

export interface Frame {
  readonly head: unknown;
  readonly text: string;
}

/** null: longer than MAX_FRAME_BYTES. */
export function encodeFrame(head: object, text = ''): Buffer | null {
  const line = `${JSON.stringify(head)}\n`;
  const lineBytes = Buffer.byteLength(line);
  const bytes = lineBytes + Buffer.byteLength(text);
  if (bytes > MAX_FRAME_BYTES) return null;
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + bytes);
  frame.writeUInt32BE(bytes, 0);
  frame.write(line, LENGTH_BYTES);
  frame.write(text, LENGTH_BYTES + lineBytes);
  return frame;
}

/** Cuts a byte stream into frames. */
export class FrameReader {
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  /** The frames that this chunk completes; null: what came is no frame, nothing after it can be trusted. */
  read(chunk: Buffer): Frame[] | null {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes < LENGTH_BYTES) return [];
    // Chunks are joined only when a frame is complete, so that a long one is not copied once per chunk.
    const length = this.#nextLength();
    if (length > MAX_FRAME_BYTES) return null;
    if (this.#pendingBytes < LENGTH_BYTES + length) return [];
    return this.#cut(this.#join());
  }

  #cut(buffer: Buffer): Frame[] | null {
    const frames: Frame[] = [];
    let offset = 0;
    while (buffer.length - offset >= LENGTH_BYTES) {
      const length = buffer.readUInt32BE(offset);
      if (length > MAX_FRAME_BYTES) return null;
      const end = offset + LENGTH_BYTES + length;
      if (end > buffer.length) break;
      const frame = decode(buffer.subarray(offset + LENGTH_BYTES, end));
      if (frame === null) return null;
      frames.push(frame);
      offset = end;
    }
    this.#pending = offset === buffer.length ? [] : [buffer.subarray(offset)];
    this.#pendingBytes = buffer.length - offset;
    return frames;
  }

  #nextLength(): number {
    const first = this.#pending[0] as Buffer;
    return (first.length >= LENGTH_BYTES ? first : this.#join()).readUInt32BE(0);
  }

  #join(): Buffer {
    const only = this.#pending.length === 1 ? this.#pending[0] : undefined;
    const joined = only ?? Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [joined];
    return joined;
  }
}

function decode(bytes: Buffer): Frame | null {
  const lineEnd = bytes.indexOf(LINE_END);
  if (lineEnd === -1) return null;
  try {
    return {
      head: JSON.parse(bytes.toString('utf8', 0, lineEnd)),
      text: bytes.toString('utf8', lineEnd + 1),
    };
  } catch {
    return null;
  }
}
