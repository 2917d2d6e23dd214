/** A plain text body in, the text out: `$` is all of it. Refuses bytes that are not UTF-8; drops a byte order mark. */
import { isUtf8 } from 'node:buffer';
import type { ParsedBody } from '../json/json-text.ts';

export function parseTextBody(body: Buffer): ParsedBody<string> {
  if (!isUtf8(body)) return { ok: false, code: 'body-malformed', detail: 'the body is not valid UTF-8' };
  return { ok: true, value: body.toString('utf8').replace(/^\uFEFF/, '') };
}
