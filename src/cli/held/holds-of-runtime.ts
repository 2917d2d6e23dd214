/** The holds of a running runtime, read through its admin API. In: its status. Out: a source of holds. Changes nothing. */
import type { StatusReport } from '../../admin-api/answers.ts';
import type { Hold, HoldSummary } from '../../admin-api/records.ts';
import type { AnswerTo, CallTo } from '../../admin-api/routes.ts';
import { heldEventOf } from '../../runtime/state/same-request.ts';
import { type HoldSource, presentOf } from '../../workbench/held/hold-source.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import type { Context } from '../context.ts';

/** What is asked of a runtime may fail at any time: a sentence for people. */
export class SourceFailure extends Error {}

/** As many as the admin API lists at once. */
const PAGE = 1000;

export function holdsOfRuntime(context: Context, options: AdminOptions, status: StatusReport): HoldSource {
  const get = async <R extends 'GET /held' | 'GET /held/:id'>(
    route: R,
    call: CallTo<R>,
  ): Promise<AnswerTo<R> | null> => {
    const answer = await callAdmin(context, options, route, call);
    if (answer.ok) return answer.value;
    if (answer.status === 404) return null;
    throw new SourceFailure(answer.message);
  };
  const list = async (connector: string): Promise<readonly HoldSummary[]> => {
    const holds: HoldSummary[] = [];
    for (;;) {
      const query = { connector, after: holds.at(-1)?.id ?? '', limit: String(PAGE) };
      const found = (await get('GET /held', { query }))?.holds ?? [];
      holds.push(...found);
      if (found.length < PAGE) return holds;
    }
  };
  const readHold = (id: string): Promise<Hold | null> => get('GET /held/:id', { id });
  const lists = new Map<string, Promise<readonly HoldSummary[]>>();
  return {
    maxMode: status.mode,
    ids: async (connector) => (await list(connector)).map(({ id }) => id),
    hold: readHold,
    async others(hold) {
      const event = heldEventOf(hold);
      if (event === null) return [];
      const listed = lists.get(hold.connector) ?? list(hold.connector);
      lists.set(hold.connector, listed);
      const same = (await listed).filter(
        (other) => other.event === event && other.requestDigest !== hold.requestDigest,
      );
      return presentOf(await Promise.all(same.map(({ id }) => readHold(id))));
    },
    pauseOf(connector, behaviour, before) {
      const paused = status.connectors.find(({ id }) => id === connector)?.paused ?? null;
      const applies =
        paused?.kind === 'manual' ||
        [behaviour, before].some((digest) => digest !== undefined && paused?.behaviour === digest);
      return applies ? paused : null;
    },
  };
}
