/**
 * What operators do with requests that were kept. Replays and discards take turns: no hold is sent and dropped at once,
 * none is sent twice at once, and they go out oldest first.
 */

import type { ReplayView } from '../../admin-api/answers.ts';
import type { Hold, HoldSummary } from '../../admin-api/records.ts';
import { createTurns } from '../../outcomes/in-turn.ts';
import type { Log } from '../log/log.ts';
import { dryRunHold, type ReplayDeps, replayHold } from '../redelivery/replay.ts';
import { viewReplay, viewUnknownHold } from '../redelivery/replay-view.ts';
import { othersOf } from '../redelivery/same-event.ts';
import type { StateOwner } from '../state/state-owner.ts';
import { type Control, done, type HoldChoice, refuse } from './control.ts';
import { type Match, parseMatch, saysValue } from './match-held.ts';

export interface HeldControlDeps {
  readonly owner: StateOwner;
  readonly replaying: Omit<ReplayDeps, 'remove' | 'amend' | 'state' | 'others'>;
  readonly log: Log;
}

export function createHeldControl({
  owner,
  replaying,
  log,
}: HeldControlDeps): Pick<Control, 'holds' | 'hold' | 'replay' | 'discard'> {
  const inTurn = createTurns();

  const others = (hold: Hold) => othersOf(owner.holds, hold);
  const replayOne = async (
    id: string,
    dryRun: boolean,
    run: Pick<ReplayDeps, 'each' | 'passes'>,
  ): Promise<ReplayView> => {
    const hold = await owner.holds.get(id);
    if (hold === null) return viewUnknownHold(id);
    const deps = { ...replaying, ...run, others };
    const result = dryRun
      ? await dryRunHold(hold, deps)
      : await replayHold(hold, {
          ...deps,
          state: owner,
          remove: async () => (await owner.holds.remove(id)).ok,
          amend: async (changed, change) => (await owner.holds.update(changed.id, change)).ok,
        });
    return viewReplay(id, hold.connector, result);
  };

  return {
    async holds(filter) {
      const unread = owner.unread();
      if (unread !== null) return refuse(503, unread);
      await owner.holds.read;
      return done(owner.holds.list(filter));
    },
    async hold(id) {
      const unread = owner.unread();
      if (unread !== null) return refuse(503, unread);
      await owner.holds.read;
      const hold = await owner.holds.get(id);
      if (hold === null) return refuse(404, viewUnknownHold(id).message ?? '');
      // The file may be behind: retries are counted in memory first.
      return done({ ...hold, count: Math.max(hold.count, owner.holds.summary(id)?.count ?? 0) });
    },
    replay: (selection, { dryRun, each = false, by, signal, listener }) =>
      inTurn(async () => {
        if (!owner.isOurs()) return refuse(503, owner.problems().join('; '));
        await owner.holds.read;
        const results: ReplayView[] = [];
        const ids = select(owner, selection);
        const run = { each, passes: new Map<string, boolean>() };
        await listener?.selected(ids.length);
        for (const id of ids) {
          if (signal.aborted) break;
          const result = await replayOne(id, dryRun, run);
          const { connector, outcome, code } = result;
          if (!dryRun)
            log.info({ holdId: id, connector, outcome, code, by }, 'an operator replayed a held request');
          if (listener === undefined) results.push(result);
          else await listener.replayed(result);
        }
        return done({ results });
      }),
    discard: ({ match: matchText, ...selection }, { by, dryRun }) =>
      inTurn(async () => {
        const match = matchText === undefined ? null : parseMatch(matchText);
        if (typeof match === 'string') return refuse(400, match);
        const unread = owner.unread();
        if (unread !== null) return refuse(503, unread);
        await owner.holds.read;
        const selected = await choose(owner, selection, match);
        let discarded = 0;
        if (dryRun) {
          const found = selected.map((id) => owner.holds.summary(id));
          return done({ discarded, chosen: found.filter((summary) => summary !== null) });
        }
        for (const id of selected) {
          const summary = owner.holds.summary(id);
          if (summary === null) continue;
          const removed = await owner.holds.remove(id);
          if (!removed.ok)
            return refuse(503, `discarded ${discarded}, then one could not be removed: ${removed.reason}`);
          discarded += 1;
          log.warn({ holdId: id, connector: summary.connector, by }, 'an operator discarded a held request');
        }
        return done({ discarded });
      }),
  };
}

/** As `select`, those alone in which the value is: each is read for that. */
async function choose(
  owner: StateOwner,
  selection: HoldChoice,
  match: Match | null,
): Promise<readonly string[]> {
  const ids = select(owner, selection);
  if (match === null) return ids;
  const chosen: string[] = [];
  for (const id of ids) {
    const hold = await owner.holds.get(id);
    if (hold !== null && saysValue(hold.request, match)) chosen.push(id);
  }
  return chosen;
}

/** Oldest first; ids that nothing is held under come last, as they were given. */
function select(owner: StateOwner, { ids, connector, verifiedBy }: HoldChoice): readonly string[] {
  const isChosen = (hold: HoldSummary): boolean =>
    (connector === undefined || hold.connector === connector) &&
    (verifiedBy === undefined || hold.verifiedBy === verifiedBy);
  if (ids === undefined) {
    return owner.holds
      .list(connector === undefined ? {} : { connector })
      .holds.filter(isChosen)
      .map(({ id }) => id);
  }
  const found = [...new Set(ids)].map((id) => ({ id, summary: owner.holds.summary(id) }));
  return found
    .filter(({ summary }) => summary === null || isChosen(summary))
    .sort(
      (one, other) =>
        (one.summary?.receivedAt ?? Number.POSITIVE_INFINITY) -
        (other.summary?.receivedAt ?? Number.POSITIVE_INFINITY),
    )
    .map(({ id }) => id);
}
