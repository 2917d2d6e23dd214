// Generated from schemas/connector.schema.json by scripts/generate.ts; do not edit.

/**
 * JSONPath into the payload: members, indexes, wildcards, slices and descent. Filters and script expressions are refused.
 */
export type Path = string;
/**
 * Name of an HTTP header; case does not matter.
 */
export type HeaderName = string;
/**
 * A string that starts with $ is a JSONPath. An object with exactly one source (path, list, template, header, value, use), any of the steps and a default is an expression; other objects and lists are mapped member by member; anything else is a literal.
 *
 * The steps run in this order, whatever their order in the file: where, get, missing, separator, case, except, pick, map, bands, point, decimals, as, plus, minus, join, count, sum, limit. docs/connector.md has an example of each.
 */
export type Expression = unknown;
/**
 * Why the warning is acceptable here, for whoever reviews the file.
 */
export type SilenceReason = string;
/**
 * Where the deployment keeps a secret. Secrets never stand in this file.
 */
export type SecretReference = SecretFromEnvironment | SecretFromFile;
/**
 * Name of a query parameter; case matters.
 */
export type QueryName = string;
/**
 * How a request that was delivered, held or ignored is answered, where the provider insists: with this status and an empty body, or with a fixed text. Absent: 202 (200 where it was ignored) and a short JSON body.
 */
export type Acknowledge = number | AcknowledgeText;
/**
 * What a challenge's answer sends back: a literal, or one short text of the request. An expression as in a mapping, or { query: name }, the value of a query parameter.
 *
 * { keyed: ... }, in json only: the digest of the text it names (a path, header or query parameter) under the shared secret that has just proven the challenge. The text must consist of 1 to 128 letters, digits, _ and -; the scheme must be hmac, with a template in which something stands that such a text cannot hold. So nobody can have anything signed that would pass as a signature.
 */
export type AnswerValue = unknown;

/**
 * One webhook connector: one URL that receives webhooks and starts one Action Flow. The file lives at connectors/<id>/connector.yaml (or connectors/<id>.yaml).
 */
export interface Connector {
  /**
   * Version of this file format.
   */
  apiVersion: 'sluice/v1';
  /**
   * Name of the connector: equals the folder (or file) name and is the last part of its URL, /c/<id>. Lower-case letters, digits and dashes.
   */
  id: string;
  /**
   * What this connector is for, in a sentence. Shown by status and preview.
   */
  description?: string;
  /**
   * The team that answers for this connector. Shown when it pauses.
   */
  owner?: string;
  /**
   * The flow configuration id of the Action Flow that this connector starts, or a name that the deployment's flows file (--flows) maps to one.
   */
  actionFlow?: string;
  /**
   * Where its triggers go: the name of a target in the deployment's targets file (--targets). Without it they go to the one that is called default. What names a target that a deployment lacks is held there.
   */
  target?: string;
  /**
   * test: requests make test cards (the default). live: requests make live cards. disabled: verified requests are answered and ignored; a connector is disabled before it is deleted.
   */
  status?: 'test' | 'live' | 'disabled';
  /**
   * HTTP methods that the connector's URL accepts.
   */
  methods?: ('POST' | 'PUT')[];
  /**
   * How the sender encodes the body: json (the default). form: urlencoded or multipart; each field is a text, a field that is named x[] or repeated in a sample a list of texts; files are left out. xml: an element is a member by its local name, attributes are @name, text beside them #text. text: $ is the whole text. none: there is no body, the event is in the headers (assumed where every sample's body is {}).
   */
  body?: 'json' | 'form' | 'xml' | 'text' | 'none';
  /**
   * An example request, inline: the bare body, or {headers, body} where headers matter. Prefer `samples` with files for anything long.
   */
  sample?: unknown;
  /**
   * Example requests that the mapping was written against: JSON files in the connector's own folder. Each holds the bare body, or {headers, body} where headers matter. Several samples teach which fields are optional.
   */
  samples?: string[];
  /**
   * Texts of the body that hold JSON, which become part of it before anything else looks: `when`, `split`, the shape and the mapping see what is inside. In order; a later path may lie inside an earlier one. A text that is not JSON stays as it is.
   */
  unwrap?: (Path | UnwrapText)[];
  /**
   * Which events are for this connector. All entries must hold; a request for which one differs is answered 200 and ignored.
   */
  when?: Condition[];
  /**
   * Marks the provider's own test traffic: a request for which this holds never goes live, whatever the status says.
   */
  testWhen?: Condition;
  /**
   * Id of the connector whose URL brings this connector's events, where one URL gets several kinds of them. This one has no URL and no `security`, `methods` and `limits` of its own; of the connectors that share a URL, the first by id whose `when` holds takes a request. Pauses, samples, cases and holds stay its own.
   */
  eventsOf?: string;
  /**
   * A batch: a list in the body whose elements are one event each. Every element is judged and mapped on its own; in the mapping `$` is then the element, and `$$` the whole body. A path, or { list, when, testWhen } where not all elements are for us.
   */
  split?: string | SplitList;
  /**
   * Values that are said once, by name: `{{ price }}` in a template, or { use: price }, takes them. They may use each other, and are worked out at most once per event.
   */
  values?: {
    [k: string]: Expression;
  };
  /**
   * How a request becomes a trigger: structured (paths, templates and literals), or a JavaScript file.
   */
  mapping: StructuredMapping | ScriptMapping | 'none';
  /**
   * What identifies an event, so that a provider's retry never makes a second card: a path in the payload, a header, several of these together, `body` (a digest of the whole body: genuinely equal events merge), or `none`. Presets know their own.
   */
  idempotency?: IdempotencyPath | IdempotencyHeader | IdempotencyPart[] | ('body' | 'none');
  shape?: ShapeSettings;
  limits?: Limits;
  silence?: Silence;
  security?: Security;
}
export interface UnwrapText {
  /**
   * Path of the text.
   */
  path: Path;
  /**
   * How the text is encoded. Of base64 also plain text is decoded.
   */
  from?: 'base64';
}
/**
 * Compares a value in the body, or a header: one of path and header, with one of equals, in, prefix, exists, notEquals, notIn, above, below, contains. Or { any: [...] }: several of these, of which one must hold.
 */
export interface Condition {
  /**
   * Path in the body.
   */
  path?: Path;
  /**
   * Name of a header.
   */
  header?: HeaderName;
  /**
   * The value it must equal. No conversion: 1 and "1" differ. { path: ... }: what stands there, compared as text.
   */
  equals?: (string | number | boolean | null) | OperandReference;
  /**
   * The values of which it must be one.
   */
  in?: (string | number | boolean | null)[];
  /**
   * The text that it must start with.
   */
  prefix?: string;
  /**
   * true: it must be there and not null; a request without it is not for us, unless a member that no sample has stands where it was. false: it must be missing or null.
   */
  exists?: boolean;
  /**
   * The value it must not equal. Holds for a missing value, unless every sample has one.
   */
  notEquals?: (string | number | boolean | null) | OperandReference;
  /**
   * The values of which it must be none. Holds for a missing value, unless every sample has one.
   */
  notIn?: (string | number | boolean | null)[];
  /**
   * The number that it must be above. Numbers and decimal texts are compared exactly; anything else is held.
   */
  above?: (number | string) | OperandReference;
  /**
   * The number that it must be below. Numbers and decimal texts are compared exactly; anything else is held.
   */
  below?: (number | string) | OperandReference;
  /**
   * A part that a text must have, or an element that a list must have.
   */
  contains?: string | number | boolean | null;
  /**
   * Conditions of which one must hold, in place of a comparison of its own.
   */
  any?: Comparison[];
}
/**
 * A value of the request to compare with: { path: $.other }, or { use: name } for a named value (in `where`).
 */
export interface OperandReference {
  /**
   * Path of the value: `$$` is the whole body.
   */
  path?: Path;
  /**
   * Name of a named value, in `where` only.
   */
  use?: string;
}
/**
 * Compares a value in the body, or a header. Exactly one of path and header, and exactly one of equals, in, prefix, exists, notEquals, notIn, above, below, contains.
 */
export interface Comparison {
  /**
   * Path in the body.
   */
  path?: Path;
  /**
   * Name of a header.
   */
  header?: HeaderName;
  /**
   * The value it must equal. No conversion: 1 and "1" differ. { path: ... }: what stands there, compared as text.
   */
  equals?: (string | number | boolean | null) | OperandReference;
  /**
   * The values of which it must be one.
   */
  in?: (string | number | boolean | null)[];
  /**
   * The text that it must start with.
   */
  prefix?: string;
  /**
   * true: it must be there and not null; a request without it is not for us, unless a member that no sample has stands where it was. false: it must be missing or null.
   */
  exists?: boolean;
  /**
   * The value it must not equal. Holds for a missing value, unless every sample has one.
   */
  notEquals?: (string | number | boolean | null) | OperandReference;
  /**
   * The values of which it must be none. Holds for a missing value, unless every sample has one.
   */
  notIn?: (string | number | boolean | null)[];
  /**
   * The number that it must be above. Numbers and decimal texts are compared exactly; anything else is held.
   */
  above?: (number | string) | OperandReference;
  /**
   * The number that it must be below. Numbers and decimal texts are compared exactly; anything else is held.
   */
  below?: (number | string) | OperandReference;
  /**
   * A part that a text must have, or an element that a list must have.
   */
  contains?: string | number | boolean | null;
}
export interface SplitList {
  /**
   * Path of the list whose elements are one event each.
   */
  list: string;
  /**
   * Which elements are for this connector, read on the element. All entries must hold; an element for which one differs is ignored and counted.
   */
  when?: Condition[];
  /**
   * Marks the provider's own test events in a batch: an element for which this holds never goes live.
   */
  testWhen?: Condition;
}
/**
 * Each field of the trigger, from paths, templates, headers and literals.
 */
export interface StructuredMapping {
  /**
   * Who gets the card: one expression or a list of them. One value becomes a list; numbers become strings; null and blank entries are skipped; a wildcard over an empty list ignores the request. `{ path: $.assignee.id, whenMissing: ignore }` says that an event may have nobody to tell: it is ignored then, and held where the member looks renamed.
   */
  targetUserIds: unknown;
  /**
   * How the card is shown and for how long.
   */
  cardOptions?: {
    /**
     * 1 (highest) to 10.
     */
    priority?: unknown;
    /**
     * When the card expires, ISO 8601. Not together with expiresInterval.
     */
    expires?: unknown;
    /**
     * How long until the card expires, an ISO 8601 duration. Not together with expires.
     */
    expiresInterval?: unknown;
    /**
     * The card is not shown before this time, ISO 8601.
     */
    embargo?: unknown;
    /**
     * Platforms on which the card is shown, as the Action Flow API names them: a list.
     */
    targetPlatforms?: unknown;
    /**
     * Stream containers that get the card: one expression or a list of them.
     */
    targetStreamIds?: unknown;
  };
  /**
   * Idempotency key of the flow. Leave it out: Sluice derives one from the connector, the flow, the mode and the event's id.
   */
  flowInvocationId?: unknown;
  /**
   * Values for the variables of the Action Flow, by name.
   */
  variables?: {
    [k: string]: Expression;
  };
  /**
   * Details of the push notification, by name.
   */
  notificationDetail?: {
    [k: string]: Expression;
  };
  /**
   * Free metadata that is passed on with the flow, by name.
   */
  metadata?: {
    [k: string]: Expression;
  };
}
/**
 * A JavaScript or TypeScript file that maps the request.
 */
export interface ScriptMapping {
  /**
   * File in the connector's own folder: `export default function map(request) { return trigger }`. Returning null ignores the request; an error holds it. It may import other files of the folder, and nothing else.
   */
  script: string;
}
export interface IdempotencyPath {
  /**
   * Path of the event id in the payload (with split: in the element).
   */
  path: string;
}
export interface IdempotencyHeader {
  /**
   * Header that carries the event id.
   */
  header: HeaderName;
}
export interface IdempotencyPart {
  /**
   * Path of a part of the event id.
   */
  path?: string;
  /**
   * Header that carries a part of the event id.
   */
  header?: HeaderName;
}
/**
 * What counts as looking like the samples, and when the connector pauses itself.
 */
export interface ShapeSettings {
  /**
   * mapped (the default): what the mapping uses must be there and of the right type; the rest may drift. superset: everything that the samples have must be there, everywhere. exact: the shape must equal a sample's.
   */
  policy?: 'mapped' | 'superset' | 'exact';
  /**
   * How many requests of grade hold in a row pause the connector. (A wrong type on a mapped path does so at once.)
   */
  pauseAfter?: number;
  /**
   * What becomes of a mapped text that looks different from the samples' (a time that became a word, say). drift (the default): delivered and counted. hold: held. A recipient of a new form is always held.
   */
  forms?: 'drift' | 'hold';
  /**
   * Paths that must resolve, besides those that feed targetUserIds: a request where one is missing or null is held.
   */
  required?: Path[];
  /**
   * Paths that may be missing even though every sample has them.
   */
  optional?: Path[];
  /**
   * Paths of objects whose keys are data (ids, locales): any key may appear, all values share one shape.
   */
  maps?: Path[];
}
/**
 * How often this connector may be called. Only requests that have proven themselves count; where nothing proves them, all do. Beyond it requests are answered 429 with Retry-After, and some senders never send them again: leave room. Absent: what the deployment allows (--rate-limit).
 */
export interface Limits {
  /**
   * Requests per minute over time.
   */
  requestsPerMinute: number;
  /**
   * How many may come at once after a quiet time. Absent: as many as in a minute.
   */
  burst?: number;
}
/**
 * Warnings that this connector accepts, each with the reason: they are listed apart and do not count. Errors cannot be silenced. `sluice explain <code>` says what a code means.
 */
export interface Silence {
  /**
   * The connector has no sample yet. Why that is acceptable here.
   */
  'sample-missing'?: SilenceReason;
  /**
   * Only one sample. Why that is acceptable here.
   */
  'sample-single'?: SilenceReason;
  /**
   * The samples look like different events. Why that is acceptable here.
   */
  'samples-differ'?: SilenceReason;
  /**
   * A mapped field that the provider says may be missing. Why that is acceptable here.
   */
  'path-may-be-missing'?: SilenceReason;
  /**
   * A variable that some sample does not have. Why that is acceptable here.
   */
  'variable-missing'?: SilenceReason;
  /**
   * A text that looks like a path without $, or a template without {{ }}. Why that is acceptable here.
   */
  'literal-looks-like-path'?: SilenceReason;
  /**
   * A sample maps to nobody. Why that is acceptable here.
   */
  'mapping-no-targets'?: SilenceReason;
  /**
   * Policy exact pauses on harmless changes. Why that is acceptable here.
   */
  'shape-exact-batch'?: SilenceReason;
  /**
   * An allowed range that another contains. Why that is acceptable here.
   */
  'ip-overlap'?: SilenceReason;
  /**
   * An allowed range that contains every address. Why that is acceptable here.
   */
  'ip-allows-all'?: SilenceReason;
  /**
   * A secret variable without the SLUICE_SECRET_ prefix. Why that is acceptable here.
   */
  'secret-name-unusual'?: SilenceReason;
  /**
   * Old requests can be replayed. Why that is acceptable here.
   */
  'signature-tolerance-off'?: SilenceReason;
  /**
   * The secret stands in the query, which proxies log. Why that is acceptable here.
   */
  'signature-in-query'?: SilenceReason;
  /**
   * Nothing tells the customers of an app apart. Why that is acceptable here.
   */
  'signature-tenant-missing'?: SilenceReason;
  /**
   * A weak algorithm. Why that is acceptable here.
   */
  'signature-weak'?: SilenceReason;
  /**
   * Anyone can call this connector. Why that is acceptable here.
   */
  'unauthenticated-accepted'?: SilenceReason;
  /**
   * A retry makes a second card. Why that is acceptable here.
   */
  'idempotency-none'?: SilenceReason;
  /**
   * The event id is the same for many events. Why that is acceptable here.
   */
  'idempotency-constant'?: SilenceReason;
  /**
   * Test traffic is told by a header that nothing proves. Why that is acceptable here.
   */
  'test-when-unsigned'?: SilenceReason;
  /**
   * A recipient looks like several. Why that is acceptable here.
   */
  'recipient-of-several'?: SilenceReason;
  /**
   * A time in a sample stands for none. Why that is acceptable here.
   */
  'time-dummy'?: SilenceReason;
  /**
   * Something in a mapping script is probably a mistake. Why that is acceptable here.
   */
  'script-suspicious'?: SilenceReason;
  /**
   * What the script reads is not known. Why that is acceptable here.
   */
  'script-untraced'?: SilenceReason;
}
/**
 * How the connector proves where a request came from.
 */
export interface Security {
  /**
   * IPv4 and IPv6 addresses and CIDR ranges that may call. Empty or absent: any address. Not a proof of identity by itself: providers share addresses.
   */
  allowIps?: string[];
  signature?: Signature;
  /**
   * true: the secret URL that the deployment derives from its URL keys, /c/<id>/<token>, is this connector's proof of origin, for senders that can neither sign nor send a token. It proves nothing about the body. Where the deployment has no URL keys, the connector answers 503. `sluice url <id>` prints the URL.
   */
  urlKey?: boolean;
  /**
   * Name of a sender that signs nothing: brings its challenges, the answer that it wants and what identifies its events. With urlKey.
   */
  preset?: string;
  /**
   * Challenges of a sender that signs nothing, and their answers: those of one that signs stand under signature.
   */
  handshake?: Handshake[];
  acknowledge?: Acknowledge;
  /**
   * Why anyone on the internet may call this connector. Only where the sender can neither sign nor send a token.
   */
  unauthenticated?: string;
  /**
   * Why it is acceptable that the proof (a token, say) does not cover the body.
   */
  bodyNotSigned?: string;
  /**
   * Why this change makes the security of the connector weaker: lets `sluice diff --gate` pass. It counts in the pull request that writes it, and not in later ones: what is weakened next needs a text of its own.
   */
  weakened?: string;
}
/**
 * Proof of origin: a preset, or the scheme spelled out, or a preset with single fields replaced.
 */
export interface Signature {
  /**
   * Name of a provider whose scheme Sluice knows. Fields given beside it replace the preset's, objects field by field.
   */
  preset?: string;
  /**
   * hmac (the default): keyed digest over the template. hash: plain digest over a template that contains [secret]. token: the header equals the secret. basic: user and password. ed25519, ecdsa, rsa: public-key signatures; sharedSecret is then the public key. jwt: a JSON Web Token; what it has to say stands in jwt.
   */
  type?: 'hmac' | 'hash' | 'token' | 'basic' | 'ed25519' | 'ecdsa' | 'rsa' | 'jwt';
  /**
   * Hash algorithm.
   */
  algorithm?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /**
   * How the signature is written.
   */
  digest?: 'hex' | 'base64' | 'base64url';
  /**
   * Reference to the secret shared with the sender; a list of at most four while a secret is being rotated. The first is used to sign test requests.
   */
  sharedSecret?: SecretReference | SecretReference[];
  /**
   * Of type basic: reference to the user's name; sharedSecret is then the password. Absent: sharedSecret is user:password.
   */
  username?: SecretReference;
  /**
   * Reference to the token by which the provider recognises your URL in an unsigned challenge, such as Meta's hub.verify_token. You choose it, and enter it there.
   */
  verifyToken?: SecretReference;
  /**
   * How the secret's text becomes key bytes: `sha1` takes the SHA-1 of the text, as Braintree does with its private key.
   */
  secretEncoding?: 'utf8' | 'hex' | 'base64' | 'sha1';
  /**
   * Text that precedes the key in the secret and is cut off where it stands; of several the first that stands there.
   */
  secretPrefix?: string | string[];
  /**
   * Where the signature stands.
   */
  signature?: {
    /**
     * Header, or several of which any may carry it.
     */
    header?: HeaderName | HeaderName[];
    /**
     * Path in the body that carries it.
     */
    body?: Path;
    /**
     * Text that precedes the signature in the header, as v1= does in `t=1,v1=abc`. A word and a space, as in "Bearer ", is an authentication scheme: its case and the number of spaces do not matter.
     */
    parsePrefix?: string;
    /**
     * Parameter of the query that carries it, decoded once. It never stands in a log or a hold of Sluice; proxies in front may log it.
     */
    query?: QueryName;
    /**
     * Where values stand in the header, or in the text in the body, by place alone, as in `1700000000,abc,def`: the place of the first signature, from 1 on; those after it count as well.
     */
    position?: number;
  };
  /**
   * Where the time of sending stands, and how old it may be.
   */
  timestamp?: {
    /**
     * Header that carries the time.
     */
    header?: HeaderName;
    /**
     * Path in the body that carries the time.
     */
    body?: Path;
    /**
     * Text that precedes the time in the header.
     */
    parsePrefix?: string;
    /**
     * Parameter of the query that carries the time.
     */
    query?: QueryName;
    /**
     * Place of the time among the values of the header, from 1 on.
     */
    position?: number;
    /**
     * Seconds that the time may differ from now, either way. 0 switches the check off (with a warning: recorded requests can then be replayed).
     */
    tolerance?: number;
  };
  /**
   * The text that is signed. Tokens: [timestamp] [payload] [secret] [method] [url] [path] [header:NAME] [query:NAME] [body:PATH] [form:sorted] [fields:NAME,NAME]. Default: [payload].
   */
  template?: string;
  /**
   * A digest of the body that stands in the signed URL's query, or in a claim of the token, where the template does not contain the body.
   */
  bodyHash?: {
    /**
     * Name of the query parameter.
     */
    query?: string;
    /**
     * Name of the claim, of type jwt.
     */
    claim?: string;
    /**
     * Hash algorithm.
     */
    algorithm?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
    /**
     * How the digest is written.
     */
    digest?: 'hex' | 'base64' | 'base64url';
  };
  /**
   * Which bytes of a compressed body the signature is over. Absent: either.
   */
  over?: 'sent' | 'decoded';
  /**
   * either: the sender may have signed [url] with or without its port.
   */
  urlPort?: 'either';
  jwt?: Jwt;
  certificate?: Certificate;
  acknowledge?: Acknowledge;
  /**
   * Challenges that the provider sends to check the URL, and their answers. The first that applies answers.
   */
  handshake?: Handshake[];
}
export interface SecretFromEnvironment {
  /**
   * Name of an environment variable of the runtime; names start with SLUICE_SECRET_ unless the deployment allows others.
   */
  env: string;
}
export interface SecretFromFile {
  /**
   * Name of a file in the runtime's secrets folder (--secrets-dir).
   */
  file: string;
}
/**
 * What a JSON Web Token has to be, of type jwt.
 */
export interface Jwt {
  /**
   * Algorithms that tokens may be signed by. The token itself never chooses.
   */
  algorithms?: (
    | 'HS256'
    | 'HS384'
    | 'HS512'
    | 'RS256'
    | 'RS384'
    | 'RS512'
    | 'PS256'
    | 'PS384'
    | 'PS512'
    | 'ES256'
    | 'ES384'
    | 'ES512'
    | 'EdDSA'
  )[];
  /**
   * HTTPS address of the sender's JWKS. The runtime fetches it in the background: hosts of presets, and those that the deployment allows (--key-hosts). Absent: sharedSecret is the key, a public key in PEM, or a JWKS.
   */
  keys?: string;
  /**
   * The issuer (iss), or several of which any may be.
   */
  issuer?: string | string[];
  /**
   * The audience (aud), or several of which any may be: for whom the token is.
   */
  audience?: string | string[];
  /**
   * Claims that it must have, with their values.
   */
  claims?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Seconds that it may be old by its iat. Absent: it must say when it expires (exp). 0: neither is asked (with a warning: recorded requests can then be replayed).
   */
  maxAge?: number;
  /**
   * Claim that holds the hash of method, path and query, as Atlassian's qsh does.
   */
  requestHash?: string;
}
/**
 * Of type rsa: the key comes in a certificate whose address the body names, as with Amazon SNS.
 */
export interface Certificate {
  /**
   * Path in the body to the address of the certificate.
   */
  body: Path;
  /**
   * Regular expression that the whole address must match: trust is the TLS connection to it.
   */
  pattern: string;
  /**
   * Common name of the certificate's subject.
   */
  subject: string;
  /**
   * Path in the body to the version of the scheme, and the hash algorithm of each version.
   */
  version: {
    /**
     * Path to it.
     */
    body: Path;
    /**
     * Hash algorithm by version.
     */
    algorithms: {
      [k: string]: 'sha1' | 'sha256' | 'sha384' | 'sha512';
    };
  };
}
export interface AcknowledgeText {
  /**
   * HTTP status.
   */
  status?: number;
  /**
   * Content type of the text.
   */
  type?: 'text/plain' | 'application/json' | 'text/xml';
  /**
   * The text, the same for every request.
   */
  text: string;
}
/**
 * One challenge and its answer.
 */
export interface Handshake {
  /**
   * How the challenge comes. POST (the default): like events. GET, HEAD, OPTIONS: the connector's URL takes these for challenges only.
   */
  method?: 'POST' | 'GET' | 'HEAD' | 'OPTIONS';
  /**
   * What must prove the challenge. signature (the default of POST): the connector's own scheme. none (the default of the others): nothing; a POST is then answered before its type and its signature are looked at, if it has no proof at all. window (POST only): nothing, but it is answered only while an operator waits for it (`sluice capture`), who is shown the request.
   */
  proof?: 'signature' | 'none' | 'window';
  /**
   * How the challenge is recognised. All entries must hold. Only a HEAD or GET that is answered without content can do without.
   */
  when?: HandshakeCondition[];
  /**
   * Path in the body to an address that the provider wants to be visited, as Amazon SNS does. It stands in the log line of the request: Sluice never visits it. Only for challenges that the signature proves.
   */
  show?: Path;
  /**
   * What is answered. At most one of text and json; without both the body is empty.
   */
  answer: {
    /**
     * HTTP status.
     */
    status?: number;
    /**
     * Headers of the answer, by name.
     */
    headers?: {
      [k: string]: AnswerValue;
    };
    /**
     * Plain text body.
     */
    text?: AnswerValue;
    /**
     * JSON body, by member.
     */
    json?: {
      [k: string]: AnswerValue;
    };
  };
}
/**
 * Compares a value in the body, a header, or a query parameter. Exactly one of path, header and query, and exactly one of equals, in, prefix, exists, equalsSecret.
 */
export interface HandshakeCondition {
  /**
   * Path in the body.
   */
  path?: Path;
  /**
   * Name of a header.
   */
  header?: HeaderName;
  /**
   * Name of a query parameter; case matters.
   */
  query?: QueryName;
  /**
   * The value it must equal. No conversion: 1 and "1" differ.
   */
  equals?: string | number | boolean | null;
  /**
   * The values of which it must be one.
   */
  in?: (string | number | boolean | null)[];
  /**
   * The text that it must start with.
   */
  prefix?: string;
  /**
   * true: it must be there and not null. false: it must be missing or null.
   */
  exists?: boolean;
  /**
   * The secret that a header or query parameter must equal: the signature's verifyToken. Compared in constant time.
   */
  equalsSecret?: 'verifyToken';
}
