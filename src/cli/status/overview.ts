/**
 * The status of a runtime as lines for people. In: its report. Out: a line that counts, then what needs a person, then what
 * serves; short enough for a screen of 80 columns and 24 lines, however many connectors there are. Prints nothing.
 */
import type { ConnectorReport, ProblemReport, StatusReport } from '../../admin-api/answers.ts';
import { count, printable } from '../show.ts';

/** One column less than a screen has: some terminals wrap at the last one. */
const WIDTH = 79;
/** Two lines less than a screen has: the command itself stands above, and the prompt below. */
const HEIGHT = 22;
/** Each takes up to three lines. */
const MAX_PROBLEMS = 5;

/** `whole`: every problem, in full, and nothing else. `command`: how Sluice is run here. */
export function overview(status: StatusReport, whole: boolean, command: string): readonly string[] {
  const { problems, connectors } = status;
  if (whole) return [firstLine(status), ...problems.flatMap((problem) => problemLines(problem, command))];
  const shown = problems.slice(0, MAX_PROBLEMS);
  const lines = [firstLine(status), ...shown.flatMap((problem) => briefly(problemLines(problem, command)))];
  if (problems.length > shown.length)
    lines.push(`  and ${problems.length - shown.length} more: ${command} status --problems`);
  lines.push(...headLines(status));
  if (lines.length + connectors.length <= HEIGHT)
    lines.push(...connectors.map((one) => cut(connectorLine(one))));
  else
    lines.push(
      `${count(connectors.length, 'connector')}: one with \`${command} status <id>\`, all with --all`,
    );
  return lines;
}

/** Such as "2 problems: 1 paused, 1 answers 503; 118 of 120 connectors run". */
export function firstLine({ problems, connectors, ready }: StatusReport): string {
  const stopped = connectors.filter(isStopped).length;
  const paused = connectors.filter((one) => !isStopped(one) && one.paused !== null).length;
  const disabled = connectors.filter(({ status }) => status === 'disabled').length;
  const running = ready ? connectors.length - stopped - paused - disabled : 0;
  const held = connectors.reduce((sum, one) => sum + one.held.total, 0);
  const urgent = problems.filter(({ needsPerson }) => needsPerson).length;
  const counts = [
    `${running} of ${count(connectors.length, 'connector')} ${running === 1 ? 'runs' : 'run'}`,
    ...(paused > 0 ? [`${paused} paused`] : []),
    ...(stopped > 0 ? [`${stopped} ${stopped === 1 ? 'answers' : 'answer'} 503`] : []),
    ...(disabled > 0 ? [`${disabled} disabled`] : []),
    held === 0 ? 'nothing is held' : `${count(held, 'request')} held`,
  ];
  return `${urgent === 0 ? 'all is well' : count(urgent, 'problem')}: ${counts.join(', ')}`;
}

export function problemLines({ what, since, next, needsPerson }: ProblemReport, command: string): string[] {
  const mark = needsPerson ? '!' : '-';
  const when = since === null ? '' : `since ${since.slice(0, 16)}Z `;
  const lines = [printable(`${mark} ${when}${what}`)];
  return next === null ? lines : [...lines, `    ${command} ${next}`];
}

function headLines({ bundle, target, mode, lastHour, connectors }: StatusReport): string[] {
  const lines: string[] = [];
  if (bundle !== null) {
    const { revision, sequence, digest, activatedAt } = bundle;
    lines.push(cut(`bundle ${printable(revision)}, sequence ${sequence}`));
    lines.push(
      `  content ${digest.slice(0, 12)}, since ${activatedAt.slice(0, 16)}Z, target ${target}, at most ${mode}`,
    );
  }
  const sums = new Map<string, number>();
  for (const { outcome, count } of lastHour) sums.set(outcome, (sums.get(outcome) ?? 0) + count);
  const told = [...sums].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  lines.push(cut(`last hour: ${told === '' ? 'no requests' : told}`));
  const refused = lastHour.filter(({ outcome }) => outcome === 'rejected');
  if (refused.length > 0)
    lines.push(cut(`  rejected: ${refused.map(({ code, count }) => `${count} ${code}`).join(', ')}`));
  const nobody = connectors.reduce((sum, one) => sum + one.nobodyToTell, 0);
  if (nobody > 0) lines.push(`ignored since the start, as there was nobody to tell: ${nobody}`);
  return lines;
}

/** What it does with requests, in a word: by what is so, not by what is configured. */
export function connectorLine(connector: ConnectorReport): string {
  const { id, status, paused, held } = connector;
  const state = isStopped(connector)
    ? 'answers 503'
    : paused !== null
      ? 'paused'
      : status === 'disabled'
        ? 'ignores'
        : 'running';
  const waiting = held.total > 0 ? `  ${held.total} held` : '';
  const nobody = connector.nobodyToTell > 0 ? `  ${connector.nobodyToTell} with nobody to tell` : '';
  return `${id.padEnd(32)} ${(status ?? 'unread').padEnd(8)} ${state}${waiting}${nobody}`;
}

function isStopped({ broken, secrets }: ConnectorReport): boolean {
  return broken !== null || secrets.some(({ stops }) => stops);
}

function cut(line: string): string {
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`;
}

/** The sentence on two lines at most, and the command. */
function briefly([sentence = '', ...commands]: readonly string[]): string[] {
  if (sentence.length <= WIDTH) return [sentence, ...commands];
  const end = sentence.lastIndexOf(' ', WIDTH);
  const at = end > WIDTH / 2 ? end : WIDTH;
  return [sentence.slice(0, at), cut(`    ${sentence.slice(at).trimStart()}`), ...commands];
}
