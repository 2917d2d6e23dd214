/**
 * Which bundles a runtime with trusted keys lets in: those that one of the keys signed, whole, and that do not take it
 * back to what it served before. In: bytes, and later the manifest that was decoded of them. Out: null, or why not.
 */
import { decodeBundle } from '../../bundle/codec.ts';
import type { BundleManifest } from '../../bundle/plan.ts';
import {
  type SignatureRefusal,
  splitSignature,
  type TrustedKey,
  verifyBundle,
} from '../../bundle/signing.ts';
import type { BundleCache } from '../state/files/bundle-cache.ts';
import { WRITTEN, type Written } from '../state/files/durable-file.ts';

export type SequenceRefusal = 'bundle-sequence-lower' | 'bundle-sequence-taken';

export interface TrustRefusal<Code = SignatureRefusal | SequenceRefusal> {
  readonly ok: false;
  readonly code: Code;
  readonly message: string;
}

export interface BundleTrust {
  /** Before anything is decoded. */
  verify(bytes: Buffer): Promise<TrustRefusal<SignatureRefusal> | null>;
  /** Of a bundle that was verified. */
  check(manifest: BundleManifest): TrustRefusal<SequenceRefusal> | null;
  /** From now on nothing older is let in. Durable when it resolves with ok; never rejects. */
  remember(manifest: BundleManifest): Promise<Written>;
}

type History = Pick<
  BundleCache,
  'refresh' | 'highestSequence' | 'highestDigest' | 'raiseSequence' | 'readLastGood'
>;

/** Without keys everything is let in and nothing is remembered: what nobody signed must not lock out what somebody did. */
export function createBundleTrust(
  trusted: () => readonly TrustedKey[] | null,
  history: History,
): BundleTrust {
  let recalled: Promise<void> | undefined;
  return {
    async verify(bytes) {
      const keys = trusted();
      if (keys === null) return null;
      recalled ??= recall(keys, history);
      await recalled;
      await history.refresh();
      const verdict = await verifyBundle(bytes, keys);
      return verdict.ok ? null : verdict;
    },
    check: (manifest) => (trusted() === null ? null : checkSequence(manifest, history)),
    remember: async ({ sequence, digest }) =>
      trusted() === null ? WRITTEN : history.raiseSequence(sequence, digest),
  };
}

/**
 * The record of the highest sequence may be damaged or gone, and the copy of what was served last still there: it was
 * signed, so that its sequence counts as well.
 */
async function recall(keys: readonly TrustedKey[], history: History): Promise<void> {
  const bytes = await history.readLastGood();
  if (bytes === null || !(await verifyBundle(bytes, keys)).ok) return;
  const decoded = decodeBundle(splitSignature(bytes).signed);
  if (!decoded.ok) return;
  const { sequence, digest } = decoded.bundle.manifest;
  const highest = history.highestSequence();
  if (highest === null || sequence > highest) await history.raiseSequence(sequence, digest);
}

/**
 * The same bundle may come again. Another one of the same sequence may not: nothing says which of the two is newer, so
 * whoever can replace the file could go back and forth between them.
 */
function checkSequence(
  { sequence, digest }: BundleManifest,
  history: History,
): TrustRefusal<SequenceRefusal> | null {
  const highest = history.highestSequence();
  if (highest === null || sequence > highest) return null;
  const advice = `\`sluice sign <bundle> --sequence ${highest + 1}\``;
  if (sequence < highest) {
    const fact = `the sequence ${sequence} is lower than ${highest}, the highest that was served here`;
    const message = `${fact}: to roll back, sign the old content with a higher one, ${advice}`;
    return { ok: false, code: 'bundle-sequence-lower', message };
  }
  const served = history.highestDigest();
  if (served === null || served === digest) return null;
  const message = `other content was served here under the sequence ${sequence}: build with a higher one, or ${advice}`;
  return { ok: false, code: 'bundle-sequence-taken', message };
}
