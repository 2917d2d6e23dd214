/**
 * Holds to read, wherever they are: in a running runtime, or in a state folder that no runtime has. In: what was chosen.
 * Out: the holds one after the other, oldest first, and which pause would apply to a connector. Changes nothing.
 */
import type { StatusReport } from '../../runtime/admin/status-report.ts';
import type { HoldList, HoldSummary } from '../../runtime/state/hold-index.ts';
import { heldEventOf } from '../../runtime/state/same-request.ts';
import type { Hold, PauseRecord } from '../../runtime/state/state.ts';
import type { StateOwner } from '../../runtime/state/state-owner.ts';
import type { Mode } from '../../stages/plans.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import type { Context } from '../context.ts';

export interface HoldSource {
  /** The most that the deployment does. */
  readonly maxMode: Mode;
  ids(connector: string): Promise<readonly string[]>;
  /** null: nothing is held under this id. */
  hold(id: string): Promise<Hold | null>;
  /** Other requests of the same event, oldest first. */
  others(hold: Hold): Promise<readonly Hold[]>;
  /** What would pause a connector that has this behaviour. */
  pauseOf(connector: string, behaviour: string, before?: string): PauseRecord | null;
}

/** What is asked of a runtime may fail at any time: a sentence for people. */
export class SourceFailure extends Error {}

/** As many as the admin API lists at once. */
const PAGE = 1000;

export function holdsOfRuntime(context: Context, options: AdminOptions, status: StatusReport): HoldSource {
  const get = async <T>(path: string): Promise<T | null> => {
    const answer = await callAdmin<T>(context, options, 'GET', path);
    if (answer.ok) return answer.value;
    if (answer.status === 404) return null;
    throw new SourceFailure(answer.message);
  };
  const list = async (connector: string): Promise<readonly HoldSummary[]> => {
    const holds: HoldSummary[] = [];
    for (;;) {
      const query = new URLSearchParams({ connector, after: holds.at(-1)?.id ?? '', limit: String(PAGE) });
      const page = await get<HoldList>(`/held?${query}`);
      const found = page?.holds ?? [];
      holds.push(...found);
      if (found.length < PAGE) return holds;
    }
  };
  const readHold = (id: string): Promise<Hold | null> => get<Hold>(`/held/${encodeURIComponent(id)}`);
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
      return present(await Promise.all(same.map(({ id }) => readHold(id))));
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

export function holdsOfFolder(owner: StateOwner): HoldSource {
  return {
    maxMode: 'live',
    ids: async (connector) => owner.holds.list({ connector }).holds.map(({ id }) => id),
    hold: (id) => owner.holds.get(id),
    others: async ({ id }) =>
      present(await Promise.all(owner.holds.othersOf(id).map((other) => owner.holds.get(other.id)))),
    pauseOf: (connector, behaviour, before) => owner.pauseOf(connector, behaviour, before),
  };
}

function present(holds: readonly (Hold | null)[]): readonly Hold[] {
  return holds.filter((hold) => hold !== null);
}
