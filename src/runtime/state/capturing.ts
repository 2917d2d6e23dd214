/**
 * "Get new sample": windows in which the next request of a connector becomes a sample. In: windows that operators open, and
 * requests. Out: each window's one request, written before it is acknowledged.
 */

import type { StoredRequest } from '../../admin-api/records.ts';
import { DEFAULT_CAPTURE_SECONDS, MAX_CAPTURE_SECONDS } from './capture-windows.ts';
import { isConnectorId } from './connector-id.ts';
import type { Capture, CaptureStore } from './files/capture-store.ts';
import type { Written } from './files/durable-file.ts';
import type { Restrictions } from './restrictions.ts';
import type { CaptureWindow } from './state.ts';

export type OpenedWindow =
  | { readonly ok: true; readonly window: CaptureWindow }
  | { readonly ok: false; readonly reason: string };

export interface CaptureStatus {
  readonly window: CaptureWindow | null;
  readonly latest: Capture | null;
}

export class Capturing {
  readonly #restrictions: Restrictions;
  readonly #captures: CaptureStore;
  /** Captures that are being written. */
  readonly #writing = new Map<string, Promise<Written>>();

  constructor(restrictions: Restrictions, captures: CaptureStore) {
    this.#restrictions = restrictions;
    this.#captures = captures;
  }

  open(connector: string, seconds: number = DEFAULT_CAPTURE_SECONDS): OpenedWindow {
    if (!isConnectorId(connector))
      return { ok: false, reason: `"${connector}" is not the id of a connector` };
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_CAPTURE_SECONDS) {
      return {
        ok: false,
        reason: `"${seconds}" is not a number of seconds from 1 to ${MAX_CAPTURE_SECONDS}`,
      };
    }
    return { ok: true, window: this.#restrictions.openWindow(connector, seconds) };
  }

  async capture(connector: string, request: StoredRequest, now: number): Promise<{ ok: boolean }> {
    // Claimed before anything is awaited: one window takes one request.
    const window = this.#restrictions.claimWindow(connector, now);
    if (window === null) return { ok: false };
    const writing = this.#captures.keep(connector, request, now);
    this.#writing.set(connector, writing);
    const written = await writing;
    this.#writing.delete(connector);
    if (!written.ok) this.#restrictions.giveBackWindow(window);
    return { ok: written.ok };
  }

  async status(connector: string, now: number): Promise<CaptureStatus> {
    // In this order: whoever sees that the window is closed must also see what closed it.
    const window = this.#restrictions.captureWindowOf(connector, now);
    await this.#writing.get(connector);
    return { window, latest: await this.#captures.latest(connector) };
  }
}
