/** What the proof of a request vouches for, in words. In: a preview. Out: a phrase for "proved: ...". */
import type { Preview } from './preview.ts';

export function describeProof({ covers }: Pick<Preview, 'covers'>): string {
  if (covers === null) return 'nothing, anyone can call this connector';
  const parts = [
    covers.body ? 'the body' : null,
    covers.timestamp ? 'the time of sending' : null,
    ...covers.headers.map((name) => `the header ${name}`),
  ].filter((part) => part !== null);
  return parts.length === 0
    ? 'that the sender knows the secret, nothing about the request'
    : parts.join(', ');
}
