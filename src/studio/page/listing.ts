/** The list of connectors, asked for again whenever something may have changed it. */
import { signal } from '@preact/signals';
import type { Listing } from '../api.ts';
import { call } from './call.ts';

export const listing = signal<Listing | null>(null);
export const listingProblem = signal<string | null>(null);

export async function refreshListing(): Promise<void> {
  const called = await call('list', {});
  if (called.ok) listing.value = called.value;
  listingProblem.value = called.ok ? null : called.detail;
}
