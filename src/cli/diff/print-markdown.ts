/**
 * A diff as a comment on a pull request. In: the report. Out: Markdown for GitHub that holds together whatever the
 * connectors contain, and stays under the limit of a comment: what does not fit is counted, never dropped in silence.
 */

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
import { condense, groupGates, nameConnectors } from '../../workbench/diff/group-alike.ts';
import type { Change } from '../../workbench/diff/plans/change.ts';
import { type ConnectorReport, type DiffReport, isOk } from '../../workbench/diff/report.ts';
import { codeBlock, codeSpan, htmlText, markdownText } from './markdown-text.ts';

/** GitHub takes 65,536 characters; the rest is for whoever puts something around it. */
const MAX_LENGTH = 60_000;
const MAX_GATES = 50;
/** Changes of one connector; the worst are first. */
const MAX_CHANGES = 60;
/** Room for the sentence about what is left out. */
const NOTICE_LENGTH = 500;

/** By this line a job finds the comment that it wrote before. */
const MARKER = '<!-- sluice diff -->';

export function printMarkdown(report: DiffReport): string {
  const head = printHead(report);
  let length = head.join('\n').length + NOTICE_LENGTH;
  const blocks: string[] = [];
  let left = 0;
  for (const connector of report.connectors) {
    const block = [printConnector(connector, true), printConnector(connector, false)].find(
      (text) => length + text.length < MAX_LENGTH,
    );
    if (block === undefined) left += 1;
    else {
      blocks.push(block);
      length += block.length + 1;
    }
  }
  const notice =
    left === 0
      ? []
      : [
          `**${left} more connectors differ** and are not shown, since a comment takes no more: run \`sluice diff\` to see them.`,
          '',
        ];
  return [...head, ...blocks, ...notice].join('\n');
}

function printHead(report: DiffReport): readonly string[] {
  const { sides, connectors, gates, errors, notes } = report;
  const changes = connectors.flatMap((one) => one.changes);
  const title = changes.length === 0 ? 'no changes' : describeCounts(changes);
  const grouped = groupGates(gates);
  const shown = grouped.slice(0, MAX_GATES);
  const more = grouped.length - shown.length;
  return [
    MARKER,
    `### Connectors: ${title}`,
    '',
    `${codeSpan(nameOfSide(sides[0]))} to ${codeSpan(nameOfSide(sides[1]))}: ${describeConnectors(report)}.`,
    '',
    ...(isOk(report) ? [] : ['> [!CAUTION]', `> ${describeVerdict(report)}`, '']),
    ...shown.map(
      ({ gate, connectors: ids, result, message }) =>
        `- **${result}**: ${codeSpan(gate)} for ${codeSpan(nameConnectors(ids))}: ${markdownText(messageOf({ message }))}`,
    ),
    ...(more > 0 ? [`- and ${more} more`] : []),
    ...(shown.length > 0 ? [''] : []),
    ...errors.slice(0, 10).map(({ span, message, code }) => {
      const place = codeSpan(clean(`${span.file}:${span.line}:${span.column}`));
      return `- **error**: ${place}: ${markdownText(clean(message, 300))} (${codeSpan(code)})`;
    }),
    ...(errors.length > 10 ? [`- and ${errors.length - 10} more errors`] : []),
    ...(errors.length > 0 ? [''] : []),
    ...notes.flatMap((note) => [`Note: ${markdownText(clean(note, 700))}.`, '']),
  ];
}

function describeVerdict({ gates, errors }: DiffReport): string {
  const failing = gates.filter(({ result }) => result === 'fail').length;
  const words = [
    ...(failing > 0 ? [`${failing === 1 ? '1 gate fails' : `${failing} gates fail`}`] : []),
    ...(errors.length > 0 ? ['the new side does not compile'] : []),
  ];
  return `**This must not be merged as it is: ${words.join(', ')}.**`;
}

function printConnector(connector: ConnectorReport, withDetails: boolean): string {
  const { id, changes: all } = connector;
  const changes = condense(all);
  const isOpen = withDetails && changes[0]?.severity === 'breaking';
  const shown = changes.slice(0, MAX_CHANGES);
  const more = changes.length - shown.length;
  const outcomes = describeRequests(connector);
  return [
    `<details${isOpen ? ' open' : ''}>`,
    `<summary><code>${htmlText(clean(id))}</code> (${htmlText(statusOf(connector).replace('->', '→'))}): ${describeCounts(all)}</summary>`,
    '',
    ...shown.flatMap((change) => printChange(change, withDetails)),
    ...(more > 0 ? [`- and ${more} more changes`] : []),
    ...(withDetails ? printTriggers(connector) : []),
    ...(outcomes === null ? [] : ['', `${outcomes.charAt(0).toUpperCase()}${outcomes.slice(1)}.`]),
    '',
    '</details>',
    '',
  ].join('\n');
}

function printChange(change: Change, withDetails: boolean): readonly string[] {
  const place = change.path === '' ? '' : ` (${codeSpan(clean(change.path))})`;
  const line = `- **${change.severity}**: ${markdownText(titleOf(change))}${place}: ${markdownText(messageOf(change))}`;
  const details = withDetails ? detailsOf(change).map(({ sign, text }) => `${sign} ${text}`) : [];
  return details.length === 0 ? [line] : [line, '', ...codeBlock('diff', details, 2), ''];
}

function printTriggers(connector: ConnectorReport): readonly string[] {
  return newTriggers(connector).flatMap(({ name, outcome, triggers }) => [
    `- sample ${codeSpan(name)}: ${outcome}`,
    ...triggers.slice(0, 3).flatMap((trigger) => [
      '',
      ...codeBlock(
        'json',
        stringifyJson(trigger, 2)
          .split('\n')
          .slice(0, 40)
          .map((line) => clean(line)),
        2,
      ),
      '',
    ]),
  ]);
}
