/** What an outcome's code means, for somebody whose case came out differently: the fact, and where to look. */
import type { Outcome } from '../../runtime/outcome.ts';

const MEANINGS: Readonly<Record<Outcome['code'], string>> = {
  // rejected
  'connector-unknown':
    'to this sender the connector does not exist: a wrong secret URL, or a disabled connector without a right signature',
  'method-not-allowed': 'the connector does not take this method; see `methods`',
  'address-not-allowed': 'the sender is not in `security.allowIps`',
  'body-too-large': 'the body is over the limit',
  'body-encoding-unsupported': 'the body is compressed, or not UTF-8',
  'body-type-unsupported': 'the content-type is not what the connector takes; see `body`',
  'signature-mismatch': 'the signature is there, but not of this request and this secret',
  'signature-missing': 'the scheme reads a signature that is not there; `sign: genuine` makes one',
  'signature-stale': 'genuine, but its time is too far from `now` of the case',
  'body-malformed': 'the body cannot be parsed',
  'request-malformed': 'the request cannot be read',
  'rate-limited': 'over the limit of the connector',
  'sender-rate-limited': 'over the limit of this sender',
  'not-ready': 'no bundle is active',
  'secret-missing': 'a secret that the scheme needs is missing or no key: give it under `secrets`',
  'url-key-missing': 'the connector needs a secret URL',
  'public-url-missing': 'the scheme signs the public URL: give it as `url`',
  'connector-broken': 'the plan of the connector cannot be run',
  'state-unavailable': 'it could not be stored',
  overloaded: 'too many requests at once',
  'internal-error': 'a bug in Sluice; please report it',
  // answered, captured, delivered
  handshake: 'taken for a challenge of the provider and answered',
  captured: 'kept as a new sample',
  delivered: 'a trigger was made and handed over',
  // ignored
  disabled: 'the connector is disabled',
  'when-differs': 'another event: an entry of `when` does not hold',
  'no-targets': 'targetUserIds is an empty list: nobody to tell',
  'no-elements': 'the batch is empty',
  'script-ignored': 'the script returned null',
  duplicate: 'this event has been accepted before',
  // held
  paused: 'the connector is paused',
  'no-sample': 'the connector has no sample to judge it by',
  'shape-changed': 'the payload does not look like the samples',
  'when-missing': 'what `when` compares is in every sample, but not in this request',
  'idempotency-missing': 'the event has no id where `idempotency` looks for it',
  'mapping-failed': 'the mapping cannot make a value',
  'trigger-invalid': 'what the mapping made is not a trigger',
  'script-error': 'the script threw',
  'script-timeout': 'the script ran too long',
  'script-memory': 'the script used too much memory',
  'script-unavailable': 'the script host did not answer',
  'target-refused': 'the target refused the trigger',
  undelivered: 'the target could not be reached',
};

export function meaningOf({ code }: Outcome): string {
  return MEANINGS[code];
}
