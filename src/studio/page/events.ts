/** What happens while the page is open: requests as they arrive, and folders that were compiled again. Read as a stream. */
import { signal } from '@preact/signals';
import type { PageEvent, PageRequest } from '../api.ts';
import { isReachable, token } from './call.ts';
import { diskChanged } from './editing.ts';
import { refreshListing } from './listing.ts';

/** The latest first. */
export const requests = signal<readonly PageRequest[]>([]);

const MAX_KEPT = 200;
const AGAIN_MS = 2000;

/** Follows the stream until the page closes; begins again where it breaks off. */
export async function followEvents(): Promise<void> {
  while (token.value !== null) {
    try {
      const response = await fetch('/studio/api/events', {
        method: 'POST',
        headers: { authorization: `Bearer ${token.value}` },
      });
      if (!response.ok || response.body === null) return;
      isReachable.value = true;
      requests.value = [];
      await readStream(response.body);
    } catch {
      isReachable.value = false;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function readStream(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks)
      if (block.startsWith('data: ')) take(JSON.parse(block.slice('data: '.length)));
  }
}

function take(event: PageEvent): void {
  if (event.kind === 'request') {
    const others = requests.value.filter(({ id }) => id !== event.request.id);
    requests.value = [event.request, ...others].slice(0, MAX_KEPT);
    return;
  }
  void refreshListing();
  void diskChanged();
}
