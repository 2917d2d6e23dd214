/**
 * The key of a signature that names its certificate, as Amazon SNS does. In: a request, and what the runtime has fetched.
 * Out: the key in a certificate that is valid now, of the right subject and long enough; its address has to match the
 * plan's pattern whole, as trust is the TLS connection to that address. Fetches nothing itself.
 */
import { X509Certificate } from 'node:crypto';
import type { BodyPlan, CertificatePlan, HashAlgorithm } from '../plans.ts';
import type { WebhookRequest } from '../request.ts';
import { MAX_UNVERIFIED_JSON, materialiseBodyValue, parseForSignature } from './body-values.ts';
import type { Key } from './keys.ts';
import type { RemoteKeys } from './remote-keys.ts';

export type CertificateKey =
  | {
      readonly ok: true;
      readonly key: Key;
      readonly algorithm: HashAlgorithm;
      readonly address: string;
      /** To be called when it has proven the request. */
      readonly proven: () => void;
    }
  | { readonly ok: false; readonly code: 'signature-missing' | 'signature-mismatch' | 'keys-pending' };

const MIN_BITS = 2048;
/** Longer texts are no address of a certificate. */
const MAX_ADDRESS = 512;
const NO_BYTES = Buffer.alloc(0);

export function materialiseCertificate(
  plan: CertificatePlan,
  reading: BodyPlan,
): (request: WebhookRequest, now: number, remote: RemoteKeys) => CertificateKey {
  const readAddress = materialiseBodyValue(plan.body);
  const readVersion = materialiseBodyValue(plan.version.body);
  const pattern = new RegExp(`^(?:${plan.pattern})$`);
  /** The last certificate that was read: one sender uses one for months. */
  let last: { readonly text: string; readonly certificate: X509Certificate | null } | null = null;
  const read = (text: string): X509Certificate | null => {
    if (last?.text !== text) last = { text, certificate: parse(text) };
    return last.certificate;
  };
  return (request, now, remote) => {
    const body = parseForSignature(reading, request.fields ?? request.body, MAX_UNVERIFIED_JSON);
    const address = body === undefined ? null : readAddress(body);
    const version = body === undefined ? null : readVersion(body);
    if (address === '') return refuse('signature-missing');
    if (address === null || address.length > MAX_ADDRESS || !pattern.test(address))
      return refuse('signature-mismatch');
    const algorithm =
      version !== null && Object.hasOwn(plan.version.algorithms, version)
        ? plan.version.algorithms[version]
        : undefined;
    if (algorithm === undefined) return refuse('signature-mismatch');
    const found = remote.certificate(address);
    if (found.kind !== 'found')
      return refuse(found.kind === 'pending' ? 'keys-pending' : 'signature-mismatch');
    const [text = ''] = found.candidates;
    const certificate = read(text);
    if (certificate === null || !isTrusted(certificate, plan.subject, now))
      return refuse('signature-mismatch');
    const key: Key = { bytes: NO_BYTES, object: certificate.publicKey };
    return { ok: true, key, algorithm, address, proven: () => remote.proven(address, null, text) };
  };
}

function refuse(code: 'signature-missing' | 'signature-mismatch' | 'keys-pending'): CertificateKey {
  return { ok: false, code };
}

function parse(text: string): X509Certificate | null {
  try {
    return new X509Certificate(text);
  } catch {
    return null;
  }
}

function isTrusted(certificate: X509Certificate, subject: string, now: number): boolean {
  const { publicKey } = certificate;
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  return (
    publicKey.asymmetricKeyType === 'rsa' &&
    bits >= MIN_BITS &&
    certificate.subject.split('\n').includes(`CN=${subject}`) &&
    Date.parse(certificate.validFrom) <= now &&
    now <= Date.parse(certificate.validTo)
  );
}
