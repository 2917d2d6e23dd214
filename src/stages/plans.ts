/**
 * What each stage keeps of a connector: plain JSON, written by the stages' prepare halves, stored in the bundle, and
 * turned into functions by their run halves on first use. No secrets, no samples, no clock.
 */
import type { SecretReference } from './secrets.ts';

export type Mode = 'test' | 'live';

/** How the body of a request is read. */
export interface BodyPlan {
  readonly body: 'json' | 'form' | 'xml' | 'text' | 'none';
  /** Fields of a form (names) and elements of XML (local names joined by slashes) that are lists however often they come. */
  readonly lists?: readonly string[];
}

export type Scalar = string | number | boolean | null;

/** What a condition compares with: written in the file, or read where the condition is judged. */
export type Operand =
  | Scalar
  /** `$$` is the whole body. */
  | { readonly path: string }
  /** A named value of the mapping. */
  | { readonly use: string };

/** One comparison of `when`, `testWhen`, `where` or a handshake; or several, of which one must hold. */
export interface ConditionPlan {
  readonly path?: string;
  readonly header?: string;
  readonly equals?: Operand;
  readonly in?: readonly Scalar[];
  readonly prefix?: string;
  readonly exists?: boolean;
  readonly notEquals?: Operand;
  readonly notIn?: readonly Scalar[];
  /** Numbers, or decimal texts: compared exactly. */
  readonly above?: Operand;
  readonly below?: Operand;
  readonly contains?: Scalar;
  /** One of these must hold, in place of a comparison of its own. */
  readonly any?: readonly ConditionPlan[];
  /** Every sample resolves it: a request where it is missing is drift, not "another event". */
  readonly inEverySample: boolean;
  /** For `exists: true`: the members that samples have where each step of the path looks; null: not an object there. */
  readonly known?: readonly (readonly string[] | null)[];
}

export type HashAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';
export type DigestEncoding = 'hex' | 'base64' | 'base64url';

/** A piece of the signed text. */
export type TemplateToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'timestamp' | 'payload' | 'secret' | 'method' | 'url' | 'path' | 'form' }
  | { readonly kind: 'header'; readonly name: string }
  /** Names and values of the headers that this header lists, itself among them. */
  | { readonly kind: 'headers'; readonly name: string }
  /** In any case: as it was sent, or in lower case. */
  | { readonly kind: 'query'; readonly name: string; readonly anyCase?: true }
  | { readonly kind: 'body'; readonly path: string }
  /** Name and value of each of these members of the body that is there, a line each. */
  | { readonly kind: 'fields'; readonly names: readonly string[] };

/** Where one value of a signature scheme stands: in headers, in the body, or in the query. */
export interface PlacePlan {
  readonly body?: string;
  /** Name of a query parameter. */
  readonly query?: string;
  readonly parsePrefix?: string;
  /** Of the values in the header or text, from 1 on; excludes parsePrefix. */
  readonly position?: number;
}

export interface SignaturePlan {
  readonly preset?: string;
  readonly type: 'hmac' | 'hash' | 'token' | 'basic' | 'ed25519' | 'ecdsa' | 'rsa' | 'jwt';
  readonly algorithm: HashAlgorithm;
  readonly digest: DigestEncoding;
  /** Empty where the keys are fetched. */
  readonly secrets: readonly SecretReference[];
  /** Of type basic; absent: the secret holds user and password. */
  readonly username?: SecretReference;
  readonly secretEncoding: 'utf8' | 'hex' | 'base64' | 'sha1';
  /** What precedes the key in the secret's text; of several the first that stands there is cut off. */
  readonly secretPrefix?: string | readonly string[];
  /** What handshakes mean by equalsSecret. */
  readonly verifyToken?: SecretReference;
  readonly signature: PlacePlan & { readonly headers?: readonly string[] };
  readonly timestamp?: PlacePlan & {
    readonly header?: string;
    /** Seconds either way; 0 is off. */
    readonly tolerance: number;
  };
  /** Which bytes of a compressed body the signature is over; absent: either. */
  readonly over?: 'sent' | 'decoded';
  /** Absent: [url] is the public URL as configured. */
  readonly urlPort?: 'either';
  readonly template: readonly TemplateToken[];
  readonly bodyHash?: {
    /** Where it stands: in the query, or in a claim of the token. */
    readonly query?: string;
    readonly claim?: string;
    readonly algorithm: HashAlgorithm;
    readonly digest: DigestEncoding;
  };
  /** Of type jwt. */
  readonly jwt?: JwtPlan;
  /** Of type rsa: the key comes in a certificate whose address the body names. */
  readonly certificate?: CertificatePlan;
  /** The answer to what was accepted or ignored; absent: 202 or 200, with what became of it. */
  readonly acknowledge?: AcknowledgePlan;
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

/** A number is the status of an empty answer. */
export type AcknowledgePlan =
  | number
  | {
      readonly status: number;
      readonly type: 'text/plain' | 'application/json' | 'text/xml';
      readonly text: string;
    };

/** What a JSON Web Token has to be; the algorithm is never the token's choice. */
export interface JwtPlan {
  readonly algorithms: readonly string[];
  /** HTTPS address of a JWKS; absent: the keys are the secrets. */
  readonly keys?: string;
  readonly issuer?: readonly string[];
  readonly audience?: readonly string[];
  readonly claims: Readonly<Record<string, string | number | boolean>>;
  /** Seconds since iat; absent: exp limits it; 0: nothing does. */
  readonly maxAge?: number;
  /** The claim that holds the hash of method, path and query. */
  readonly requestHash?: string;
}

/** How the certificate of an RSA signature is found and judged. */
export interface CertificatePlan {
  /** Path in the body to its address. */
  readonly body: string;
  /** What the whole address has to match. */
  readonly pattern: string;
  /** Common name of its subject. */
  readonly subject: string;
  /** Path in the body to the version of the scheme, and the algorithm of each. */
  readonly version: { readonly body: string; readonly algorithms: Readonly<Record<string, HashAlgorithm>> };
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
  /** Path to an address that the provider wants to be visited: shown to the operator, never visited. */
  readonly show?: string;
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

export type Conversion = 'string' | 'number' | 'integer' | 'boolean' | 'json' | 'date-time' | 'date' | 'url';

/** The steps between a source and its field, in the order in which they run, whatever the order in the file. */
export interface StepsPlan {
  /** Elements for which all hold. */
  readonly where?: readonly ConditionPlan[];
  /** Of each element. */
  readonly get?: ExpressionPlan;
  /** Texts that count as absent; an empty one stands for all blank texts. */
  readonly missing?: readonly string[];
  readonly separator?: string;
  readonly case?: 'lower' | 'upper';
  readonly except?: readonly ExpressionPlan[];
  readonly pick?: 'first' | 'last';
  readonly map?: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  readonly bands?: readonly { readonly from: number | string; readonly is: Scalar }[];
  /** How many digits the decimal point moves to the left; or the currency that says how many. */
  readonly point?: number | ExpressionPlan;
  readonly decimals?: number;
  readonly as?: Conversion;
  /** Milliseconds. */
  readonly shift?: number;
  readonly join?: string;
  readonly count?: true;
  readonly sum?: true;
  /** Graphemes. */
  readonly limit?: number;
  readonly default?: unknown;
}

/** A compiled expression of the mapping. Paths start with `$` (the payload) or `$$` (the whole body). */
export type ExpressionPlan =
  | { readonly kind: 'literal'; readonly value: unknown }
  /** The first with something left wins. */
  | ({ readonly kind: 'path'; readonly paths: readonly string[] } & StepsPlan)
  | ({ readonly kind: 'header'; readonly name: string } & StepsPlan)
  /** Names without `$` are those of named values. */
  | ({
      readonly kind: 'template';
      readonly parts: readonly (string | { readonly paths: readonly string[]; readonly default?: string })[];
    } & StepsPlan)
  /** All of them, laid flat. */
  | ({ readonly kind: 'gather'; readonly items: readonly ExpressionPlan[] } & StepsPlan)
  | ({ readonly kind: 'use'; readonly name: string } & StepsPlan)
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
  /** Worked out at most once per payload, when something uses them. */
  readonly values?: Readonly<Record<string, ExpressionPlan>>;
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

/** Elements of a list. */
export interface ChosenPlan {
  readonly path: string;
  readonly where: readonly ConditionPlan[];
}

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
  /** Of the whole body rather than of an element of a batch. */
  readonly root?: true;
  /** Only that it is there, and its own type: what is inside is not mapped. */
  readonly shallow?: true;
  /** The paths are read on those elements of a list for which all conditions hold; of lists inside them, the next. */
  readonly chosen?: readonly ChosenPlan[];
}

export type ShapePolicy = 'mapped' | 'superset' | 'exact';

export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'object' | 'array';

/** What a text looks like, or a number that is a time; src/stages/shape/forms.ts tells them apart. */
export type Form =
  | 'blank'
  | 'date'
  | 'date-time'
  | 'decimal'
  | 'digits'
  | 'email'
  | 'hex'
  | 'milliseconds'
  | 'nothing'
  | 'seconds'
  | 'text'
  | 'time'
  | 'token'
  | 'url'
  | 'uuid'
  | 'word';

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
  /** What the samples' texts look like here, sorted; only where the mapping reads them. */
  readonly forms?: readonly Form[];
}

export interface ShapePlan {
  readonly policy: ShapePolicy;
  readonly pauseAfter: number;
  readonly shape: Shape;
  /** A mapped value of a new form holds the request; absent: only where it is a recipient, else it drifts. */
  readonly forms?: 'hold';
  /** SHA-256 (hex) of the merged shape in canonical form, without forms. */
  readonly fingerprint: string;
  /** The same of each sample alone, sorted, for policy exact. */
  readonly sampleFingerprints: readonly string[];
  readonly reads: readonly (PathRead & {
    /** Every sample resolves it to something other than null. */
    readonly inEverySample: boolean;
  })[];
}

/** JSON that stands as text in a body. */
export interface UnwrapPlan {
  readonly path: string;
  readonly from?: 'base64';
}

/** How a body becomes payloads. */
export interface SplitPlan {
  readonly list: string;
  /** Elements for which one differs are none of ours. */
  readonly when: readonly ConditionPlan[];
  readonly testWhen: ConditionPlan | null;
}

export type IdempotencyPart = { readonly path: string } | { readonly header: string };

export type IdempotencyPlan =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'header'; readonly header: string }
  /** All of them together. */
  | { readonly kind: 'parts'; readonly parts: readonly IdempotencyPart[] }
  | { readonly kind: 'body' }
  | { readonly kind: 'none' };
