/** The channel between a process and the child that it forked, at either end. */
import type { Channel } from './worker-protocol.ts';

/** `process` in the worker, the `ChildProcess` (or cluster worker) in the owner. */
export interface MessagingProcess {
  readonly connected: boolean;
  send?(message: object): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

export function channelOfProcess(peer: MessagingProcess): Channel {
  return {
    post(message) {
      if (!peer.connected || peer.send === undefined) throw new Error('the other process is gone');
      peer.send(message as object);
    },
    onMessage(listener) {
      peer.on('message', listener);
    },
  };
}
