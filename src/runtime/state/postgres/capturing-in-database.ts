/** "Get new sample" for replicas that share a database: windows that any of them opens, closes and fills. */
import type { StoredRequest } from '../../../admin-api/records.ts';
import { DEFAULT_CAPTURE_SECONDS, MAX_CAPTURE_SECONDS } from '../capture-windows.ts';
import type { CaptureStatus, OpenedWindow } from '../capturing.ts';
import { isConnectorId } from '../connector-id.ts';
import { WRITTEN, type Written } from '../files/durable-file.ts';
import type { CaptureWindow } from '../state.ts';
import { fillWindow, latestCapture, setWindow } from './captures.ts';
import { describeFailure } from './connect.ts';
import type { IntakeDeps } from './intake.ts';

export class CapturingInDatabase {
  readonly #link: IntakeDeps['link'];
  readonly #copy: IntakeDeps['copy'];
  readonly #now: () => number;
  readonly #explain: IntakeDeps['explain'];

  constructor({ link, copy, now, explain }: Omit<IntakeDeps, 'changes' | 'spool'>) {
    this.#link = link;
    this.#copy = copy;
    this.#now = now;
    this.#explain = explain;
  }

  windowOf(connector: string, now: number): CaptureWindow | null {
    const endsAt = this.#copy.windowOf(connector, now);
    return endsAt === null ? null : { connector, endsAt };
  }

  async capture(connector: string, request: StoredRequest, now: number): Promise<{ ok: boolean }> {
    if (this.windowOf(connector, now) === null) return { ok: false };
    try {
      const isKept = await this.#link.run((client) => fillWindow(client, connector, request, now));
      this.#copy.setWindows([[connector, 0]]);
      return { ok: isKept };
    } catch {
      return { ok: false };
    }
  }

  async open(connector: string, seconds: number = DEFAULT_CAPTURE_SECONDS): Promise<OpenedWindow> {
    if (!isConnectorId(connector))
      return { ok: false, reason: `"${connector}" is not the id of a connector` };
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_CAPTURE_SECONDS) {
      const reason = `"${seconds}" is not a number of seconds from 1 to ${MAX_CAPTURE_SECONDS}`;
      return { ok: false, reason };
    }
    const window = { connector, endsAt: this.#now() + seconds * 1000 };
    const written = await this.#setWindow(connector, window.endsAt);
    return written.ok ? { ok: true, window } : written;
  }

  async close(connector: string): Promise<void> {
    await this.#setWindow(connector, 0);
  }

  windows(now: number): readonly CaptureWindow[] {
    return [...this.#copy.windows()]
      .filter(([, endsAt]) => endsAt > now)
      .map(([connector, endsAt]) => ({ connector, endsAt }));
  }

  async status(connector: string, now: number): Promise<CaptureStatus> {
    const window = this.windowOf(connector, now);
    const latest = await this.#link.run((client) => latestCapture(client, connector)).catch(() => null);
    return { window, latest };
  }

  async #setWindow(connector: string, endsAt: number): Promise<Written> {
    try {
      await this.#link.run((client) => setWindow(client, connector, endsAt));
      this.#copy.setWindows([[connector, endsAt]]);
      return WRITTEN;
    } catch (error) {
      return { ok: false, reason: this.#explain(describeFailure(error)) };
    }
  }
}
