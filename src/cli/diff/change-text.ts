/** Changes in words that the formats share. Out: plain text without line breaks and controls; each format escapes the rest. */
import type { Change, Severity } from '../../compiler/diff/change.ts';
import type { Gate } from '../../compiler/diff/gates.ts';
import { KINDS } from '../../compiler/diff/kinds.ts';
import { escapeControls } from '../../diagnostics/printable.ts';
import { stringifyJson } from '../../stages/json-text.ts';
import { isJsonObject } from '../../stages/json-value.ts';
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
export function describeRequests({ requests, changes }: ConnectorReport): string | null {
  const compared = requests.filter(({ before, after }) => before !== null && after !== null);
  if (compared.length === 0) return null;
  const differing = changes.filter(({ kind }) =>
    /^(request-now-|trigger-changed|outcome-changed)/.test(kind),
  ).length;
  const all = compared.length === 1 ? 'the one sample or case' : `all ${compared.length} samples and cases`;
  if (differing === 0) return `run on both sides: ${all} with the same outcome`;
  return `run on both sides: ${differing} of ${compared.length} samples and cases with another outcome`;
}

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
