/** What is done to requests that were kept: list, show, replay, discard. */
import { once } from 'node:events';
import { type Request, type Response, Router } from 'express';
import { encodeReplayLine, REPLAY_STREAM, type ReplayLine } from '../redelivery/replay-view.ts';
import type { Control } from './control.ts';
import { sendProblem } from './problem.ts';
import { flag, optional, text, texts } from './read-fields.ts';
import { answer, fieldsOf } from './respond.ts';

const MAX_LISTED = 1000;
const DEFAULT_LISTED = 100;
/** Of one replay or discard by ids; a connector's name takes all of its holds. */
const MAX_IDS = 1000;
/** A client that takes nothing for so long is gone: other replays and discards wait for their turn. */
const PATIENCE_MS = 60_000;

const selection = { ids: optional(texts(MAX_IDS)), connector: optional(text(100)) };

export function heldRoutes(control: Control): Router {
  const router = Router();
  router.get('/held', async (request, response) => {
    const { connector, code, after, limit = String(DEFAULT_LISTED) } = request.query;
    const count = typeof limit === 'string' && /^[0-9]{1,4}$/.test(limit) ? Number(limit) : Number.NaN;
    if (!(count >= 1 && count <= MAX_LISTED)) {
      return sendProblem(response, {
        status: 400,
        detail: `"limit" must be a whole number from 1 to ${MAX_LISTED}`,
      });
    }
    const filter = {
      limit: count,
      ...(typeof connector === 'string' ? { connector } : {}),
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof after === 'string' ? { after } : {}),
    };
    answer(response, await control.holds(filter));
  });
  router.get('/held/:id', async (request, response) =>
    answer(response, await control.hold(request.params.id)),
  );
  router.post('/held/replay', (request, response) => replay(control, request, response));
  router.post('/held/discard', async (request, response) => {
    const fields = fieldsOf(request, response, {
      ...selection,
      verifiedBy: optional(text(200)),
      dryRun: optional(flag),
      by: text(200),
    });
    if (fields === null) return;
    const { by, ids, connector, verifiedBy, dryRun = false } = fields;
    if (ids === undefined && connector === undefined && verifiedBy === undefined) {
      return sendProblem(response, { status: 400, detail: 'say which: "ids", "connector" or "verifiedBy"' });
    }
    const chosen = {
      ...(ids === undefined ? {} : { ids }),
      ...(connector === undefined ? {} : { connector }),
      ...(verifiedBy === undefined ? {} : { verifiedBy }),
    };
    answer(response, await control.discard(chosen, { by, dryRun }));
  });
  return router;
}

async function replay(control: Control, request: Request, response: Response): Promise<void> {
  const fields = fieldsOf(request, response, {
    ...selection,
    dryRun: optional(flag),
    each: optional(flag),
    by: text(200),
  });
  if (fields === null) return;
  const { by, ids, connector, dryRun = false, each = false } = fields;
  if (ids === undefined && connector === undefined) {
    return sendProblem(response, { status: 400, detail: 'say which: "ids" or "connector"' });
  }
  // Whoever does not wait for the results does not want the rest to be sent either.
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const chosen = { ...(ids === undefined ? {} : { ids }), ...(connector === undefined ? {} : { connector }) };
  const options = { dryRun, each, by, signal: gone.signal };
  if (request.get('accept') !== REPLAY_STREAM) return answer(response, await control.replay(chosen, options));
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
}
