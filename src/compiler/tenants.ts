/**
 * Which customers of an app a connector takes events of. In: the preset's name, and the conditions of the connector. Out:
 * the customers by the value that names them; for the compiler's warning, and for the diff.
 */

import { isReference } from '../stages/conditions/compare.ts';
import { parseSegments } from '../stages/json/json-path-grammar.ts';
import type { ConditionPlan } from '../stages/plans.ts';
import { PRESETS } from '../stages/signature/presets.ts';

type Tenant = string | number | boolean | null;

/** undefined: the secret is nobody else's, or the provider does not say whose an event is. null: any customer's. */
export function tenantsOf(
  presetName: string | undefined,
  when: readonly ConditionPlan[],
): readonly Tenant[] | null | undefined {
  const preset = PRESETS.get(presetName ?? '');
  if (preset?.tenant === undefined) return undefined;
  if (preset.secretScope !== 'app' && preset.secretScope !== 'provider') return undefined;
  const places = preset.tenant;
  const namesTenant = ({ path, header }: ConditionPlan): boolean =>
    places.some((place) => place === header || (path !== undefined && isSamePlace(place, path)));
  // Whether a value exists, or how it begins, tells no two customers apart.
  const lists = when.filter(namesTenant).flatMap(({ equals, in: list }): readonly (readonly Tenant[])[] => {
    if (list !== undefined) return [list];
    // What the request itself says names nobody.
    return equals === undefined || isReference(equals) ? [] : [[equals]];
  });
  const [first, ...others] = lists;
  if (first === undefined) return null;
  return first.filter((value) => others.every((list) => list.includes(value)));
}

/** $[0].portalId and $[*].portalId name the same thing. */
function isSamePlace(place: string, path: string): boolean {
  const [wanted, given] = [namesIn(place), namesIn(path)];
  return wanted !== null && JSON.stringify(given) === JSON.stringify(wanted);
}

/** The members on the way, whatever their place in lists; null where that is open. */
function namesIn(path: string): readonly string[] | null {
  const segments = parseSegments(path);
  if ('code' in segments) return null;
  if (segments.some(({ kind }) => kind === 'descent' || kind === 'union')) return null;
  return segments.flatMap((segment) => (segment.kind === 'name' ? [segment.name] : []));
}
