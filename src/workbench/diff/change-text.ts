/** Changes in words that the formats share. Out: plain text without line breaks and controls; each format escapes the rest. */

import { escapeControls } from '../../diagnostics/printable.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';
import type { Change, Severity } from './plans/change.ts';
import { KINDS } from './plans/kinds.ts';
import { BROKEN, type ConnectorReport, type DiffReport } from './report.ts';

/** Longest value that is shown, in characters. */
const MAX_VALUE = 200;
/** Longest message: it may quote values, names and an error. */
const MAX_MESSAGE = 700;
/** A change with more lines shows the first of them. */
const MAX_LINES = 24;

/** One line of what a change replaces: `-` was, `+` is. */
export interface DetailLine {
  readonly sign: '-' | '+';
  readonly text: string;
}

/** Their message says both sides, or the sides are no values. */
const WITHOUT_DETAILS: ReadonlySet<Change['kind']> = new Set<Change['kind']>([
  'connector-added',
  'connector-removed',
  'connector-broken',
  'connector-unknown-before',
  'sample-added',
  'sample-removed',
  'sample-edited',
  'case-added',
  'case-removed',
  'case-edited',
  'sample-shapes-changed',
  'signature-scheme-weakened',
  'signature-body-uncovered',
  'signature-covers-less',
  'signature-covers-more',
  'requirement-raised',
  'requirement-lowered',
  'request-now-held',
  'request-now-ignored',
  'request-now-refused',
  'request-now-delivered',
  'request-now-accepted',
  'outcome-changed',
]);

export function detailsOf(change: Change): readonly DetailLine[] {
  if (WITHOUT_DETAILS.has(change.kind)) return [];
  const [was, is] = [linesOf(change.before), linesOf(change.after)];
  const lines: DetailLine[] = [
    ...was.filter((text) => !is.includes(text)).map((text) => ({ sign: '-', text }) as const),
    ...is.filter((text) => !was.includes(text)).map((text) => ({ sign: '+', text }) as const),
  ];
  if (lines.length <= MAX_LINES) return lines;
  return [
    ...lines.slice(0, MAX_LINES),
    { sign: '+', text: `... and ${lines.length - MAX_LINES} more lines` },
  ];
}

function linesOf(value: unknown): readonly string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'string') return [clean(value)];
  if (Array.isArray(value))
    return value.map((one) => clean(typeof one === 'string' ? one : stringifyJson(one)));
  if (isJsonObject(value))
    return Object.entries(value).map(([name, one]) =>
      clean(`${name === '' ? '(all)' : name}: ${stringifyJson(one)}`),
    );
  return [clean(stringifyJson(value))];
}

export function titleOf({ kind }: Change): string {
  return KINDS[kind].title;
}

export function messageOf({ message }: Pick<Change, 'message'>): string {
  return clean(message, MAX_MESSAGE);
}

/** On one line, without controls, cut where it is long. */
export function clean(text: string, limit: number = MAX_VALUE): string {
  // Units first: the text may be a megabyte. Then characters, so that none is cut in two.
  const characters = Array.from(text.slice(0, 2 * limit));
  const isWhole = characters.length <= limit && text.length <= 2 * limit;
  return escapeControls(isWhole ? text : `${characters.slice(0, limit).join('')}…`);
}

/** A side as it was given; of the full name of a commit its beginning. */
export function nameOfSide(name: string): string {
  return /^[0-9a-f]{40,64}$/.test(name) ? name.slice(0, 12) : clean(name);
}

/** Such as `live`, `live -> test`, `new, live`, `broken -> live`. */
export function statusOf({ status: [before, after] }: ConnectorReport): string {
  if (before === after) return before ?? 'unknown';
  if (before === null) return `new, ${after}`;
  return after === null ? `${before}, gone` : `${before} -> ${after}`;
}

export function countSeverities(changes: readonly Change[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity): number => changes.filter((one) => one.severity === severity).length;
  return { breaking: count('breaking'), risky: count('risky'), safe: count('safe') };
}

/** "2 breaking, 1 risky"; severities that do not occur are left out. */
export function describeCounts(changes: readonly Change[]): string {
  const counts = Object.entries(countSeverities(changes)).filter(([, count]) => count > 0);
  return counts.map(([severity, count]) => `${count} ${severity}`).join(', ');
}

/** "3 connectors differ, 5 do not". */
export function describeConnectors({ connectors, unchanged }: DiffReport): string {
  const differ = connectors.length === 1 ? '1 connector differs' : `${connectors.length} connectors differ`;
  return `${connectors.length === 0 ? 'no connector differs' : differ}, ${unchanged} ${unchanged === 1 ? 'does' : 'do'} not`;
}

/** What stands below the changes of one connector: how its samples and cases fared as a whole. */
export function describeRequests({ requests, changes, status }: ConnectorReport): string | null {
  const compared = requests.filter(({ before, after }) => before !== null && after !== null);
  // A disabled connector does nothing with any of them.
  if (compared.length === 0 || status.includes('disabled')) return null;
  const differing = changes.filter(({ kind }) => OUTCOMES.test(kind)).length;
  const all = compared.length === 1 ? 'the one sample or case' : `all ${compared.length} samples and cases`;
  if (differing === 0) return `${all}: the same outcome on both sides`;
  return `samples and cases: ${differing} of ${compared.length} with another outcome after the merge`;
}

const OUTCOMES = /^(?:request-now-|trigger-changed$|outcome-changed$)/;

/** A connector that is new has no other side to compare with: what each of its samples becomes. */
export function newTriggers({ requests, status: [before] }: ConnectorReport): readonly {
  readonly name: string;
  readonly outcome: string;
  readonly triggers: readonly unknown[];
}[] {
  if (before !== null && before !== BROKEN) return [];
  return requests.flatMap(({ kind, name, after }) =>
    kind !== 'sample' || after === null
      ? []
      : [
          {
            name: clean(name),
            outcome: `${after.outcome}${after.code === after.outcome ? '' : ` ${after.code}`}`,
            triggers: after.triggers,
          },
        ],
  );
}
