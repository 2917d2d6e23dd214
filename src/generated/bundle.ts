// Generated from schemas/bundle.schema.json by scripts/generate.ts; do not edit.

/**
 * One line of a bundle, the file that the compiler writes and the runtime serves: the manifest (first line) or a connector (every other line, sorted by id). Every line is canonical JSON: members sorted, no white space. A bundle holds no secrets, no samples and no clock.
 */
export type BundleLine = BundleManifestLine | BundleConnectorLine;
/**
 * SHA-256 in lower-case hex.
 */
export type Sha256 = string;
/**
 * Id of the connector, the last part of its URL.
 */
export type Id = string;
/**
 * Hash algorithm.
 */
export type Algorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';
/**
 * How bytes are written.
 */
export type DigestEncoding = 'hex' | 'base64' | 'base64url';
/**
 * The answer to what was accepted or ignored; a number is the status of an empty one; absent: 202 or 200, with a body.
 */
export type BundleAcknowledge =
  | number
  | {
      /**
       * HTTP status.
       */
      status: number;
      /**
       * Content type.
       */
      type: 'text/plain' | 'application/json' | 'text/xml';
      /**
       * The text.
       */
      text: string;
    };
/**
 * A text, number, boolean or null.
 */
export type Scalar = string | number | boolean | null;
/**
 * What an answer sends back: an expression, a query parameter, or a keyed digest of one of them.
 */
export type BundleAnswer =
  | BundleExpression
  | {
      /**
       * A query parameter.
       */
      kind: 'query';
      /**
       * Its name.
       */
      name: string;
    }
  | {
      /**
       * A digest under the secret.
       */
      kind: 'keyed';
      /**
       * What it is a digest of.
       */
      of: BundleAnswer;
    };
/**
 * What a condition compares with.
 */
export type BundleOperand =
  | Scalar
  | {
      /**
       * Path of the value.
       */
      path?: string;
      /**
       * Name of a named value.
       */
      use?: string;
    };

/**
 * What the bundle is and what it was built from.
 */
export interface BundleManifestLine {
  /**
   * Version of the bundle format; a runtime refuses others.
   */
  format: 1;
  /**
   * What the bundle was built from, such as a commit id; free text.
   */
  revision: string;
  /**
   * Grows from build to build: the commit time of HEAD in seconds by default.
   */
  sequence: number;
  /**
   * SHA-256 (hex) of all bytes after the manifest line.
   */
  digest: Sha256;
  /**
   * Number of connector lines.
   */
  connectors: number;
  /**
   * Name and version of the tool that wrote it.
   */
  tool: string;
}
/**
 * One connector.
 */
export interface BundleConnectorLine {
  /**
   * SHA-256 (hex) of the canonical plan: a runtime rebuilds only connectors whose digest changed.
   */
  digest: Sha256;
  /**
   * Id of the connector; equals the plan's.
   */
  id: Id;
  /**
   * What the connector's file, samples and script were compiled to.
   */
  plan: BundlePlan;
}
/**
 * A compiled connector.
 */
export interface BundlePlan {
  /**
   * Id of the connector.
   */
  id: Id;
  /**
   * What the connector is for.
   */
  description?: string;
  /**
   * The team that answers for it.
   */
  owner?: string;
  /**
   * Id of the Action Flow that it starts, or a name that the deployment's flows file maps to one.
   */
  actionFlow: string;
  /**
   * test: requests make test cards. live: requests make live cards. disabled: verified requests are ignored.
   */
  status: 'test' | 'live' | 'disabled';
  /**
   * HTTP methods that it accepts.
   */
  methods: ('POST' | 'PUT')[];
  /**
   * How the body is encoded.
   */
  body: 'json' | 'form' | 'xml' | 'text' | 'none';
  /**
   * Fields of a form, and elements of XML, that are lists however often they come.
   */
  lists?: string[];
  /**
   * Addresses and CIDR ranges that may call; empty: any.
   */
  allowIps: string[];
  /**
   * How requests prove where they come from; null: they do not.
   */
  signature: BundleSignature | null;
  /**
   * Challenges of a sender that signs nothing.
   */
  handshake?: BundleHandshake[];
  acknowledge?: BundleAcknowledge;
  /**
   * Whether the secret URL is what proves the sender.
   */
  urlKey: boolean;
  /**
   * Why the security was made weaker, in the words of the file: `sluice diff` reads it, the runtime does not.
   */
  weakened?: string;
  /**
   * Texts of the body that hold JSON.
   */
  unwrap?: {
    /**
     * Path of the text.
     */
    path: string;
    /**
     * How it is encoded.
     */
    from?: 'base64';
  }[];
  /**
   * Which events are for this connector; all must hold.
   */
  when: BundleCondition[];
  /**
   * Requests for which this holds never go live; null: none.
   */
  testWhen: BundleCondition | null;
  /**
   * The list whose elements are one event each; null: the body is one.
   */
  split: string | BundleSplit | null;
  /**
   * What the samples have in common; null: there is no sample, and everything is held.
   */
  shape: BundleShapePlan | null;
  /**
   * What the mapping reads of the whole body, where elements are mapped; null: nothing.
   */
  envelope?: BundleShapePlan | null;
  /**
   * How a payload becomes a trigger.
   */
  mapping: BundleStructuredMapping | BundleScriptMapping;
  /**
   * What identifies an event.
   */
  idempotency: BundleIdempotency;
  limits?: BundleLimits;
  /**
   * Digest of all that decides how a request is judged and mapped; an automatic pause is bound to it.
   */
  behaviour: Sha256;
  /**
   * The same digest as the version of the tool before worked it out, where it differs: its pauses go on applying.
   */
  behaviourBefore?: Sha256;
}
/**
 * A complete signature scheme: presets are resolved.
 */
export interface BundleSignature {
  /**
   * Name of the preset it was made from.
   */
  preset?: string;
  /**
   * Kind of proof.
   */
  type: 'hmac' | 'hash' | 'token' | 'basic' | 'ed25519' | 'ecdsa' | 'rsa' | 'jwt';
  /**
   * Hash algorithm of the signature.
   */
  algorithm: Algorithm;
  /**
   * How the signature is written.
   */
  digest: DigestEncoding;
  /**
   * Where the secrets are; several while one is being rotated.
   */
  secrets: BundleSecret[];
  /**
   * Where the user's name is, of type basic.
   */
  username?: BundleSecret;
  /**
   * How a secret's text becomes key bytes.
   */
  secretEncoding: 'utf8' | 'hex' | 'base64';
  /**
   * Text that is cut off a secret; of several the first that stands there.
   */
  secretPrefix?: string | string[];
  /**
   * Where the token is that unsigned challenges are recognised by.
   */
  verifyToken?: BundleSecret;
  /**
   * Where the signature stands.
   */
  signature: {
    /**
     * Headers, any of which may carry it.
     */
    headers?: string[];
    /**
     * Path in the body that carries it.
     */
    body?: string;
    /**
     * Query parameter that carries it.
     */
    query?: string;
    /**
     * Its place in the header.
     */
    position?: number;
    /**
     * Text that precedes it.
     */
    parsePrefix?: string;
  };
  /**
   * Where the time of sending stands.
   */
  timestamp?: {
    /**
     * Header that carries it.
     */
    header?: string;
    /**
     * Path in the body that carries it.
     */
    body?: string;
    /**
     * Query parameter that carries it.
     */
    query?: string;
    /**
     * Its place in the header.
     */
    position?: number;
    /**
     * Text that precedes it.
     */
    parsePrefix?: string;
    /**
     * Seconds it may differ from now, either way; 0: unchecked.
     */
    tolerance: number;
  };
  /**
   * Pieces of the signed text, in order.
   */
  template: BundleTemplateToken[];
  /**
   * A digest of the body that stands in the signed URL's query.
   */
  bodyHash?: {
    /**
     * Name of the query parameter.
     */
    query?: string;
    /**
     * Name of the token's claim.
     */
    claim?: string;
    /**
     * Hash algorithm.
     */
    algorithm: Algorithm;
    /**
     * How the digest is written.
     */
    digest: DigestEncoding;
  };
  /**
   * Which bytes of a compressed body are signed.
   */
  over?: 'sent' | 'decoded';
  /**
   * The public URL may be signed with or without a port.
   */
  urlPort?: 'either';
  jwt?: BundleJwt;
  certificate?: BundleCertificate;
  acknowledge?: BundleAcknowledge;
  /**
   * Places of the body that belong to one attempt of the sender, not to the event.
   */
  attempt?: string[];
  /**
   * Challenges of the provider and their answers.
   */
  handshake: BundleHandshake[];
  /**
   * What the proof covers.
   */
  covers: {
    /**
     * Whether it covers the body.
     */
    body: boolean;
    /**
     * Names of the headers that it covers.
     */
    headers: string[];
    /**
     * Whether it covers the time of sending.
     */
    timestamp: boolean;
  };
}
/**
 * Where the deployment keeps a secret; never the secret.
 */
export interface BundleSecret {
  /**
   * Name of an environment variable.
   */
  env?: string;
  /**
   * Name of a file in the folder for secrets.
   */
  file?: string;
}
/**
 * A piece of the signed text.
 */
export interface BundleTemplateToken {
  /**
   * What the piece is.
   */
  kind:
    | 'text'
    | 'timestamp'
    | 'payload'
    | 'secret'
    | 'method'
    | 'url'
    | 'path'
    | 'form'
    | 'header'
    | 'query'
    | 'body'
    | 'fields';
  /**
   * The text itself, of kind text.
   */
  text?: string;
  /**
   * Name of the header, of kind header.
   */
  name?: string;
  /**
   * Path in the body, of kind body.
   */
  path?: string;
  /**
   * Members of the body, of kind fields.
   */
  names?: string[];
}
/**
 * What a JSON Web Token has to be.
 */
export interface BundleJwt {
  /**
   * Algorithms that it may be signed by.
   */
  algorithms: string[];
  /**
   * Address of the JWKS; absent: the secrets are the keys.
   */
  keys?: string;
  /**
   * Any of these.
   */
  issuer?: string[];
  /**
   * Any of these.
   */
  audience?: string[];
  /**
   * Claims with their values.
   */
  claims: {
    [k: string]: string | number | boolean;
  };
  /**
   * Seconds since iat; absent: exp; 0: neither.
   */
  maxAge?: number;
  /**
   * Claim with the hash of method, path and query.
   */
  requestHash?: string;
}
/**
 * How the certificate of an RSA signature is found and judged.
 */
export interface BundleCertificate {
  /**
   * Path to its address.
   */
  body: string;
  /**
   * What the whole address matches.
   */
  pattern: string;
  /**
   * Common name of its subject.
   */
  subject: string;
  /**
   * Path to the version, and the algorithm of each.
   */
  version: {
    /**
     * Path to it.
     */
    body: string;
    /**
     * By version.
     */
    algorithms: {
      [k: string]: Algorithm;
    };
  };
}
/**
 * One challenge and its answer.
 */
export interface BundleHandshake {
  /**
   * How it comes; absent: POST.
   */
  method?: 'GET' | 'HEAD' | 'OPTIONS';
  /**
   * What must prove it; absent: the signature.
   */
  proof?: 'none' | 'window';
  /**
   * How it is recognised; all must hold.
   */
  when: BundleHandshakeCondition[];
  /**
   * Path to an address that is shown to the operator.
   */
  show?: string;
  /**
   * HTTP status of the answer.
   */
  status: number;
  /**
   * Headers of the answer, names in lower case.
   */
  headers?: {
    [k: string]: BundleAnswer;
  };
  /**
   * Plain text of the answer.
   */
  text?: BundleAnswer;
  /**
   * Members of the JSON answer.
   */
  json?: {
    [k: string]: BundleAnswer;
  };
}
/**
 * One comparison by which a challenge is recognised.
 */
export interface BundleHandshakeCondition {
  /**
   * Path in the body.
   */
  path?: string;
  /**
   * Name of a header, in lower case.
   */
  header?: string;
  /**
   * Name of a query parameter.
   */
  query?: string;
  /**
   * The value it must equal.
   */
  equals?: Scalar;
  /**
   * The values of which it must be one.
   */
  in?: Scalar[];
  /**
   * The text that it must start with.
   */
  prefix?: string;
  /**
   * Whether it must be there.
   */
  exists?: boolean;
  /**
   * The secret that it must equal.
   */
  equalsSecret?: 'verifyToken';
  /**
   * Always false: samples are no challenges.
   */
  inEverySample: boolean;
}
/**
 * A compiled expression of the mapping.
 */
export interface BundleExpression {
  /**
   * What the expression is.
   */
  kind: 'literal' | 'path' | 'header' | 'template' | 'gather' | 'use' | 'object' | 'list';
  /**
   * The value itself, of kind literal.
   */
  value?: unknown;
  /**
   * Paths, of kind path: the first that resolves wins.
   */
  paths?: string[];
  /**
   * Name of the header, of kind header; of the value, of kind use.
   */
  name?: string;
  /**
   * Texts and paths, of kind template.
   */
  parts?: (
    | string
    | {
        /**
         * The first that resolves wins.
         */
        paths: string[];
        /**
         * Text where none resolves.
         */
        default?: string;
      }
  )[];
  /**
   * What the value is converted to.
   */
  as?: 'string' | 'number' | 'integer' | 'boolean' | 'json' | 'date-time' | 'date' | 'url';
  /**
   * Elements for which all hold.
   */
  where?: BundleCondition[];
  /**
   * Of each element.
   */
  get?: BundleExpression;
  /**
   * Texts that count as absent.
   */
  missing?: string[];
  /**
   * What texts are divided by.
   */
  separator?: string;
  /**
   * How texts are written.
   */
  case?: 'lower' | 'upper';
  /**
   * Values that are taken out.
   */
  except?: BundleExpression[];
  /**
   * Which element is taken.
   */
  pick?: 'first' | 'last';
  /**
   * Codes and what they become.
   */
  map?: {
    [k: string]: Scalar | Scalar[];
  };
  /**
   * Numbers by size, the highest first.
   */
  bands?: {
    /**
     * The lowest number.
     */
    from: number | string;
    /**
     * What it becomes.
     */
    is: Scalar;
  }[];
  /**
   * Digits by which the decimal point moves, or the currency that says how many.
   */
  point?: number | BundleExpression;
  /**
   * Digits after the decimal point.
   */
  decimals?: number;
  /**
   * Milliseconds that are added to a time.
   */
  shift?: number;
  /**
   * Text between elements.
   */
  join?: string;
  /**
   * The number of elements.
   */
  count?: true;
  /**
   * All elements added up.
   */
  sum?: true;
  /**
   * Graphemes that a text keeps.
   */
  limit?: number;
  /**
   * Value where nothing resolves.
   */
  default?: unknown;
  /**
   * Of a recipient: without it there is nobody to tell.
   */
  whenMissing?: 'ignore';
  /**
   * Expressions by name, of kind object.
   */
  members?: {
    [k: string]: BundleExpression;
  };
  /**
   * Expressions in order, of kinds list and gather.
   */
  items?: BundleExpression[];
}
/**
 * One comparison.
 */
export interface BundleCondition {
  /**
   * Path in the body.
   */
  path?: string;
  /**
   * Name of a header, in lower case.
   */
  header?: string;
  /**
   * The value it must equal.
   */
  equals?: BundleOperand;
  /**
   * The values of which it must be one.
   */
  in?: Scalar[];
  /**
   * The text that it must start with.
   */
  prefix?: string;
  /**
   * Whether it must be there.
   */
  exists?: boolean;
  /**
   * The value it must not equal.
   */
  notEquals?: BundleOperand;
  /**
   * The values of which it must be none.
   */
  notIn?: Scalar[];
  /**
   * The number that it must be above.
   */
  above?: BundleOperand;
  /**
   * The number that it must be below.
   */
  below?: BundleOperand;
  /**
   * A part of the text, or an element of the list.
   */
  contains?: Scalar;
  /**
   * Conditions of which one must hold.
   */
  any?: BundleCondition[];
  /**
   * Every sample has it: a request without it has drifted, it is not another event.
   */
  inEverySample: boolean;
  /**
   * Members that samples have at each step of the path, for exists.
   */
  known?: (string[] | null)[];
}
/**
 * How a body becomes payloads.
 */
export interface BundleSplit {
  /**
   * Path of the list.
   */
  list: string;
  /**
   * Elements for which one differs are ignored.
   */
  when: BundleCondition[];
  /**
   * Elements that are tests.
   */
  testWhen: BundleCondition | null;
}
/**
 * What the samples have in common, and what of it the mapping needs.
 */
export interface BundleShapePlan {
  /**
   * What counts as looking like the samples.
   */
  policy: 'mapped' | 'superset' | 'exact';
  /**
   * How many requests of grade hold in a row pause the connector.
   */
  pauseAfter: number;
  /**
   * A mapped value of a new form holds the request; absent: only where it is a recipient.
   */
  forms?: 'hold';
  /**
   * The merged shape of all samples.
   */
  shape: BundleShape;
  /**
   * SHA-256 (hex) of the merged shape.
   */
  fingerprint: Sha256;
  /**
   * The same of each sample alone, sorted.
   */
  sampleFingerprints: Sha256[];
  /**
   * What the mapping reads.
   */
  reads: BundleRead[];
}
/**
 * The shape of a value.
 */
export interface BundleShape {
  /**
   * Types that the samples have here, sorted; none: any value.
   */
  types: ('boolean' | 'number' | 'string' | 'object' | 'array')[];
  /**
   * Some sample has null here.
   */
  nullable?: true;
  /**
   * Members of an object, by name.
   */
  members?: {
    [k: string]: BundleShape;
  };
  /**
   * Names of members that not every sample has, sorted.
   */
  optional?: string[];
  /**
   * Shape of all values of an object whose keys are data.
   */
  values?: BundleShape;
  /**
   * Shape of the elements of a list.
   */
  items?: BundleShape;
  /**
   * What the samples' texts look like here, sorted; only where the mapping reads them.
   */
  forms?: (
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
    | 'word'
  )[];
}
/**
 * One value that the mapping reads.
 */
export interface BundleRead {
  /**
   * Alternatives; the first that resolves wins.
   */
  paths: string[];
  /**
   * Without it a request is held, whatever the samples have.
   */
  required: boolean;
  /**
   * It may be missing.
   */
  optional: boolean;
  /**
   * Every sample has it.
   */
  inEverySample: boolean;
  /**
   * It feeds targetUserIds: null and blank are nobody.
   */
  recipient?: true;
  /**
   * Of a recipient: without it there is nobody to tell.
   */
  whenMissing?: 'ignore';
  /**
   * Only that it is there, and its own type.
   */
  shallow?: true;
  /**
   * Elements that the paths are read on, of lists inside each other.
   */
  chosen?: {
    /**
     * Path of the list.
     */
    path: string;
    /**
     * Conditions that an element must meet.
     */
    where: BundleCondition[];
  }[];
}
/**
 * Each field of the trigger.
 */
export interface BundleStructuredMapping {
  /**
   * Kind of the mapping.
   */
  kind: 'structured';
  /**
   * Who gets the card.
   */
  targetUserIds: BundleExpression[];
  /**
   * How the card is shown.
   */
  cardOptions?: Expressions;
  /**
   * Stream containers that get the card.
   */
  targetStreamIds?: BundleExpression[];
  /**
   * Idempotency key of the flow, where the mapping sets it.
   */
  flowInvocationId?: BundleExpression;
  /**
   * Variables of the Action Flow.
   */
  variables?: Expressions;
  /**
   * Details of the push notification.
   */
  notificationDetail?: Expressions;
  /**
   * Free metadata.
   */
  metadata?: Expressions;
  /**
   * Named values.
   */
  values?: Expressions;
}
/**
 * Expressions by name.
 */
export interface Expressions {
  [k: string]: BundleExpression;
}
/**
 * A JavaScript module that maps.
 */
export interface BundleScriptMapping {
  /**
   * Kind of the mapping.
   */
  kind: 'script';
  /**
   * Name of the script's file, for messages.
   */
  file: string;
  /**
   * Source text of a module that imports nothing: the file and what it imports, compiled into one.
   */
  source: string;
  /**
   * Source map (ECMA-426) of the module, for the places of errors.
   */
  map?: {
    /**
     * The files, by their path inside the connector's folder.
     */
    sources: string[];
    /**
     * Base64 VLQ.
     */
    mappings: string;
  };
  /**
   * SHA-256 (hex) of the source.
   */
  digest: Sha256;
}
/**
 * What identifies an event.
 */
export interface BundleIdempotency {
  /**
   * Where the event id is.
   */
  kind: 'path' | 'header' | 'parts' | 'body' | 'none';
  /**
   * Path of the id, of kind path.
   */
  path?: string;
  /**
   * Header of the id, of kind header.
   */
  header?: string;
  /**
   * Paths and headers that identify it together, of kind parts.
   */
  parts?: {
    /**
     * Path of the part.
     */
    path?: string;
    /**
     * Header of the part.
     */
    header?: string;
  }[];
}
/**
 * How often it may be called; absent: what the deployment allows.
 */
export interface BundleLimits {
  /**
   * Over time.
   */
  requestsPerMinute: number;
  /**
   * At once.
   */
  burst: number;
}
