/**
 * What the admin API answers. The runtime makes these, every client reads them: nobody declares an answer again.
 */
import type { ConnectorStatus } from '../bundle/plan.ts';
import type { OutcomeCode, OutcomeName } from '../outcomes/codes.ts';
import type { OutgoingTrigger } from '../outcomes/delivery.ts';
import type { Mode } from '../stages/plans.ts';
import type { Difference } from '../stages/shape/difference.ts';
import type { PauseRecord } from './records.ts';

/** The answer of /status: what is served, what is paused and why, what is held, and what needs a person. */
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
    readonly lastError: BundleProblem | null;
  };
  readonly activation: {
    readonly lastAttempt: string | null;
    readonly lastActivation: string | null;
    readonly lastError: BundleProblem | null;
    readonly activations: number;
    readonly failures: number;
  };
  readonly target: string;
  readonly mode: Mode;
  /** Processes that take webhooks. */
  readonly workers: number;
  readonly state: {
    readonly problems: readonly string[];
    /** When each was first seen: ISO 8601. */
    readonly since: readonly string[];
  };
  /** Requests of the last hour, or since the start. */
  readonly lastHour: readonly { readonly outcome: string; readonly code: string; readonly count: number }[];
  /** Worst first. */
  readonly problems: readonly ProblemReport[];
  /** Those that do not take triggers as they should. */
  readonly flows: readonly FlowStatus[];
  /** Holds that were sent again for a day, by flow; oldest first. */
  readonly failing: readonly FailingHolds[];
  readonly connectors: readonly ConnectorReport[];
}

/** One of the replicas that share a database, as it has said itself. */
export interface ReplicaReport {
  readonly id: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly ready: boolean;
  /** Of the bundle that it serves; null: none. */
  readonly revision: string | null;
  /** ISO 8601. */
  readonly activatedAt: string | null;
  /** Holds that wait on its disk for the database. */
  readonly spooled: number;
  /** It says something every five seconds. */
  readonly seenSecondsAgo: number;
  /** Whether it sends again what is held. */
  readonly inCharge: boolean;
}

export interface ProblemReport {
  /** Empty: of the runtime as a whole. */
  readonly connectors: readonly string[];
  /** A sentence for people. */
  readonly what: string;
  /** ISO 8601; null: not known. */
  readonly since: string | null;
  /** What to run next, without the name of the program: held list --connector orders. null: it stands in the sentence. */
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
  /** Name of the target that its triggers go to. */
  readonly target: string;
  /** false: the deployment has no such target, and every trigger is held. */
  readonly hasTarget: boolean;
  readonly paused: PauseRecord | null;
  readonly held: {
    readonly total: number;
    readonly byCode: Readonly<Record<string, number>>;
    /** Milliseconds since the epoch. */
    readonly oldestAt: number | null;
    /** How much of what it may hold is used; at 1 what would be held is answered 503. */
    readonly quotaUsed: number;
  };
  /** Requests since the start that were ignored as there was nobody to tell. */
  readonly nobodyToTell: number;
  /** Requests in a row that were ignored as their recipient is gone: kept, as it may have been renamed. */
  readonly aside: number;
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

/** Why a bundle is not active. */
export interface BundleProblem {
  readonly code: string;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface CaptureView {
  readonly window: { readonly endsAt: number } | null;
  readonly latest: {
    readonly name: string;
    /** {headers, body} */
    readonly sample: unknown;
  } | null;
}

/** What became of a test card. */
export interface SendView {
  readonly outcome: OutcomeName;
  readonly code: OutcomeCode;
  readonly message?: string;
  readonly triggers: readonly OutgoingTrigger[];
}

/** What a replay or a dry run of one hold came to. */
export interface ReplayView {
  readonly id: string;
  readonly connector: string;
  readonly outcome: 'delivered' | 'ignored' | 'held' | 'refused';
  readonly code: string;
  readonly message?: string;
  /** Dry runs only: what would be sent. */
  readonly triggers?: readonly OutgoingTrigger[];
}

/** One line that a replay streams: first how many holds there are, then each result. */
export type ReplayLine = { readonly total: number } | ReplayView;

export const REPLAY_STREAM = 'application/x-ndjson';

/** well: everything goes. slow: only what is sent again is answered in time. failing, parked: only probes go. */
export type FlowState = 'well' | 'slow' | 'failing' | 'parked';

/** A flow about which there is something to say. Times are milliseconds since the epoch. */
export interface FlowReport {
  readonly target: string;
  readonly flow: string;
  readonly state: FlowState;
  /** null: it is well. */
  readonly since: number | null;
  /** In a row. */
  readonly failures: number;
  /** What the target said last; null: nothing is wrong. */
  readonly reason: string | null;
  readonly nextTryAt: number | null;
  readonly inFlight: number;
  /** Holds that will be sent again. */
  readonly waiting: number;
}

/** A flow as the status shows it. */
export interface FlowStatus extends FlowReport {
  /** The hold that waits for it for longest; null: none does. */
  readonly oldest: WaitingHold | null;
}

/** A hold that is sent again by itself. */
export interface WaitingHold {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly attempts: number;
}

/** Holds of one flow that were tried for a day, and are not taken: most often they never will be. */
export interface FailingHolds {
  readonly target: string;
  readonly flow: string;
  readonly count: number;
  readonly oldest: WaitingHold;
  /** What the target said of the oldest. */
  readonly reason: string;
}
