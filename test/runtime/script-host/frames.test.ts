import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, FrameReader, MAX_FRAME_BYTES } from '../../../src/runtime/script-host/frames.ts';

test('frames come out as they went in, however the stream is cut', () => {
  const frame = fc.record({
    head: fc.dictionary(fc.string(), fc.string()),
    text: fc.string({ unit: 'grapheme' }),
  });
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 5 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      (frames, sizes) => {
        const bytes = Buffer.concat(frames.map(({ head, text }) => encodeFrame(head, text) as Buffer));
        const reader = new FrameReader();
        const read: unknown[] = [];
        for (let offset = 0; offset < bytes.length; ) {
          const size = sizes.next().value ?? 1;
          read.push(...(reader.read(bytes.subarray(offset, offset + size)) ?? ['broken']));
          offset += size;
        }
        expect(read).toEqual(
          frames.map(({ head, text }) => ({ head: JSON.parse(JSON.stringify(head)), text })),
        );
      },
    ),
  );
});

test('a frame past the bound is neither written nor read', () => {
  expect(encodeFrame({}, 'x'.repeat(MAX_FRAME_BYTES))).toBeNull();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(MAX_FRAME_BYTES + 1);
  expect(new FrameReader().read(length)).toBeNull();
  const good = encodeFrame({ a: 1 }) as Buffer;
  expect(new FrameReader().read(Buffer.concat([good, length]))).toBeNull();
});

test.each(['no line', 'not json\ntext', ''])('bytes that are no frame are refused: %j', (content) => {
  const bytes = Buffer.alloc(4 + content.length);
  bytes.writeUInt32BE(content.length);
  bytes.write(content, 4);
  expect(new FrameReader().read(bytes)).toBeNull();
});
