/** Lays what a connector file says over a preset. In: two specs in the same grammar. Out: one, and the preset unchanged. */
import type { Signature } from '../../generated/connector.ts';

/**
 * Objects merge field by field; lists and scalars replace. A place has one location: naming a header drops the preset's
 * path in the body, and the other way round.
 */
export function mergeSignature(preset: Signature, spec: Signature): Signature {
  const merged: Signature = { ...preset, ...spec };
  if (preset.signature && spec.signature) merged.signature = mergePlace(preset.signature, spec.signature);
  if (preset.timestamp && spec.timestamp) merged.timestamp = mergePlace(preset.timestamp, spec.timestamp);
  if (preset.bodyHash && spec.bodyHash) merged.bodyHash = { ...preset.bodyHash, ...spec.bodyHash };
  return merged;
}

interface Place {
  header?: unknown;
  body?: string;
  parsePrefix?: string;
}

function mergePlace<Given extends Place>(preset: Given, spec: Given): Given {
  const { header, body, parsePrefix, ...rest } = preset;
  const kept = { ...rest } as Given;
  if (header !== undefined && spec.body === undefined) kept.header = header;
  // A prefix belongs to a header.
  if (parsePrefix !== undefined && spec.body === undefined) kept.parsePrefix = parsePrefix;
  if (body !== undefined && spec.header === undefined) kept.body = body;
  return { ...kept, ...spec };
}
