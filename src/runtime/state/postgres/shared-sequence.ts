/**
 * The highest sequence of a signed bundle that any replica has accepted: what one has served, none goes behind. In: the cache
 * of this replica, and the database. Out: the same cache, whose sequence is the higher of the two.
 */
import type { BundleCache } from '../files/bundle-cache.ts';
import { describeFailure } from './connect.ts';
import type { DatabaseLink } from './database-link.ts';

interface Highest {
  readonly highest: number;
  readonly digest: string | null;
}

/** Where the database is away, what was read last counts, and what this replica knows for itself. */
export function shareSequence(local: BundleCache, link: Pick<DatabaseLink, 'run'>): BundleCache {
  let shared: Highest | null = null;
  const isShared = (): boolean =>
    shared !== null && shared.highest >= (local.highestSequence() ?? shared.highest);
  const read = async (): Promise<void> => {
    const { rows } = await link.run((client) =>
      client.query<{ content: string }>(`select content from sluice.documents where name = 'sequence'`),
    );
    shared = rows[0] === undefined ? null : JSON.parse(rows[0].content);
  };
  return {
    ...local,
    refresh: () => read().catch(() => {}),
    highestSequence: () => (isShared() ? (shared?.highest ?? null) : local.highestSequence()),
    highestDigest: () => (isShared() ? (shared?.digest ?? null) : local.highestDigest()),
    async raiseSequence(sequence, digest) {
      const written = await local.raiseSequence(sequence, digest);
      try {
        await link.run((client) =>
          client.query(
            `insert into sluice.documents as known (name, content) values ('sequence', $1)
             on conflict (name) do update set content = excluded.content
             where (known.content::json ->> 'highest')::bigint < $2`,
            [JSON.stringify({ highest: sequence, digest: digest ?? null }), sequence],
          ),
        );
        await read();
        return written;
      } catch (error) {
        const reason = `the other replicas do not know of the sequence ${sequence} yet: ${describeFailure(error)}`;
        return { ok: false, reason };
      }
    },
  };
}
