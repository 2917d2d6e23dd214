import type { Channel } from '../../../src/runtime/state/worker-protocol.ts';

/** Two ends of a channel as between processes: messages are copied as JSON and arrive later, in order. */
export function makeChannelPair(): [Channel & { cut(): void }, Channel & { cut(): void }] {
  const listeners: [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []];
  let isCut = false;
  const makeEnd = (own: 0 | 1): Channel & { cut(): void } => ({
    post(message) {
      if (isCut) throw new Error('channel closed');
      const text = JSON.stringify(message);
      setImmediate(() => {
        if (isCut) return;
        for (const listener of listeners[own === 0 ? 1 : 0]) listener(JSON.parse(text));
      });
    },
    onMessage(listener) {
      listeners[own].push(listener);
    },
    cut() {
      isCut = true;
    },
  });
  return [makeEnd(0), makeEnd(1)];
}
