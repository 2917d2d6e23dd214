/** Which connectors take their next request as a sample, and until when. In memory only: a restart closes every window. */
import type { CaptureWindow } from './state.ts';

export const DEFAULT_CAPTURE_SECONDS = 300;
export const MAX_CAPTURE_SECONDS = 3600;

export class CaptureWindows {
  readonly #windows = new Map<string, CaptureWindow>();

  open(connector: string, seconds: number, now: number): CaptureWindow {
    const window = { connector, endsAt: now + seconds * 1000 };
    this.#windows.set(connector, window);
    return window;
  }

  /** False when there was none. */
  close(connector: string): boolean {
    return this.#windows.delete(connector);
  }

  /** Takes the window for one request: nobody else gets it. null: none is open. */
  claim(connector: string, now: number): CaptureWindow | null {
    const window = this.of(connector, now);
    if (window !== null) this.#windows.delete(connector);
    return window;
  }

  /** After a claimed capture could not be kept. A window opened since then stays. */
  giveBack(window: CaptureWindow): void {
    if (!this.#windows.has(window.connector)) this.#windows.set(window.connector, window);
  }

  of(connector: string, now: number): CaptureWindow | null {
    const window = this.#windows.get(connector);
    return window !== undefined && now < window.endsAt ? window : null;
  }

  all(now: number): readonly CaptureWindow[] {
    for (const [connector, { endsAt }] of this.#windows) if (endsAt <= now) this.#windows.delete(connector);
    return [...this.#windows.values()];
  }
}
