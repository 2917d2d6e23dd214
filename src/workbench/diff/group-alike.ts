/** What would be said again and again is said once: changes and gates that are alike, put together for people. */

import { isJsonObject } from '../../stages/json/json-value.ts';
import { clean } from './change-text.ts';
import type { Change } from './plans/change.ts';
import type { Gate } from './plans/gates.ts';

/** Requests beyond these are counted, not named. */
const MAX_ALIKE = 3;

/** Requests whose triggers change in the same fields become one change: the first says how, and names the others. */
export function condense(changes: readonly Change[]): readonly Change[] {
  const groups = new Map<string, Change[]>();
  const kept: (readonly Change[])[] = [];
  for (const change of changes) {
    const fields = fieldsOf(change);
    const group = groups.get(fields);
    if (change.kind !== 'trigger-changed') kept.push([change]);
    else if (group !== undefined) group.push(change);
    else {
      const alike = [change];
      groups.set(fields, alike);
      kept.push(alike);
    }
  }
  return kept.map(([first, ...others]) => {
    const change = first as Change;
    if (others.length === 0) return change;
    const names = others
      .slice(0, MAX_ALIKE)
      .map(({ message }) => message.replace(/ makes another trigger .*$/, ''));
    const more = others.length > MAX_ALIKE ? ` and ${others.length - MAX_ALIKE} more` : '';
    return { ...change, message: `${change.message}, in the same fields as ${names.join(', ')}${more}` };
  });
}

/** Where the triggers differ, on whichever side the field is. */
function fieldsOf({ before, after }: Change): string {
  const names = [before, after].flatMap((side) => (isJsonObject(side) ? Object.keys(side) : []));
  return [...new Set(names)].sort().join(' ');
}

export type GateGroup = Gate & { readonly connectors: readonly string[] };

/** Gates of several connectors that say the same. */
export function groupGates(gates: readonly Gate[]): readonly GateGroup[] {
  const groups = Map.groupBy(gates, ({ gate, result, message }) => `${result} ${gate} ${message}`);
  return [...groups.values()].map((group) => ({
    ...(group[0] as Gate),
    connectors: group.map(({ connector }) => connector),
  }));
}

/** More are counted, not named. */
const MAX_NAMED = 10;

/** Such as "a, b and 12 more". */
export function nameConnectors(ids: readonly string[]): string {
  const shown = ids.slice(0, MAX_NAMED).map((id) => clean(id));
  return `${shown.join(', ')}${ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : ''}`;
}
