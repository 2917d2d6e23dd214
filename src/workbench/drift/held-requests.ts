/** The requests that a runtime holds for one connector, as past requests: the newest of them, oldest first. Changes nothing. */
import type { Hold } from '../../admin-api/records.ts';
import { parseBody } from '../../stages/body/parse-body.ts';
import { headersFromRaw } from '../../stages/request.ts';
import type { PastPayload } from './read-payloads.ts';
import type { ReadRequests } from './review.ts';

/** `hold` gives null for one that is no longer there. Entries are called by the ids of the holds. */
export function heldRequests(
  ids: readonly string[],
  hold: (id: string) => Promise<Hold | null>,
): ReadRequests {
  return async function* read(plan): AsyncGenerator<PastPayload> {
    for (const id of ids) {
      const found = await hold(id);
      if (found === null) continue;
      const bytes = Buffer.from(found.request.body, 'base64');
      const body = parseBody(plan, bytes);
      if (!body.ok) {
        yield { ok: false, name: id, detail: body.detail };
        continue;
      }
      const headers = headersFromRaw(found.request.headers.flat());
      yield { ok: true, name: id, sample: { name: id, body: body.value, headers }, bytes: bytes.length };
    }
  };
}
