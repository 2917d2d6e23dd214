/** A diff for people at a terminal. In: the report. Out: text, coloured only when told so. */
import { styleText } from 'node:util';
import { stringifyJson } from '../../stages/json/json-text.ts';
import {
  clean,
  describeConnectors,
  describeCounts,
  describeRequests,
  detailsOf,
  messageOf,
  nameOfSide,
  newTriggers,
  statusOf,
  titleOf,
} from '../../workbench/diff/change-text.ts';
import { condense, type GateGroup, groupGates, nameConnectors } from '../../workbench/diff/group-alike.ts';
import type { Change, Severity } from '../../workbench/diff/plans/change.ts';
import type { Gate } from '../../workbench/diff/plans/gates.ts';
import { type ConnectorReport, type DiffReport, isOk } from '../../workbench/diff/report.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const STYLES: Readonly<Record<Severity | Gate['result'], Style>> = {
  breaking: ['bold', 'red'],
  risky: 'yellow',
  safe: 'green',
  fail: ['bold', 'red'],
  warn: 'yellow',
  acknowledged: 'cyan',
};

/** The severities in a column. */
const WIDTH = 'breaking'.length;
const INDENT = ' '.repeat(WIDTH + 4);

export function printPretty(report: DiffReport, colour: boolean): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const { sides, connectors, gates, notes } = report;
  const changes = connectors.flatMap((one) => one.changes);
  const total = changes.length === 0 ? '' : `: ${describeCounts(changes)}`;
  return [
    paint('bold', `${nameOfSide(sides[0])} -> ${nameOfSide(sides[1])}`),
    '',
    ...connectors.flatMap((connector) => [...printConnector(connector, paint), '']),
    ...(gates.length === 0 ? [] : ['gates', ...groupGates(gates).map((gate) => printGate(gate, paint)), '']),
    ...notes.map((note) => `note: ${clean(note, 700)}`),
    `${describeConnectors(report)}${total}`,
    ...(connectors.length === 0 ? [] : [printVerdict(report, paint)]),
    '',
  ].join('\n');
}

function printConnector(connector: ConnectorReport, paint: Paint): readonly string[] {
  const { id, file, changes } = connector;
  const head = `${paint('bold', clean(id))} (${statusOf(connector)})`;
  const outcomes = describeRequests(connector);
  return [
    file === null ? head : `${head} ${paint('dim', clean(file))}`,
    ...condense(changes).flatMap((change) => printChange(change, paint)),
    ...newTriggers(connector).flatMap(({ name, outcome, triggers }) => [
      `${INDENT}sample ${name}: ${outcome}`,
      ...triggers.map((trigger) => `${INDENT}${paint('green', `+ ${clean(stringifyJson(trigger), 400)}`)}`),
    ]),
    ...(outcomes === null ? [] : [`${INDENT}${paint('dim', outcomes)}`]),
  ];
}

function printChange(change: Change, paint: Paint): readonly string[] {
  const { severity, path } = change;
  return [
    `  ${paint(STYLES[severity], severity.padEnd(WIDTH))}  ${paint('bold', titleOf(change))}${path === '' ? '' : ` ${paint('dim', clean(path))}`}`,
    `${INDENT}${messageOf(change)}`,
    ...detailsOf(change).map(
      ({ sign, text }) => `${INDENT}${paint(sign === '-' ? 'red' : 'green', `${sign} ${text}`)}`,
    ),
  ];
}

function printGate({ gate, connectors, result, message }: GateGroup, paint: Paint): string {
  const names = paint('bold', nameConnectors(connectors));
  return `  ${paint(STYLES[result], result.padEnd(WIDTH))}  ${gate} ${names}: ${messageOf({ message })}`;
}

function printVerdict(report: DiffReport, paint: Paint): string {
  if (isOk(report)) return paint('green', 'gates: pass');
  const failing = report.gates.filter(({ result }) => result === 'fail').length;
  const words = [
    ...(failing > 0 ? [`${failing} fail`] : []),
    ...(report.errors.length > 0 ? ['the new side does not compile'] : []),
  ];
  return paint(['bold', 'red'], `gates: ${words.join(', ')}`);
}
