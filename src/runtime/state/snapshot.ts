/** What a worker process must know to answer `RuntimeState`'s reads by itself: parts, each sent anew when it changes. */
import { EMPTY_OVERLAY, type Overlay } from './overlay.ts';
import { decodeOverlay, encodeOverlay } from './overlay-format.ts';
import type { CaptureWindow } from './state.ts';

export interface StateSnapshot {
  readonly overlay: Overlay;
  readonly windows: readonly CaptureWindow[];
  /** Connectors with a streak of requests that did not fit: only for these `fitted` has something to say. */
  readonly streaks: readonly string[];
  /** False once another process has the state folder. */
  readonly isOurs: boolean;
}

export const EMPTY_SNAPSHOT: StateSnapshot = {
  overlay: EMPTY_OVERLAY,
  windows: [],
  streaks: [],
  isOurs: true,
};

export type SnapshotPart = keyof StateSnapshot;

/** Plain JSON; only the parts that are there are replaced. */
export interface SnapshotMessage {
  readonly overlay?: string;
  readonly windows?: readonly CaptureWindow[];
  readonly streaks?: readonly string[];
  readonly isOurs?: boolean;
}

export function packSnapshot(snapshot: StateSnapshot, parts: readonly SnapshotPart[]): SnapshotMessage {
  const { overlay, windows, streaks, isOurs } = snapshot;
  return {
    ...(parts.includes('overlay') ? { overlay: encodeOverlay(overlay) } : {}),
    ...(parts.includes('windows') ? { windows } : {}),
    ...(parts.includes('streaks') ? { streaks } : {}),
    ...(parts.includes('isOurs') ? { isOurs } : {}),
  };
}

export function unpackSnapshot(before: StateSnapshot, message: SnapshotMessage): StateSnapshot {
  let overlay = before.overlay;
  if (message.overlay !== undefined) {
    const decoded = decodeOverlay(message.overlay);
    if (!decoded.ok)
      throw new Error(`the owner of the state folder sent an overlay that cannot be read: ${decoded.reason}`);
    overlay = decoded.overlay;
  }
  return {
    overlay,
    windows: message.windows ?? before.windows,
    streaks: message.streaks ?? before.streaks,
    isOurs: message.isOurs ?? before.isOurs,
  };
}
