/** The holds of a running runtime, read through its admin API. In: its status. Out: a source of holds. Changes nothing. */
import type { StatusReport } from '../../admin-api/answers.ts';
import type { AnswerTo, CallTo } from '../../admin-api/routes.ts';
import type { HoldSource } from '../../workbench/held/hold-source.ts';
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
  return {
    maxMode: status.mode,
    async ids(connector) {
      const ids: string[] = [];
      for (;;) {
        const query = { connector, after: ids.at(-1) ?? '', limit: String(PAGE) };
        const page = await get('GET /held', { query });
        const found = page?.holds ?? [];
        ids.push(...found.map(({ id }) => id));
        if (found.length < PAGE) return ids;
      }
    },
    hold: (id) => get('GET /held/:id', { id }),
    pauseOf(connector, behaviour) {
      const paused = status.connectors.find(({ id }) => id === connector)?.paused ?? null;
      const applies = paused?.kind === 'manual' || paused?.behaviour === behaviour;
      return applies ? paused : null;
    },
  };
}
