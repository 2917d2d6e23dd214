import { reportJson } from '../../diagnostics/reporters/json.ts';
import { isHoldId } from '../../runtime/state/hold-id.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { type Learned, learnFromHold, writeLearned } from '../../workbench/samples/learn.ts';
import { sampleFileName } from '../../workbench/samples/write-sample.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { withCompilation } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, failed, print, printError } from '../context.ts';
import { describeKept } from '../learn/show.ts';
import { report } from '../report.ts';
import { printable } from '../show.ts';

export interface LearnOptions extends AdminOptions {
  readonly dir: string;
  readonly name?: string;
  readonly keep?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/**
 * `sluice learn <hold>`: adds the held payload, its values replaced, to the connector's samples, and says what the shape
 * accepts now. Exit 1 when the connector does not compile with it: the files are written all the same, to go on from.
 */
export async function learn(context: Context, id: string, options: LearnOptions): Promise<ExitCode> {
  const wrong = (options.keep ?? []).map((path) => parsePath(path)).find((parsed) => !parsed.ok);
  if (wrong?.ok === false) return refuse(context, `--keep: ${wrong.message}`, EXIT.usage);
  if (!isHoldId(id))
    return refuse(
      context,
      `nothing is held under "${printable(id)}"; \`sluice held list\` shows the ids`,
      EXIT.problems,
    );
  const name = sampleFileName(options.name ?? `held-${id.slice(-8)}`);
  if (name === null) return refuse(context, `"${options.name ?? id}" is not a plain file name`, EXIT.usage);
  const answer = await callAdmin(context, options, 'GET /held/:id', { id });
  if (!answer.ok) return refuse(context, answer.message, EXIT.problems);
  return withCompilation(context, options.dir, async (compilation, scripts) => {
    const { keep = [], dir } = options;
    const learning = { dir, cwd: context.cwd, fileName: name, keep };
    const learned = await learnFromHold(compilation, answer.value, learning, scripts);
    if (!learned.ok) return refuse(context, learned.message, learned.isMisuse ? EXIT.usage : EXIT.problems);
    if (!options.dryRun) {
      const problem = await writeLearned(learned);
      if (problem !== null) return failed(context, problem);
    }
    const hasErrors = learned.diagnostics.some(({ severity }) => severity === 'error');
    if (options.json) printAsJson(context, learned, answer.value.id, options);
    else printForPeople(context, learned, answer.value.id, options);
    return hasErrors ? EXIT.problems : EXIT.clean;
  });
}

function printForPeople(context: Context, learned: Learned, hold: string, options: LearnOptions): void {
  const { connector, compilation, diagnostics, shape } = learned;
  const [wrote, listed] = options.dryRun ? ['would write', 'would list'] : ['wrote', 'listed'];
  if (options.dryRun) print(context, learned.sampleText);
  print(context, `${wrote} ${learned.display}, every value replaced by one of its form`);
  for (const line of describeKept(learned.kept)) print(context, line);
  print(context, `${listed} it in ${connector.file}`);
  print(context, shape.length === 0 ? 'the shape is as before' : 'the shape accepts now:');
  for (const { path, before, after } of shape) print(context, `  ${printable(path)}: ${before} -> ${after}`);
  report(context, { ...compilation, diagnostics }, 'pretty');
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  print(
    context,
    errors > 0
      ? `next: correct ${connector.file} until \`sluice check\` has no errors (${errors} now); \`sluice preview ${connector.id}\` shows what each sample becomes`
      : `next: look through the sample, merge, and when it serves: \`sluice held replay ${hold}\``,
  );
}

function printAsJson(context: Context, learned: Learned, hold: string, options: LearnOptions): void {
  const { connector, kept, sample, shape, diagnostics } = learned;
  const { diagnostics: found } = JSON.parse(reportJson(diagnostics)) as { diagnostics: unknown };
  const result = {
    hold,
    connector: connector.id,
    file: learned.display,
    written: options.dryRun !== true,
    kept,
    sample,
    shape,
    diagnostics: found,
  };
  // Integers past 2^53 keep their digits.
  print(context, stringifyJson(result, 2));
}

function refuse(context: Context, message: string, code: ExitCode): ExitCode {
  printError(context, message);
  return code;
}
