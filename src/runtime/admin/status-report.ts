/** The answer of /status: what is served, what is paused and why, what is held, and what needs a person. */
import type { ConnectorStatus } from '../../bundle/plan.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import type { ActivationError } from '../bundles/activate.ts';
import type { PauseRecord } from '../state/state.ts';

export interface StatusReport {
  /** A bundle is active, and the runtime is not stopping. */
  readonly ready: boolean;
  readonly bundle: null | {
    readonly revision: string;
    readonly sequence: number;
    readonly digest: string;
    readonly connectors: number;
    readonly activatedAt: string;
    readonly source: string;
    /** Why a newer one is not active. */
    readonly lastError: ActivationError | null;
  };
  readonly activation: {
    readonly lastAttempt: string | null;
    readonly lastActivation: string | null;
    readonly lastError: ActivationError | null;
    readonly activations: number;
    readonly failures: number;
  };
  readonly target: string;
  readonly mode: 'test' | 'live';
  /** Processes that take webhooks. */
  readonly workers: number;
  readonly state: { readonly problems: readonly string[] };
  readonly connectors: readonly ConnectorReport[];
}

export interface ConnectorReport {
  readonly id: string;
  readonly description: string | null;
  readonly owner: string | null;
  /** null: its plan cannot be read. */
  readonly status: ConnectorStatus | null;
  readonly url: string;
  readonly paused: PauseRecord | null;
  readonly held: {
    readonly total: number;
    readonly byCode: Readonly<Record<string, number>>;
    /** Milliseconds since the epoch. */
    readonly oldestAt: number | null;
  };
  /** Requests in a row that were ignored as their recipient is gone: kept, as it may have been renamed. */
  readonly aside: number;
  readonly drift: {
    readonly at: number;
    readonly count: number;
    readonly differences: readonly Difference[];
  } | null;
  readonly captureWindow: { readonly endsAt: number } | null;
  /** Names, such as env:SLUICE_SECRET_STRIPE. */
  readonly secretsMissing: readonly string[];
  /** Why it answers 503, or null. */
  readonly broken: string | null;
}
