/** The JSON object of a call. In: a request of somebody who has the token. Out: the object, or why it is none. Bounded. */
import type { IncomingMessage } from 'node:http';
import { type Answer, answered, refused } from './calls/answer.ts';

/** All texts of a connector that a person edits at once, and a sample beside them, as JSON text. */
const MAX_BYTES = 8 * 1024 * 1024;

export async function readJson(request: IncomingMessage): Promise<Answer<object>> {
  // A form of another site can send text, but not this type.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return refused(415, 'send a JSON object with content-type: application/json');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) return refused(413, 'that is more than the studio takes at once: 8 MiB');
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? answered(value)
      : refused(400, 'the body is not a JSON object');
  } catch {
    return refused(400, 'the body is not JSON');
  }
}
