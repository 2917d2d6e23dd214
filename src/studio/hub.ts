/** What happens while pages are open, told to each of them; and the last requests, for pages that open later. */
import type { PageEvent, PageRequest } from './api.ts';

export interface Hub {
  tell(event: PageEvent): void;
  /** The last requests first, then whatever happens. Returns what ends it. */
  follow(listener: (event: PageEvent) => void): () => void;
}

/** Requests kept, and bytes of them together: payloads are in memory only. */
const MAX_KEPT = 200;
const MAX_CHARACTERS = 8 * 1024 * 1024;

export function createHub(): Hub {
  const listeners = new Set<(event: PageEvent) => void>();
  const kept: PageRequest[] = [];
  let characters = 0;
  const sizeOf = ({ body, curl, sample }: PageRequest): number =>
    body.length + curl.length + (sample ?? '').length;

  return {
    tell(event) {
      if (event.kind === 'request') {
        kept.push(event.request);
        characters += sizeOf(event.request);
        while (kept.length > 1 && (kept.length > MAX_KEPT || characters > MAX_CHARACTERS)) {
          characters -= sizeOf(kept.shift() as PageRequest);
        }
      }
      for (const listener of listeners) listener(event);
    },
    follow(listener) {
      for (const request of kept) listener({ kind: 'request', request });
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
