/** The results of cases as people read them: one line for each, and below a failed one its place and why. */
import { styleText } from 'node:util';
import { escapeControls } from '../../diagnostics/printable.ts';
import { describeFailure, type FailureLine } from '../../workbench/cases/describe-failure.ts';
import { type CaseRun, holds, placeOf } from '../../workbench/cases/run-cases.ts';
import { type Context, print, wantsColour } from '../context.ts';
import { withoutRunnerCommands } from '../runner-commands.ts';

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<FailureLine['kind'], Style | null>> = {
  fact: null,
  hint: 'dim',
  wanted: 'red',
  got: 'green',
  context: 'dim',
};

export function printRuns(context: Context, runs: readonly CaseRun[]): void {
  const colour = wantsColour(context, 'stdout');
  const paint = (style: Style, text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const tell = (text: string): void => print(context, withoutRunnerCommands(text));
  for (const run of runs) {
    const isOk = holds(run);
    const { connector, one, result } = run;
    const verdict = isOk ? paint('green', 'ok  ') : paint('red', 'FAIL');
    tell(`${verdict} ${escapeControls(`${connector.id}: ${one.note}`)}`);
    if (isOk) continue;
    tell(`     ${placeOf(run)}`);
    for (const { kind, text } of describeFailure(result)) {
      const style = STYLES[kind];
      tell(`     ${style === null ? text : paint(style, text)}`);
    }
  }
  const failed = runs.filter((run) => !holds(run)).length;
  print(context, `${runs.length - failed} passed, ${failed} failed`);
}
