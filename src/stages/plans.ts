/**
 * What each stage keeps of a connector: plain JSON, written by the stages' prepare halves, stored in the bundle, and
 * turned into functions by their run halves on first use. No secrets, no samples, no clock.
 */
import type { SecretReference } from './secrets.ts';

export type Mode = 'test' | 'live';

/** One comparison of `when`, `testWhen` or a handshake. */
export interface ConditionPlan {
  readonly path?: string;
  readonly header?: string;
  readonly equals?: string | number | boolean | null;
  readonly in?: readonly (string | number | boolean | null)[];
  readonly prefix?: string;
  readonly exists?: boolean;
  /** Every sample resolves it: a request where it is missing is drift, not "another event". */
  readonly inEverySample: boolean;
}

export type HashAlgorithm = 'sha1' | 'sha256' | 'sha512';
export type DigestEncoding = 'hex' | 'base64' | 'base64url';

/** A piece of the signed text. */
export type TemplateToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'timestamp' | 'payload' | 'secret' | 'method' | 'url' | 'path' | 'form' }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'body'; readonly path: string };

export interface SignaturePlan {
  readonly preset?: string;
  readonly type: 'hmac' | 'hash' | 'token' | 'ed25519' | 'ecdsa';
  readonly algorithm: HashAlgorithm;
  readonly digest: DigestEncoding;
  readonly secrets: readonly SecretReference[];
  readonly secretEncoding: 'utf8' | 'hex' | 'base64';
  readonly secretPrefix?: string;
  /** What handshakes mean by equalsSecret. */
  readonly verifyToken?: SecretReference;
  readonly signature: {
    readonly headers?: readonly string[];
    readonly body?: string;
    readonly parsePrefix?: string;
  };
  readonly timestamp?: {
    readonly header?: string;
    readonly body?: string;
    readonly parsePrefix?: string;
    /** Seconds either way; 0 is off. */
    readonly tolerance: number;
  };
  readonly template: readonly TemplateToken[];
  readonly bodyHash?: {
    readonly query: string;
    readonly algorithm: HashAlgorithm;
    readonly digest: DigestEncoding;
  };
  /** Status of the empty answer to what was accepted or ignored; absent: 202 or 200, with a body. */
  readonly acknowledge?: 200 | 204;
  /** Places of the body that belong to one attempt of the sender, not to the event: plain paths, and `[*]`. */
  readonly attempt?: readonly string[];
  readonly handshake: readonly HandshakePlan[];
  /** What the proof covers, worked out at compile time. */
  readonly covers: {
    readonly body: boolean;
    readonly headers: readonly string[];
    readonly timestamp: boolean;
  };
}

/** One comparison by which a challenge is recognised: as of events, or of a query parameter, or with a secret. */
export interface HandshakeConditionPlan extends ConditionPlan {
  readonly query?: string;
  readonly equalsSecret?: 'verifyToken';
}

export interface HandshakePlan {
  /** Absent: POST, or whatever else the connector takes events by. */
  readonly method?: 'GET' | 'HEAD' | 'OPTIONS';
  /** What must prove it; absent: the signature. window: nothing, while an operator waits for it. */
  readonly proof?: 'none' | 'window';
  readonly when: readonly HandshakeConditionPlan[];
  readonly status: number;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, AnswerPlan>>;
  readonly text?: AnswerPlan;
  readonly json?: Readonly<Record<string, AnswerPlan>>;
}

/** What an answer sends back. */
export type AnswerPlan =
  | ExpressionPlan
  | { readonly kind: 'query'; readonly name: string }
  /** Digest of a text of the request under the secret that proved it. */
  | { readonly kind: 'keyed'; readonly of: AnswerPlan };

export type Conversion = 'string' | 'number' | 'integer' | 'boolean' | 'json' | 'date-time';

/** A compiled expression of the mapping. */
export type ExpressionPlan =
  | { readonly kind: 'literal'; readonly value: unknown }
  | {
      readonly kind: 'path';
      /** The first that resolves to something other than null wins. */
      readonly paths: readonly string[];
      readonly as?: Conversion;
      readonly default?: unknown;
    }
  | { readonly kind: 'header'; readonly name: string; readonly as?: Conversion; readonly default?: unknown }
  | {
      readonly kind: 'template';
      readonly parts: readonly (string | { readonly paths: readonly string[]; readonly default?: string })[];
      readonly as?: Conversion;
      readonly default?: unknown;
    }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, ExpressionPlan>> }
  | { readonly kind: 'list'; readonly items: readonly ExpressionPlan[] };

/** One source of recipients. */
export type RecipientPlan = ExpressionPlan & { readonly whenMissing?: 'ignore' };

export interface StructuredMappingPlan {
  readonly kind: 'structured';
  readonly targetUserIds: readonly RecipientPlan[];
  readonly cardOptions?: Readonly<Record<string, ExpressionPlan>>;
  readonly targetStreamIds?: readonly ExpressionPlan[];
  readonly flowInvocationId?: ExpressionPlan;
  readonly variables?: Readonly<Record<string, ExpressionPlan>>;
  readonly notificationDetail?: Readonly<Record<string, ExpressionPlan>>;
  readonly metadata?: Readonly<Record<string, ExpressionPlan>>;
}

export interface ScriptMappingPlan {
  readonly kind: 'script';
  /** File name inside the connector's folder, for messages. */
  readonly file: string;
  /** ES module that imports nothing: the file and what it imports, compiled into one. */
  readonly source: string;
  /** Source map of it; absent: the source is the file as it is. */
  readonly map?: {
    /** Paths inside the connector's folder. */
    readonly sources: readonly string[];
    /** As in a source map (ECMA-426): base64 VLQ. */
    readonly mappings: string;
  };
  /** SHA-256 of the source in hex: the key under which a script process keeps the compiled module. */
  readonly digest: string;
}

export type MappingPlan = StructuredMappingPlan | ScriptMappingPlan;

/** One value that the mapping reads from the payload: the shape must keep it resolvable. */
export interface PathRead {
  /** Alternatives, the first that resolves wins. */
  readonly paths: readonly string[];
  /** Feeds targetUserIds, or is listed in shape.required: missing or null is grade hold, whatever the samples have. */
  readonly required: boolean;
  /** Missing is fine: the expression has a default, or shape.optional lists the path. */
  readonly optional: boolean;
  /** Feeds targetUserIds: null and blank are nobody. */
  readonly recipient?: true;
  /** Of a recipient: that it is missing means that there is nobody to tell, unless it looks renamed. */
  readonly whenMissing?: 'ignore';
}

export type ShapePolicy = 'mapped' | 'superset' | 'exact';

export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'object' | 'array';

/** The shape of a value: what the samples have in common. An empty list of types takes anything (only ever null so far). */
export interface Shape {
  /** Sorted; without 'null', which `nullable` says. */
  readonly types: readonly Exclude<JsonType, 'null'>[];
  readonly nullable?: true;
  /** Members of an object, by name, in sorted order. */
  readonly members?: Readonly<Record<string, Shape>>;
  /** Names of members that not every sample has, sorted. */
  readonly optional?: readonly string[];
  /** All values of an object whose keys are data. Excludes `members`. */
  readonly values?: Shape;
  /** Union of the elements of a list; absent when every sample's list was empty. */
  readonly items?: Shape;
}

export interface ShapePlan {
  readonly policy: ShapePolicy;
  readonly pauseAfter: number;
  readonly shape: Shape;
  /** SHA-256 (hex) of the merged shape in canonical form. */
  readonly fingerprint: string;
  /** The same of each sample alone, sorted, for policy exact. */
  readonly sampleFingerprints: readonly string[];
  readonly reads: readonly (PathRead & {
    /** Every sample resolves it to something other than null. */
    readonly inEverySample: boolean;
  })[];
}

export type IdempotencyPlan =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'header'; readonly header: string }
  | { readonly kind: 'body' }
  | { readonly kind: 'none' };
