/**
 * A shape in, its fingerprint out: equal for equal shapes, whatever the order of their keys. Contains no values.
 */
import { createHash } from 'node:crypto';
import type { Shape } from '../plans.ts';

type Canonical = readonly (string | number | Canonical | null)[];

/** SHA-256, in hex, of the shape in canonical form. */
export function fingerprintShape(shape: Shape): string {
  return createHash('sha256')
    .update(JSON.stringify(['shape/1', canonicalise(shape)]))
    .digest('hex');
}

/** Lists instead of objects, so that no rule about the order of keys is needed; every part has its fixed place. */
function canonicalise(shape: Shape): Canonical {
  const { members, values, items } = shape;
  return [
    [...shape.types].sort(),
    shape.nullable ? 1 : 0,
    members === undefined ? null : canonicaliseMembers(members, new Set(shape.optional)),
    values === undefined ? null : canonicalise(values),
    items === undefined ? null : canonicalise(items),
  ];
}

function canonicaliseMembers(
  members: Readonly<Record<string, Shape>>,
  optional: ReadonlySet<string>,
): Canonical {
  const names = Object.keys(members).sort();
  return names.map((name) => [name, optional.has(name) ? 1 : 0, canonicalise(members[name] as Shape)]);
}
