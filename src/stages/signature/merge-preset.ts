/** Lays what a connector file says over a preset. In: two specs in the same grammar. Out: one, and the preset unchanged. */
import type { Signature } from '../../generated/connector.ts';

/**
 * Objects merge field by field; lists and scalars replace. A place has one location: naming a header drops the preset's
 * path in the body or parameter of the query, and the other way round.
 */
export function mergeSignature(preset: Signature, spec: Signature): Signature {
  const merged: Signature = { ...preset, ...spec };
  if (preset.signature && spec.signature) merged.signature = mergePlace(preset.signature, spec.signature);
  if (preset.timestamp && spec.timestamp) merged.timestamp = mergePlace(preset.timestamp, spec.timestamp);
  if (preset.jwt && spec.jwt) {
    const claims = { ...preset.jwt.claims, ...spec.jwt.claims };
    merged.jwt = { ...preset.jwt, ...spec.jwt, ...(Object.keys(claims).length === 0 ? {} : { claims }) };
  }
  if (preset.bodyHash && spec.bodyHash) merged.bodyHash = { ...preset.bodyHash, ...spec.bodyHash };
  return merged;
}

interface Place {
  header?: unknown;
  body?: string;
  query?: string;
  parsePrefix?: string;
  position?: number;
}

function mergePlace<Given extends Place>(preset: Given, spec: Given): Given {
  const { header, body, query, parsePrefix, position, ...rest } = preset;
  const kept = { ...rest } as Given;
  if (header !== undefined && spec.body === undefined && spec.query === undefined) {
    kept.header = header;
    // A prefix and a position belong to a header, and exclude each other.
    if (parsePrefix !== undefined && spec.position === undefined) kept.parsePrefix = parsePrefix;
    if (position !== undefined && spec.parsePrefix === undefined) kept.position = position;
  }
  if (body !== undefined && spec.header === undefined && spec.query === undefined) kept.body = body;
  if (query !== undefined && spec.header === undefined && spec.body === undefined) kept.query = query;
  return { ...kept, ...spec };
}
