/** Runs the cases of connectors. In: a compilation. Out: each case with its result, and what machines are told of it. */
import type { CompiledCase, CompiledConnector } from '../../compiler/compile.ts';
import { escapeControls } from '../../diagnostics/printable.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { type CaseResult, differenceOf, isExpected, outcomeOf, runCase } from './run-case.ts';

export interface CaseRun {
  readonly connector: CompiledConnector;
  readonly one: CompiledCase;
  readonly result: CaseResult;
}

/** Cases of a connector that does not compile do not run: there is nothing to run them on. */
export async function runCases(
  connectors: readonly CompiledConnector[],
  scripts: ScriptRunner,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<readonly CaseRun[]> {
  const runs: CaseRun[] = [];
  for (const [index, connector] of connectors.entries()) {
    const { plan, cases } = connector;
    if (plan === null) continue;
    for (const one of cases)
      runs.push({ connector, one, result: await runCase(connector, plan, one.case, scripts) });
    onProgress(index + 1, connectors.length);
  }
  return runs;
}

export function holds({ result }: CaseRun): boolean {
  return isExpected(result);
}

/** `file:line:column`, which terminals and editors make a link of. */
export function placeOf({ one }: CaseRun): string {
  return `${escapeControls(one.file)}:${one.line}:${one.column}`;
}

/** The line of a case in `sluice test --json`. */
export function describeRun(run: CaseRun): object {
  const { connector, one, result } = run;
  const outcome = outcomeOf(result);
  const triggers = outcome !== null && 'triggers' in outcome ? outcome.triggers : [];
  return {
    connector: connector.id,
    file: one.file,
    line: one.line,
    column: one.column,
    note: one.note,
    ok: holds(run),
    outcome: outcome?.outcome ?? null,
    code: outcome?.code ?? null,
    paused: result.ran ? result.result.paused : null,
    trigger: triggers[0]?.trigger ?? null,
    difference: differenceOf(result),
    differences: outcome?.outcome === 'held' ? outcome.differences : [],
  };
}
