/** A diff for machines. In: the report. Out: JSON that is harmless in a terminal; integers past 2^53 keep their digits. */
import { reportJson } from '../../diagnostics/reporters/json.ts';
import { escapeJsonText } from '../../diagnostics/reporters/json-text.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { type DiffReport, isOk } from '../../workbench/diff/report.ts';

export function printAsJson(report: DiffReport): string {
  const { sides, connectors, unchanged, gates, errors, notes } = report;
  const { diagnostics } = JSON.parse(reportJson(errors)) as { readonly diagnostics: unknown };
  return escapeJsonText(
    stringifyJson(
      {
        old: sides[0],
        new: sides[1],
        ok: isOk(report),
        changes: connectors.flatMap(({ changes }) => changes),
        samples: connectors.flatMap(({ id, requests }) =>
          requests.map((request) => ({ connector: id, ...request })),
        ),
        gates,
        unchanged,
        diagnostics,
        notes,
      },
      2,
    ),
  );
}
