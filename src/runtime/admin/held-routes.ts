/** What is done to requests that were kept: list, show, replay, discard. */

import { once } from 'node:events';
import { type Request, type Response, Router } from 'express';
import { REPLAY_STREAM, type ReplayLine } from '../../admin-api/answers.ts';
import type { BodyOf } from '../../admin-api/routes.ts';
import { encodeReplayLine } from '../redelivery/replay-view.ts';
import { type Control, refuse } from './control.ts';
import { flag, optional, text, texts } from './read-fields.ts';
import { serveRoute } from './respond.ts';

const MAX_LISTED = 1000;
const DEFAULT_LISTED = 100;
/** Of one replay or discard by ids; a connector's name takes all of its holds. */
const MAX_IDS = 1000;
/** A client that takes nothing for so long is gone: other replays and discards wait for their turn. */
const PATIENCE_MS = 60_000;

const selection = { ids: optional(texts(MAX_IDS)), connector: optional(text(100)) };
const by = text(200);
const dryRun = optional(flag);

export function heldRoutes(control: Control): Router {
  const router = Router();
  serveRoute(router, 'GET /held', null, async ({ query }) => {
    const { connector, code, after, limit = String(DEFAULT_LISTED) } = query;
    const count = typeof limit === 'string' && /^[0-9]{1,4}$/.test(limit) ? Number(limit) : Number.NaN;
    if (!(count >= 1 && count <= MAX_LISTED))
      return refuse(400, `"limit" must be a whole number from 1 to ${MAX_LISTED}`);
    return control.holds({
      limit: count,
      ...(typeof connector === 'string' ? { connector } : {}),
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof after === 'string' ? { after } : {}),
    });
  });
  serveRoute(router, 'GET /held/:id', null, ({ id }) => control.hold(id));
  const replayed = { ...selection, dryRun, each: optional(flag), by };
  serveRoute(router, 'POST /held/replay', replayed, ({ body, request, response }) =>
    replay(control, body, request, response),
  );
  const discarded = {
    ...selection,
    verifiedBy: optional(text(200)),
    match: optional(text(1000)),
    dryRun,
    by,
  };
  serveRoute(router, 'POST /held/discard', discarded, async ({ body }) => {
    const { by: name, dryRun: isDry = false, ...chosen } = body;
    if (Object.values(chosen).every((one) => one === undefined))
      return refuse(400, 'say which: "ids", "connector", "verifiedBy" or "match"');
    return control.discard(chosen, { by: name, dryRun: isDry });
  });
  return router;
}

async function replay(
  control: Control,
  { by: name, dryRun: isDry = false, each = false, ...chosen }: BodyOf<'POST /held/replay'>,
  request: Request,
  response: Response,
): Promise<Awaited<ReturnType<Control['replay']>> | null> {
  if (Object.values(chosen).every((one) => one === undefined))
    return refuse(400, 'say which: "ids" or "connector"');
  // Whoever does not wait for the results does not want the rest to be sent either.
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const options = { dryRun: isDry, each, by: name, signal: gone.signal };
  if (request.get('accept') !== REPLAY_STREAM) return control.replay(chosen, options);
  response.type(REPLAY_STREAM);
  const write = async (line: ReplayLine): Promise<void> => {
    if (gone.signal.aborted || response.write(encodeReplayLine(line))) return;
    const patience = setTimeout(() => response.destroy(), PATIENCE_MS);
    // It takes more, or it is gone, which ends the replay.
    await once(response, 'drain', { signal: gone.signal }).catch(() => {});
    clearTimeout(patience);
  };
  const listener = { selected: (total: number) => write({ total }), replayed: write };
  await control.replay(chosen, { ...options, listener });
  response.end();
  return null;
}
