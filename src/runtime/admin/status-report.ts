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
  readonly state: {
    readonly problems: readonly string[];
    /** When each was first seen: ISO 8601. */
    readonly since: readonly string[];
  };
  readonly redelivery: {
    /** Held requests that are sent again by themselves. */
    readonly waiting: number;
    /** Since when the target has taken nothing, in milliseconds since the epoch; null: it is well, or was not tried. */
    readonly failingSince: number | null;
  };
  /** Requests of the last hour, or since the start. */
  readonly lastHour: readonly { readonly outcome: string; readonly code: string; readonly count: number }[];
  /** Worst first. */
  readonly problems: readonly ProblemReport[];
  readonly connectors: readonly ConnectorReport[];
}

export interface ProblemReport {
  /** Empty: of the runtime as a whole. */
  readonly connectors: readonly string[];
  /** A sentence for people. */
  readonly what: string;
  /** ISO 8601; null: not known. */
  readonly since: string | null;
  /** What to run next; null: what to do stands in the sentence. */
  readonly next: string | null;
  /** false: good to know, and over by itself. */
  readonly needsPerson: boolean;
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
    /** How much of what it may hold is used; at 1 what would be held is answered 503. */
    readonly quotaUsed: number;
  };
  readonly drift: {
    readonly at: number;
    readonly count: number;
    readonly differences: readonly Difference[];
  } | null;
  readonly captureWindow: { readonly endsAt: number } | null;
  /** Names, such as env:SLUICE_SECRET_STRIPE, of what is not there. */
  readonly secretsMissing: readonly string[];
  /** Missing ones, and those that are set but cannot be used. */
  readonly secrets: readonly {
    readonly name: string;
    readonly kind: 'missing' | 'unusable';
    readonly reason: string;
    /** Everything is answered 503; false: another secret of the connector still proves requests. */
    readonly stops: boolean;
    /** ISO 8601. */
    readonly since: string;
  }[];
  /** Why it answers 503, or null. */
  readonly broken: string | null;
}
