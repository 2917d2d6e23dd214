/** Warnings that a connector file accepts: no plan shows them. In: the `silence` of both sides. Out: changes. */

import { quote } from '../../diagnostics/printable.ts';
import type { Silence } from '../../generated/connector.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { Change } from './plans/change.ts';

/** One for each entry that is new, or has another reason. One that is gone accepts nothing. */
export function changesOfSilence(
  connector: string,
  before: Silence | undefined,
  after: Silence | undefined,
): readonly Change[] {
  const known = new Map(Object.entries(before ?? {}));
  return Object.entries(after ?? {})
    .filter(([code, reason]) => known.get(code) !== reason)
    .map(([code, reason]) => ({
      connector,
      kind: 'warning-silenced',
      severity: 'risky',
      path: pointerTo('/silence', code),
      message: `the file accepts the warning ${code}, so that no check shows it: ${quote(reason)}`,
      before: known.get(code) ?? null,
      after: reason,
    }));
}
