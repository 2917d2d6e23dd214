/**
 * The only table of what can become of a request: each code with its answer to the sender, its grade, and what it says to
 * people. Types, answers, docs/outcomes.md, `explain`, `test` and the codes in schemas/case.schema.json come from here: a
 * new code is one row. Never holds anything of a request.
 */

export type OutcomeName = 'delivered' | 'held' | 'ignored' | 'rejected' | 'answered' | 'captured';

/** pause: one such request pauses the connector. hold: several in a row do. none: kept without blame. */
export type Grade = 'pause' | 'hold' | 'none';

interface CodeTexts {
  /** The fact; no sentence. */
  readonly meaning: string;
  /** What to do about it: a sentence. */
  readonly fix: string;
}

interface RejectedEntry extends CodeTexts {
  readonly outcome: 'rejected';
  /** HTTP status of the answer. */
  readonly status: number;
  /** What the sender reads. */
  readonly title: string;
  /** The code that the sender reads instead: whoever tries signatures must not learn how close they come. */
  readonly shownAs?: string;
  /** Seconds after which a sender should try again: the time in which the cause usually ends. */
  readonly retryAfter?: number;
}

interface HeldEntry extends CodeTexts {
  readonly outcome: 'held';
  /** Where the request itself does not say otherwise, as the shape does. */
  readonly grade: Grade;
}

interface OtherEntry extends CodeTexts {
  readonly outcome: Exclude<OutcomeName, 'rejected' | 'held'>;
}

export type CodeEntry = RejectedEntry | HeldEntry | OtherEntry;

/** Each outcome: the HTTP status of its answer (null: what the code, or the provider, says), and what it is. */
export const OUTCOMES: Readonly<
  Record<OutcomeName, { readonly status: 200 | 202 | null; readonly meaning: string }>
> = {
  // Accepted: the target acknowledged it, or it is durably kept (RFC 9110, section 15.3.3).
  delivered: { status: 202, meaning: 'a trigger was made and handed over' },
  held: {
    status: 202,
    meaning: 'genuine and kept, but its shape, mapping or trigger is not right, or it could not be delivered',
  },
  ignored: { status: 200, meaning: 'genuine, but not for this connector, or nobody to tell' },
  rejected: { status: null, meaning: 'not proven, not allowed, or not readable' },
  answered: { status: null, meaning: 'a challenge of the provider' },
  captured: { status: 202, meaning: 'kept as a new sample' },
};

const UNPROVEN = 'The request is not authenticated';
const TOO_MANY = 'Too many requests';
const UNAVAILABLE = 'The connector is not available';

/** Where nothing is wrong. */
const NOTHING = 'Nothing: this is as it should be.';
const REPLAY = 'then replay what is held with `sluice held replay --connector <id>`.';

export const OUTCOME_CODES = {
  'signature-mismatch': {
    outcome: 'rejected',
    status: 401,
    title: UNPROVEN,
    meaning: 'the signature is there, but not of this request and this secret',
    fix: 'Compare the secret with the one at the sender; look for a proxy that changes the body, and for another scheme (`sluice presets`).',
  },
  'signature-missing': {
    outcome: 'rejected',
    status: 401,
    title: UNPROVEN,
    shownAs: 'signature-mismatch',
    meaning: 'the scheme reads a signature that is not there; `sign: genuine` makes one',
    fix: 'Switch signing on at the sender, or correct the header under `security.signature`; a case needs `sign: genuine`.',
  },
  'signature-stale': {
    outcome: 'rejected',
    status: 401,
    title: UNPROVEN,
    shownAs: 'signature-mismatch',
    meaning: 'genuine, but its time is too far from `now` of the case',
    fix: 'Compare the clocks of sender and runtime; a retry that is old by design needs a wider `tolerance`.',
  },
  'signature-time-unreadable': {
    outcome: 'rejected',
    status: 401,
    title: UNPROVEN,
    shownAs: 'signature-mismatch',
    meaning: 'the signature is right, but the time that it signs is in no form that is known',
    fix: 'Look at how the sender writes the time: Unix time in s, ms, us or ns, ISO 8601 with an offset and HTTP dates are read.',
  },
  'address-not-allowed': {
    outcome: 'rejected',
    status: 403,
    title: 'The address of the sender is not allowed',
    meaning: 'the sender is not in `security.allowIps`',
    fix: 'Add the address if it is the sender; behind a proxy, name the proxy with --trust-proxy.',
  },
  'method-not-allowed': {
    outcome: 'rejected',
    status: 405,
    title: 'The method is not allowed here',
    meaning: 'the connector does not take this method; see `methods`',
    fix: 'Correct the method at the sender, or list it under `methods`.',
  },
  'connector-unknown': {
    outcome: 'rejected',
    status: 404,
    title: 'There is no such connector',
    meaning:
      'to this sender the connector does not exist: a wrong secret URL, or a disabled connector without a right signature',
    fix: 'Compare the URL at the sender with what `sluice url <id>` prints, and whether the bundle that serves has the connector (`sluice status`).',
  },
  'body-malformed': {
    outcome: 'rejected',
    status: 400,
    title: 'The body cannot be read',
    meaning: 'the body cannot be parsed',
    fix: 'Look at what the sender sends, and whether `body` names its encoding.',
  },
  'body-type-unsupported': {
    outcome: 'rejected',
    status: 415,
    title: 'The type of the body is not supported',
    meaning: 'the content-type is not what the connector takes; see `body`',
    fix: 'Set the content-type at the sender, or `body` in the connector.',
  },
  'body-encoding-unsupported': {
    outcome: 'rejected',
    status: 415,
    title: 'The encoding of the body is not supported',
    meaning: 'the body has a content-encoding that is none of gzip, deflate and br',
    fix: 'Have the sender send it plain, or in one of these.',
  },
  'body-too-large': {
    outcome: 'rejected',
    status: 413,
    title: 'The body is too large',
    meaning: 'the body is over the limit',
    fix: 'Have the sender send less in one request.',
  },
  'request-malformed': {
    outcome: 'rejected',
    status: 400,
    title: 'The request cannot be read',
    meaning: 'the request cannot be read',
    fix: 'Look at what the sender, or a proxy, sends.',
  },
  'rate-limited': {
    outcome: 'rejected',
    status: 429,
    title: TOO_MANY,
    meaning: 'over the limit of the connector',
    fix: 'Raise `limits` in the connector if the sender is right to send as much.',
  },
  'sender-rate-limited': {
    outcome: 'rejected',
    status: 429,
    title: TOO_MANY,
    shownAs: 'rate-limited',
    meaning: 'over the limit of this sender',
    fix: 'Requests that are not proven use it up: correct their signature. Behind a proxy, name it with --trust-proxy.',
  },
  'secret-missing': {
    outcome: 'rejected',
    status: 503,
    title: UNAVAILABLE,
    retryAfter: 60,
    meaning: 'a secret that the scheme needs is missing or no key: give it under `secrets`',
    fix: 'Give it to the runtime in its environment or in --secrets-dir; `sluice status` names it. In a case, under `secrets`.',
  },
  'keys-pending': {
    outcome: 'rejected',
    status: 503,
    title: 'The key of the sender is not known yet',
    retryAfter: 20,
    meaning:
      'the key that the request names is not known yet: it is being fetched, or was fetched less than a minute ago',
    fix: 'The sender should come again; if it stays, look in the log whether the runtime reaches the address of the keys.',
  },
  'url-key-missing': {
    outcome: 'rejected',
    status: 503,
    title: UNAVAILABLE,
    retryAfter: 60,
    meaning: 'the connector needs a secret URL',
    fix: 'Set SLUICE_URL_KEYS for the runtime, and enter what `sluice url <id>` prints at the sender.',
  },
  'public-url-missing': {
    outcome: 'rejected',
    status: 503,
    title: UNAVAILABLE,
    retryAfter: 60,
    meaning: 'the scheme signs the public URL: give it as `url`',
    fix: 'Start the runtime with --public-url; in a case, give `url`.',
  },
  'not-ready': {
    outcome: 'rejected',
    status: 503,
    title: 'Not ready yet',
    retryAfter: 5,
    meaning: 'no bundle is active',
    fix: 'Look at `sluice status`: it says why the bundle is refused.',
  },
  'connector-broken': {
    outcome: 'rejected',
    status: 503,
    title: UNAVAILABLE,
    retryAfter: 60,
    meaning: 'the plan of the connector cannot be run',
    fix: 'Build the bundle again with the version of Sluice that serves it.',
  },
  'state-unavailable': {
    outcome: 'rejected',
    status: 503,
    title: 'The request could not be kept',
    retryAfter: 30,
    meaning: 'it could not be stored',
    fix: 'Make room in the state folder, or correct its permissions; `sluice status` says what fails.',
  },
  overloaded: {
    outcome: 'rejected',
    status: 503,
    title: 'Too many requests at the moment',
    retryAfter: 5,
    meaning: 'too many requests at once',
    fix: 'The sender tries again; more --workers take more.',
  },
  'internal-error': {
    outcome: 'rejected',
    status: 500,
    title: 'Internal error',
    meaning: 'a bug in Sluice; please report it',
    fix: 'Report it with the lines of the log.',
  },
  handshake: {
    outcome: 'answered',
    meaning: 'taken for a challenge of the provider and answered',
    fix: NOTHING,
  },
  captured: {
    outcome: 'captured',
    meaning: 'kept as a new sample',
    fix: 'Nothing: `sluice capture` shows it.',
  },
  delivered: {
    outcome: 'delivered',
    meaning: 'a trigger was made and handed over',
    fix: NOTHING,
  },
  disabled: {
    outcome: 'ignored',
    meaning: 'the connector is disabled',
    fix: 'Set `status: test` or `live` when it is to work again.',
  },
  'when-differs': {
    outcome: 'ignored',
    meaning: 'another event: an entry of `when` does not hold',
    fix: 'Nothing if the event is not for this connector; else widen `when`.',
  },
  'no-targets': {
    outcome: 'ignored',
    meaning: 'targetUserIds names nobody: nobody to tell',
    fix: 'Nothing if that is right, as `whenMissing: ignore` says it is; else correct the path of `targetUserIds`. `sluice status` counts these requests.',
  },
  'no-elements': {
    outcome: 'ignored',
    meaning: 'the batch is empty',
    fix: 'Nothing, unless `split` names the wrong list.',
  },
  'script-ignored': {
    outcome: 'ignored',
    meaning: 'the script returned null',
    fix: 'Nothing if the script is right.',
  },
  duplicate: {
    outcome: 'ignored',
    meaning: 'this event has been accepted before',
    fix: 'Nothing for a retry; where events differ, `idempotency` names what they have in common.',
  },
  paused: {
    outcome: 'held',
    grade: 'none',
    meaning: 'the connector is paused',
    fix: `Look at \`sluice status <id>\` for the reason, \`sluice resume <id>\`, ${REPLAY}`,
  },
  'no-sample': {
    outcome: 'held',
    grade: 'pause',
    meaning: 'the connector has no sample to judge it by',
    fix: `Make one with \`sluice learn <hold>\` or \`sluice capture\`, deploy, ${REPLAY}`,
  },
  'shape-changed': {
    outcome: 'held',
    grade: 'hold',
    meaning: 'the payload does not look like the samples',
    fix: `\`sluice held show <hold>\` says what differs. Is it there to stay, \`sluice learn <hold>\` and correct the mapping; was it a single bad request, \`sluice resume <id>\`; is it that nobody is concerned, \`whenMissing: ignore\` beside the recipient's path; ${REPLAY}`,
  },
  'when-missing': {
    outcome: 'held',
    grade: 'hold',
    meaning: 'what `when` compares is in every sample, but not in this request',
    fix: `Correct \`when\`, or learn the request as a sample, deploy, ${REPLAY}`,
  },
  'recipient-missing': {
    outcome: 'held',
    grade: 'none',
    meaning:
      'fifty requests in a row lack the recipient, which `whenMissing: ignore` takes for nobody to tell',
    fix: `Compare a held request with a sample: where the sender has renamed it, correct the path, deploy, ${REPLAY} If there is nobody to tell, \`sluice held discard\`; \`when\` can say which events concern somebody.`,
  },
  'idempotency-missing': {
    outcome: 'held',
    grade: 'hold',
    meaning: 'the event has no id where `idempotency` looks for it',
    fix: `Correct the path of \`idempotency\`, deploy, ${REPLAY}`,
  },
  'mapping-failed': {
    outcome: 'held',
    grade: 'hold',
    meaning: 'the mapping cannot make a value',
    fix: `Correct the path, or give the variable a \`default\`, deploy, ${REPLAY}`,
  },
  'card-expired': {
    outcome: 'held',
    grade: 'none',
    meaning: 'the card would have expired before the request arrived',
    fix: 'Where the time is not when the card ends, map another one or `expiresInterval`; else discard it (sluice held discard).',
  },
  'trigger-invalid': {
    outcome: 'held',
    grade: 'hold',
    meaning: 'what the mapping made is not a trigger',
    fix: `Correct the mapping, deploy, ${REPLAY}`,
  },
  'script-error': {
    outcome: 'held',
    grade: 'hold',
    meaning: 'the script threw',
    fix: `Correct the script where the hold says, deploy, ${REPLAY}`,
  },
  'script-timeout': {
    outcome: 'held',
    grade: 'hold',
    meaning: 'the script ran too long',
    fix: `Make the script do less; on a busy machine, replay alone may help. Else deploy, ${REPLAY}`,
  },
  'script-memory': {
    outcome: 'held',
    grade: 'hold',
    meaning: 'the script used too much memory',
    fix: `Make the script keep less, deploy, ${REPLAY}`,
  },
  'script-unavailable': {
    outcome: 'held',
    grade: 'none',
    meaning: 'the script host did not answer',
    fix: `Look into the log of the runtime, ${REPLAY}`,
  },
  'target-refused': {
    outcome: 'held',
    grade: 'none',
    meaning: 'the target refused the trigger',
    fix: `Compare the Action Flow and its variables with the answer in the log, correct one of them, ${REPLAY}`,
  },
  undelivered: {
    outcome: 'held',
    grade: 'none',
    meaning: 'the target could not be reached',
    fix: 'Nothing at first: it is tried again. If it stays, look at the target and its settings, and replay.',
  },
  superseded: {
    outcome: 'held',
    grade: 'none',
    meaning: 'another request of the same event was sent instead, as both share one invocation id',
    fix: 'Nothing, if it was a correction: discard this one. If they are events of their own, `sluice held replay <hold> --each` sends it under an id of its own, and `idempotency` should name what tells them apart.',
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;

export type OutcomeCode = keyof typeof OUTCOME_CODES;

/** The codes of one outcome. */
export type CodeOf<Name extends OutcomeName> = {
  [Code in OutcomeCode]: (typeof OUTCOME_CODES)[Code]['outcome'] extends Name ? Code : never;
}[OutcomeCode];

export type RejectionCode = CodeOf<'rejected'>;
export type HoldCode = CodeOf<'held'>;
export type IgnoreCode = CodeOf<'ignored'>;

/** The row of a code; null for a word that is none. */
export function findCode(code: string): CodeEntry | null {
  return Object.hasOwn(OUTCOME_CODES, code) ? OUTCOME_CODES[code as OutcomeCode] : null;
}

/** The row of a rejection, with what only some rows have. */
export function rejectionOf(code: RejectionCode): RejectedEntry & { readonly shownAs?: RejectionCode } {
  return OUTCOME_CODES[code];
}

/** The codes of one outcome, in the order of the table. */
export function codesOf<Name extends OutcomeName>(name: Name): readonly CodeOf<Name>[] {
  const codes = Object.keys(OUTCOME_CODES) as OutcomeCode[];
  return codes.filter((code): code is CodeOf<Name> => OUTCOME_CODES[code].outcome === name);
}
