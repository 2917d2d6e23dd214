/** What a preset is: a provider's scheme as data, in the grammar of the connector file, with what one should know of it. */
import type { Signature } from '../../generated/connector.ts';
import type { BodyPlan, IdempotencyPlan } from '../plans.ts';
import type { TimestampFormat } from './timestamp.ts';

export interface SignaturePreset {
  /** As written behind `preset:`. */
  readonly name: string;
  readonly title: string;
  /** The provider's own description of the scheme. */
  readonly docs: string;
  /** Everything but the secret; `handshake` included. */
  readonly signature: Omit<Signature, 'preset' | 'sharedSecret'>;
  /** Hosts that its keys are fetched from, where they are not at one address; `*` stands for one part of a name. */
  readonly keyHosts?: readonly string[];
  /** How the sender writes the timestamp, for signing test requests. Seconds where absent. */
  readonly timestampFormat?: TimestampFormat;
  /**
   * Whose events the secret signs: those of one endpoint, of everything in one account, or of every customer who
   * installed an app, or of every customer of the provider, as where its keys are public (the connector then has to tell
   * them apart by itself).
   */
  readonly secretScope: 'endpoint' | 'account' | 'app' | 'provider';
  /** How the sender encodes bodies; absent: JSON. */
  readonly body?: BodyPlan['body'];
  /** Where the secret is found, and how the provider shows it: it is pasted as it is. */
  readonly secret: { readonly where: string; readonly looks?: string };
  /** Who vouches for the request that is recorded for it: the provider's package, a published one, or its documentation. */
  readonly evidence: string;
  /**
   * Where a request says whose it is, for a secret of scope app or provider: paths in the body, or headers without `$`. A
   * condition on any of them tells customers apart. Of tokens `audience`, or `claim:NAME`. Absent where nothing says it.
   */
  readonly tenant?: readonly string[];
  /** What identifies an event; absent where the provider sends nothing that is both stable and signed. */
  readonly idempotency?: IdempotencyPlan;
  /**
   * Places of the body that differ between attempts to deliver one event: members by their names, `[*]` for all elements of
   * a list. What differs elsewhere is taken for another request. Never with a token in the body.
   */
  readonly attempt?: readonly string[];
  /** What the provider documents of its deliveries. */
  readonly limits?: {
    /** Seconds in which it wants an answer. */
    readonly answerWithin?: number;
    /** When it sends a request again that was not answered well, and what it does when that goes on. */
    readonly retries?: string;
  };
  /** What makes the scheme weaker than a signature over all of the body, in a sentence; absent where nothing does. */
  readonly weak?: string;
  /** What the scheme does not prove, and what else surprises. */
  readonly notes: readonly string[];
}
