/** What operators decide, for all replicas at once or not at all. In: a connector and who decides. Out: whether it is committed. */
import type { ClientBase } from 'pg';
import { isConnectorId } from '../connector-id.ts';
import { WRITTEN, type Written } from '../files/durable-file.ts';
import { EVERY_CONNECTOR, type Note } from '../overlay.ts';
import type { Operator } from '../state-owner.ts';
import { describeFailure } from './connect.ts';
import { pauseInDatabase, resumeInDatabase } from './decide-pauses.ts';
import type { IntakeDeps } from './intake.ts';
import type { ConnectorRow } from './restriction-rows.ts';

type Decide = (client: ClientBase, connector: string, note: Note) => Promise<readonly ConnectorRow[]>;

export class Decisions {
  readonly #deps: Omit<IntakeDeps, 'changes' | 'spool'>;

  constructor(deps: Omit<IntakeDeps, 'changes' | 'spool'>) {
    this.#deps = deps;
  }

  pause(connector: string, { by, reason = 'paused by an operator' }: Operator): Promise<Written> {
    return this.#decide(connector, { by, reason }, pauseInDatabase);
  }

  async resume(connector: string, { by, reason = 'resumed by an operator' }: Operator): Promise<Written> {
    return this.#decide(connector, { by, reason }, resumeInDatabase);
  }

  async #decide(connector: string, who: Omit<Note, 'at'>, decide: Decide): Promise<Written> {
    const { link, copy, now, explain } = this.#deps;
    const isKnown =
      isConnectorId(connector) || (decide === resumeInDatabase && connector === EVERY_CONNECTOR);
    if (!isKnown) return { ok: false, reason: `"${connector}" is not the id of a connector` };
    const note = { ...who, at: new Date(now()).toISOString() };
    try {
      copy.setConnectors(await link.run((client) => decide(client, connector, note)));
      return WRITTEN;
    } catch (error) {
      return { ok: false, reason: explain(describeFailure(error)), isUndone: true };
    }
  }
}
