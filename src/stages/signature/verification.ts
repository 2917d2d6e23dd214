/** What a verifier is asked and says, whatever the scheme. */
import type { WebhookRequest } from '../request.ts';
import type { SecretLookup } from '../secrets.ts';
import type { RemoteKeys } from './remote-keys.ts';

export type Verification =
  /** `secret` is the secretName of the reference that matched, or the address that its key was fetched from. */
  { readonly ok: true; readonly secret: string } | { readonly ok: false; readonly code: VerificationFailure };

/**
 * signature-missing: what the scheme reads is not there. signature-mismatch: nobody with a secret sent this.
 * signature-stale: genuine, but too old or from the future. signature-time-unreadable: genuine, but its time is none.
 * secret-missing: nothing matched, and a secret is missing, empty, or not a key of the scheme: the deployment is to blame,
 * not the sender. keys-pending: the key that it names is not known yet: to be sent again.
 */
export type VerificationFailure =
  | 'signature-missing'
  | 'signature-mismatch'
  | 'signature-stale'
  | 'signature-time-unreadable'
  | 'secret-missing'
  | 'keys-pending';

export interface Verifier {
  /** `now` in milliseconds since the epoch. Only schemes whose keys or tokens need it give a promise, which never rejects. */
  verify(
    request: WebhookRequest,
    secrets: SecretLookup,
    now: number,
    remote?: RemoteKeys,
  ): Verification | Promise<Verification>;
}
