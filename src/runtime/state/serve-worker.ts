/** The owner's end of a channel to one worker: pushes every change at once, answers `keep` and `capture` when they are durable. */
import { parseCanonicalJson } from '../../bundle/canonical-json.ts';
import { packSnapshot, type SnapshotPart } from './snapshot.ts';
import type { NewHold } from './state.ts';
import type { StateOwner } from './state-owner.ts';
import { type Channel, isStateMessage, type OwnerMessage, type WorkerMessage } from './worker-protocol.ts';

const EVERYTHING: readonly SnapshotPart[] = ['overlay', 'windows', 'streaks', 'isOurs'];

/** Returns how to stop, when the worker is gone. */
export function serveWorker(owner: StateOwner, channel: Channel): () => void {
  let isGreeted = false;
  const post = (message: OwnerMessage): void => {
    try {
      channel.post(message);
    } catch {
      // The worker is gone; its sender gets no answer and sends again.
    }
  };
  const push = (parts: readonly SnapshotPart[]): void =>
    post({ state: 'snapshot', snapshot: packSnapshot(owner.snapshot(), parts) });

  channel.onMessage((raw) => {
    if (!isStateMessage(raw)) return;
    const message = raw as WorkerMessage;
    switch (message.state) {
      case 'hello':
        isGreeted = true;
        push(EVERYTHING);
        break;
      case 'keep':
        void owner
          .keep(parseCanonicalJson(message.hold) as NewHold)
          .then((result) => post({ state: 'kept', call: message.call, result }));
        break;
      case 'aside':
        void owner
          .setAside(parseCanonicalJson(message.hold) as NewHold)
          .then((result) => post({ state: 'set-aside', call: message.call, result }));
        break;
      case 'capture':
        void owner
          .capture(message.connector, message.request, message.now)
          .then((result) => post({ state: 'captured', call: message.call, result }));
        break;
      case 'fitted':
        owner.fitted(message.connector, message.hasRecipient);
        break;
      case 'drifted':
        owner.drifted(message.connector, message.differences, message.now);
        break;
    }
  });
  // Pushed synchronously, so that a worker hears of a pause before it gets the answer to the request that caused it.
  return owner.subscribe((change) => {
    if (isGreeted && change.kind !== 'held') push([change.kind]);
  });
}
