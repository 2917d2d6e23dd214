/**
 * Work that one replica does for all. In: a connection, every second. Out: whether this replica has it now. A claim is one
 * statement under the clock of the database and raises a number; what is written under an older number is refused.
 */
import type { Client } from 'pg';

/** A replica that dies gives its work up within this time and a second. */
export const LEASE_SECONDS = 20;
/** Who could not renew for so long stops before somebody else begins. */
export const GIVE_UP_MS = 15_000;

/** The number of the claim, a new one or the one that is renewed; null: another replica has it. */
export async function claimLease(client: Client, name: string, holder: string): Promise<string | null> {
  const { rows } = await client.query<{ number: string }>(
    `insert into sluice.leases as lease (name, holder, number, expires_at)
     values ($1, $2, 1, now() + interval '${LEASE_SECONDS} seconds')
     on conflict (name) do update set
       holder = excluded.holder,
       number = lease.number + case when lease.holder = excluded.holder and lease.expires_at > now() then 0 else 1 end,
       expires_at = excluded.expires_at
     where lease.holder = excluded.holder or lease.expires_at <= now()
     returning number::text as number`,
    [name, holder],
  );
  return rows[0]?.number ?? null;
}

/** At a clean end: the next replica need not wait. */
export async function releaseLease(client: Client, name: string, holder: string): Promise<void> {
  await client.query('update sluice.leases set expires_at = now() where name = $1 and holder = $2', [
    name,
    holder,
  ]);
}
