/** What each replica says of itself, every few seconds, and what all of them said last. In and out: rows of the database. */
import type { ClientBase } from 'pg';
import type { ReplicaReport } from '../../../admin-api/answers.ts';
import type { Serving } from '../state-owner.ts';

/** Who ended without a word is remembered for so long. */
const FORGOTTEN = '1 hour';

const REPORT_EVERY_MS = 5000;

/** This replica's place among them. */
export class FleetSeat {
  readonly #id: string;
  readonly #spooled: () => number;
  #serving: (() => Serving) | null = null;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(id: string, spooled: () => number) {
    this.#id = id;
    this.#spooled = spooled;
  }

  set(serving: () => Serving): void {
    this.#serving = serving;
  }

  /** `now`: milliseconds since anything. */
  async report(client: ClientBase, now: number): Promise<void> {
    if (this.#serving === null || now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    await client.query(
      `insert into sluice.replicas (id, report, seen_at) values ($1, $2, now())
       on conflict (id) do update set report = excluded.report, seen_at = excluded.seen_at`,
      [this.#id, JSON.stringify({ ...this.#serving(), spooled: this.#spooled() })],
    );
  }

  async leave(client: ClientBase): Promise<void> {
    await client.query(
      `delete from sluice.replicas where id = $1 or seen_at < now() - interval '${FORGOTTEN}'`,
      [this.#id],
    );
  }
}

/** The newest start first. */
export async function readFleet(client: ClientBase): Promise<readonly ReplicaReport[]> {
  const { rows } = await client.query<{ id: string; report: string; ago: number; in_charge: boolean }>(
    `select replicas.id, report, extract(epoch from now() - seen_at)::float8 as ago,
       leases.holder is not null as in_charge
     from sluice.replicas
     left join sluice.leases on name = 'held' and holder = replicas.id and expires_at > now()`,
  );
  return rows
    .map(({ id, report, ago, in_charge }) => ({
      id,
      ...(JSON.parse(report) as Serving & { readonly spooled: number }),
      seenSecondsAgo: Math.round(ago * 10) / 10,
      inCharge: in_charge,
    }))
    .sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
}
