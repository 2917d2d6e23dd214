/**
 * A shape in, its fingerprint out: equal for equal shapes, whatever the order of their keys. Contains no values.
 */
import { hash } from 'node:crypto';
import type { Shape } from '../plans.ts';

/** SHA-256, in hex, of the shape in canonical form. */
export function fingerprintShape(shape: Shape): string {
  return hash('sha256', `["shape/1",${canonicalText(shape)}]`, 'hex');
}

/** JSON of lists instead of objects, so that every part has its fixed place: types, null, members, values, items. */
function canonicalText({ types, nullable, members, optional, values, items }: Shape): string {
  const sorted = types.length > 1 ? [...types].sort() : types;
  const typesText = sorted.length === 0 ? '[]' : `["${sorted.join('","')}"]`;
  const membersText = members === undefined ? 'null' : canonicalMembers(members, new Set(optional));
  const valuesText = values === undefined ? 'null' : canonicalText(values);
  const itemsText = items === undefined ? 'null' : canonicalText(items);
  return `[${typesText},${nullable ? 1 : 0},${membersText},${valuesText},${itemsText}]`;
}

function canonicalMembers(members: Readonly<Record<string, Shape>>, optional: ReadonlySet<string>): string {
  const parts = Object.keys(members)
    .sort()
    .map((name) => {
      const memberText = canonicalText(members[name] as Shape);
      return `[${JSON.stringify(name)},${optional.has(name) ? 1 : 0},${memberText}]`;
    });
  return `[${parts.join(',')}]`;
}
