import { styleText } from 'node:util';
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { ScriptRunner } from '../../stages/script-runner.ts';
import { runCase } from '../cases/run-case.ts';
import { errorsOf, withCompilation } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson, wantsColour } from '../context.ts';
import { type ShowProgress, withProgress } from '../progress.ts';
import { report } from '../report.ts';

export interface TestOptions {
  readonly connector?: string;
  readonly json?: boolean;
}

interface CaseLine {
  readonly connector: string;
  readonly file: string;
  readonly line: number;
  readonly note: string;
  readonly ok: boolean;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly paused: boolean | null;
  readonly trigger: unknown;
  readonly difference: readonly string[];
}

/** `sluice test [dir]`: runs every case of every connector through the real pipeline. Exit 1 when one does not hold. */
export function test(context: Context, folder: string, options: TestOptions): Promise<ExitCode> {
  return withCompilation(
    context,
    folder,
    async (compilation, scripts) => {
      if (errorsOf(compilation) > 0) {
        report(context, compilation, 'pretty');
        printError(context, 'the connectors have errors; cases of those without run all the same');
      }
      const chosen = compilation.connectors.filter(
        (one) => options.connector === undefined || one.id === options.connector,
      );
      if (options.connector !== undefined && chosen.length === 0) {
        printError(context, `no connector "${options.connector}" in ${folder}`);
        return EXIT.usage;
      }
      const progress = { verb: 'testing', noun: 'connectors', quiet: options.json };
      const lines = await withProgress(context, progress, (show) => runCases(chosen, scripts, show));
      if (options.json) printJson(context, { cases: lines });
      else printLines(context, lines);
      return lines.every((line) => line.ok) && errorsOf(compilation) === 0 ? EXIT.clean : EXIT.problems;
    },
    { quiet: options.json },
  );
}

async function runCases(
  connectors: readonly CompiledConnector[],
  scripts: ScriptRunner,
  show: ShowProgress,
): Promise<readonly CaseLine[]> {
  const lines: CaseLine[] = [];
  for (const [index, connector] of connectors.entries()) {
    const { plan, cases } = connector;
    if (plan === null) continue;
    for (const { file, line, note, case: one } of cases) {
      const { ok, outcome, paused, difference } = await runCase(connector, plan, one, scripts);
      const triggers = outcome !== null && 'triggers' in outcome ? outcome.triggers : [];
      lines.push({
        connector: connector.id,
        file,
        line,
        note,
        ok,
        outcome: outcome?.outcome ?? null,
        code: outcome?.code ?? null,
        paused,
        trigger: triggers[0]?.trigger ?? null,
        difference,
      });
    }
    show(index + 1, connectors.length);
  }
  return lines;
}

function printLines(context: Context, lines: readonly CaseLine[]): void {
  const colour = wantsColour(context, 'stdout');
  const paint = (style: 'green' | 'red', text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  for (const line of lines) {
    print(
      context,
      `${line.ok ? paint('green', 'ok  ') : paint('red', 'FAIL')} ${line.connector}: ${line.note}`,
    );
    if (line.ok) continue;
    print(context, `     ${line.file}:${line.line}`);
    for (const difference of line.difference) print(context, `     ${difference}`);
  }
  const failed = lines.filter((line) => !line.ok).length;
  print(context, `${lines.length - failed} passed, ${failed} failed`);
}
