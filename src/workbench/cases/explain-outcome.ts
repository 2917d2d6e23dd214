/**
 * The only table of outcome codes for people: what each means, and what to do about it. `test`, `explain`, docs/outcomes.md
 * and what editors complete under `want.code` all come from here.
 */
import type { Outcome, OutcomeName } from '../../outcomes/outcome.ts';

export type OutcomeCode = Outcome['code'];

export interface OutcomeEntry {
  /** What became of a request with this code. */
  readonly outcome: OutcomeName;
  /** The fact; no sentence. */
  readonly meaning: string;
  /** What to do about it: a sentence. */
  readonly fix: string;
}

/** Where nothing is wrong. */
const NOTHING = 'Nothing: this is as it should be.';
const REPLAY = 'then replay what is held with `sluice held replay --connector <id>`.';

function of(outcome: OutcomeName): (meaning: string, fix: string) => OutcomeEntry {
  return (meaning, fix) => ({ outcome, meaning, fix });
}

const rejected = of('rejected');
const ignored = of('ignored');
const held = of('held');

export const OUTCOMES: Readonly<Record<OutcomeCode, OutcomeEntry>> = {
  'signature-mismatch': rejected(
    'the signature is there, but not of this request and this secret',
    'Compare the secret with the one at the sender; look for a proxy that changes the body, and for another scheme (`sluice presets`).',
  ),
  'signature-missing': rejected(
    'the scheme reads a signature that is not there; `sign: genuine` makes one',
    'Switch signing on at the sender, or correct the header under `security.signature`; a case needs `sign: genuine`.',
  ),
  'signature-stale': rejected(
    'genuine, but its time is too far from `now` of the case',
    'Compare the clocks of sender and runtime; a retry that is old by design needs a wider `tolerance`.',
  ),
  'address-not-allowed': rejected(
    'the sender is not in `security.allowIps`',
    'Add the address if it is the sender; behind a proxy, name the proxy with --trust-proxy.',
  ),
  'method-not-allowed': rejected(
    'the connector does not take this method; see `methods`',
    'Correct the method at the sender, or list it under `methods`.',
  ),
  'connector-unknown': rejected(
    'to this sender the connector does not exist: a wrong secret URL, or a disabled connector without a right signature',
    'Compare the URL at the sender with what `sluice url <id>` prints, and whether the bundle that serves has the connector (`sluice status`).',
  ),
  'body-malformed': rejected(
    'the body cannot be parsed',
    'Look at what the sender sends, and whether `body` names its encoding.',
  ),
  'body-type-unsupported': rejected(
    'the content-type is not what the connector takes; see `body`',
    'Set the content-type at the sender, or `body` in the connector.',
  ),
  'body-encoding-unsupported': rejected(
    'the body is compressed, or not UTF-8',
    'Have the sender send plain UTF-8.',
  ),
  'body-too-large': rejected('the body is over the limit', 'Have the sender send less in one request.'),
  'request-malformed': rejected('the request cannot be read', 'Look at what the sender, or a proxy, sends.'),
  'rate-limited': rejected(
    'over the limit of the connector',
    'Raise `limits` in the connector if the sender is right to send as much.',
  ),
  'sender-rate-limited': rejected(
    'over the limit of this sender',
    'Requests that are not proven use it up: correct their signature. Behind a proxy, name it with --trust-proxy.',
  ),
  'secret-missing': rejected(
    'a secret that the scheme needs is missing or no key: give it under `secrets`',
    'Give it to the runtime in its environment or in --secrets-dir; `sluice status` names it. In a case, under `secrets`.',
  ),
  'url-key-missing': rejected(
    'the connector needs a secret URL',
    'Set SLUICE_URL_KEYS for the runtime, and enter what `sluice url <id>` prints at the sender.',
  ),
  'public-url-missing': rejected(
    'the scheme signs the public URL: give it as `url`',
    'Start the runtime with --public-url; in a case, give `url`.',
  ),
  'not-ready': rejected('no bundle is active', 'Look at `sluice status`: it says why the bundle is refused.'),
  'connector-broken': rejected(
    'the plan of the connector cannot be run',
    'Build the bundle again with the version of Sluice that serves it.',
  ),
  'state-unavailable': rejected(
    'it could not be stored',
    'Make room in the state folder, or correct its permissions; `sluice status` says what fails.',
  ),
  overloaded: rejected('too many requests at once', 'The sender tries again; more --workers take more.'),
  'internal-error': rejected('a bug in Sluice; please report it', 'Report it with the lines of the log.'),

  handshake: of('answered')('taken for a challenge of the provider and answered', NOTHING),
  captured: of('captured')('kept as a new sample', 'Nothing: `sluice capture` shows it.'),
  delivered: of('delivered')('a trigger was made and handed over', NOTHING),

  disabled: ignored('the connector is disabled', 'Set `status: test` or `live` when it is to work again.'),
  'when-differs': ignored(
    'another event: an entry of `when` does not hold',
    'Nothing if the event is not for this connector; else widen `when`.',
  ),
  'no-targets': ignored(
    'targetUserIds is an empty list: nobody to tell',
    'Nothing if that is right; else correct the path of `targetUserIds`.',
  ),
  'no-elements': ignored('the batch is empty', 'Nothing, unless `split` names the wrong list.'),
  'script-ignored': ignored('the script returned null', 'Nothing if the script is right.'),
  duplicate: ignored(
    'this event has been accepted before',
    'Nothing for a retry; where events differ, `idempotency` names what they have in common.',
  ),

  paused: held(
    'the connector is paused',
    `Look at \`sluice status <id>\` for the reason, \`sluice resume <id>\`, ${REPLAY}`,
  ),
  'no-sample': held(
    'the connector has no sample to judge it by',
    `Make one with \`sluice learn <hold>\` or \`sluice capture\`, deploy, ${REPLAY}`,
  ),
  'shape-changed': held(
    'the payload does not look like the samples',
    `\`sluice held show <hold>\` says what differs. Is it there to stay, \`sluice learn <hold>\` and correct the mapping; was it a single bad request, \`sluice resume <id>\`; ${REPLAY}`,
  ),
  'when-missing': held(
    'what `when` compares is in every sample, but not in this request',
    `Correct \`when\`, or learn the request as a sample, deploy, ${REPLAY}`,
  ),
  'recipient-missing': held(
    'fifty requests in a row lack the recipient, which `whenMissing: ignore` takes for nobody to tell',
    `Compare a held request with a sample: where the sender has renamed it, correct the path, deploy, ${REPLAY} If there is nobody to tell, \`sluice held discard\`; \`when\` can say which events concern somebody.`,
  ),
  'idempotency-missing': held(
    'the event has no id where `idempotency` looks for it',
    `Correct the path of \`idempotency\`, deploy, ${REPLAY}`,
  ),
  'mapping-failed': held(
    'the mapping cannot make a value',
    `Correct the path, or give the variable a \`default\`, deploy, ${REPLAY}`,
  ),
  'trigger-invalid': held('what the mapping made is not a trigger', `Correct the mapping, deploy, ${REPLAY}`),
  'script-error': held('the script threw', `Correct the script where the hold says, deploy, ${REPLAY}`),
  'script-timeout': held(
    'the script ran too long',
    `Make the script do less; on a busy machine, replay alone may help. Else deploy, ${REPLAY}`,
  ),
  'script-memory': held('the script used too much memory', `Make the script keep less, deploy, ${REPLAY}`),
  'script-unavailable': held('the script host did not answer', `Look into the log of the runtime, ${REPLAY}`),
  'target-refused': held(
    'the target refused the trigger',
    `Compare the Action Flow and its variables with the answer in the log, correct one of them, ${REPLAY}`,
  ),
  undelivered: held(
    'the target could not be reached',
    'Nothing at first: it is tried again. If it stays, look at the target and its settings, and replay.',
  ),
  superseded: held(
    'another request of the same event was sent instead, as both share one invocation id',
    'Nothing, if it was a correction: discard this one. If they are events of their own, `sluice held replay <hold> --each` sends it under an id of its own, and `idempotency` should name what tells them apart.',
  ),
};

export function meaningOf({ code }: Outcome): string {
  return OUTCOMES[code].meaning;
}
