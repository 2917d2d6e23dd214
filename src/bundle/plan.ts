/**
 * The contract between the compiler and the runtime: one plan per connector. Plain JSON; the same connectors give the
 * same plans. No secrets, no samples, no clock.
 */
import type {
  AcknowledgePlan,
  BodyPlan,
  ConditionPlan,
  HandshakePlan,
  IdempotencyPlan,
  MappingPlan,
  ShapePlan,
  SignaturePlan,
  SplitPlan,
  UnwrapPlan,
} from '../stages/plans.ts';

/** Version of the bundle format; a runtime refuses others. */
export const BUNDLE_FORMAT = 1;

/** What a connector's target is called where its file names none. */
export const DEFAULT_TARGET = 'default';

export type ConnectorStatus = 'test' | 'live' | 'disabled';

export interface ConnectorPlan extends BodyPlan {
  readonly id: string;
  readonly description?: string;
  readonly owner?: string;
  /** Empty where the connector maps nothing itself. */
  readonly actionFlow: string;
  /** The connector whose URL brings its events; it has none of its own, and its security is that one's. */
  readonly eventsOf?: string;
  /** Connectors that take the events of this URL, itself among them if it maps any, by id. Absent: it alone. */
  readonly events?: readonly string[];
  /** Name of a target of the deployment; absent: its default one. */
  readonly target?: string;
  readonly status: ConnectorStatus;
  readonly methods: readonly ('POST' | 'PUT')[];
  readonly allowIps: readonly string[];
  /** null: nothing authenticates the sender; the compiler allowed it because the file says why, or the connector is a test one. */
  readonly signature: SignaturePlan | null;
  /** Challenges, where there is no signature whose challenges they would be. */
  readonly handshake?: readonly HandshakePlan[];
  /** The answer to what was accepted or ignored, where there is no signature that has one. */
  readonly acknowledge?: AcknowledgePlan;
  /** The secret URL is what proves the sender: without URL keys in the deployment the connector is not served. */
  readonly urlKey: boolean;
  /** Why the security was made weaker: read by the diff alone. */
  readonly weakened?: string;
  /** Absent: the body is as it is. */
  readonly unwrap?: readonly UnwrapPlan[];
  readonly when: readonly ConditionPlan[];
  readonly testWhen: ConditionPlan | null;
  /** A path: all elements are events for the connector. */
  readonly split: string | SplitPlan | null;
  /** null: no sample yet, everything is held. */
  readonly shape: ShapePlan | null;
  /** What the mapping reads of the whole body of a batch; absent: nothing. */
  readonly envelope?: ShapePlan;
  readonly mapping: MappingPlan;
  readonly idempotency: IdempotencyPlan;
  /** Absent: what the deployment allows. */
  readonly limits?: {
    readonly requestsPerMinute: number;
    /** How many may come at once. */
    readonly burst: number;
  };
  /** Digest (hex SHA-256) of what decides how a request is judged and mapped: an automatic pause is bound to it. */
  readonly behaviour: string;
  /** The same digest as the version of the tool before worked it out, where it differs: its pauses go on applying. */
  readonly behaviourBefore?: string;
}

/** How a connector answers what it accepted or ignored; undefined: with what became of it. */
export function acknowledgeOf({ signature, acknowledge }: ConnectorPlan): AcknowledgePlan | undefined {
  return signature?.acknowledge ?? acknowledge;
}

/** First line of a bundle. */
export interface BundleManifest {
  readonly format: typeof BUNDLE_FORMAT;
  /** What the bundle was built from, such as a commit id; free text. */
  readonly revision: string;
  /** Grows from build to build (commit time of HEAD in seconds by default). */
  readonly sequence: number;
  /** SHA-256 (hex) of all bytes after the manifest line. */
  readonly digest: string;
  /** Number of connector lines. */
  readonly connectors: number;
  /** Version of the tool that wrote it. */
  readonly tool: string;
}
