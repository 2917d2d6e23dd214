/** Which keys at addresses the served connectors need. In: what is served. Out: addresses; in slices, as requests are served. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { Activation } from './activate.ts';

/** Reading a plan for the first time takes about 0.05 ms. */
const SLICE = 100;

export async function neededKeys({ served }: Pick<Activation, 'served'>): Promise<ReadonlySet<string>> {
  const addresses = new Set<string>();
  let read = 0;
  for (const connector of served.values()) {
    const address = keysOf(connector.plan());
    if (address !== undefined) addresses.add(address);
    read += 1;
    if (read % SLICE === 0) await nextTurn();
  }
  return addresses;
}

/** The address of the keys that a connector needs; a disabled one needs none. */
export function keysOf(plan: ConnectorPlan | null): string | undefined {
  return plan === null || plan.status === 'disabled' ? undefined : plan.signature?.jwt?.keys;
}
