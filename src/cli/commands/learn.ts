import { relative } from 'node:path';
import type { Hold } from '../../admin-api/records.ts';
import type { Compilation, CompiledConnector } from '../../compiler/compile.ts';
import type { ConnectorLocation } from '../../compiler/load.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { reportJson } from '../../diagnostics/reporters/json.ts';
import { isHoldId } from '../../runtime/state/hold-id.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { locationOf } from '../../workbench/draft/locate.ts';
import { readOwnText, replaceOwnText } from '../../workbench/files/own-text.ts';
import { proposeSample, type SampleProposal } from '../../workbench/held/propose-sample.ts';
import { redactContextOf } from '../../workbench/samples/redact-context.ts';
import { checkSamplePlace, sampleFileName, writeSample } from '../../workbench/samples/write-sample.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { withCompilation } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, print, printError } from '../context.ts';
import { acceptKeys } from '../learn/accept-keys.ts';
import { describeKept } from '../learn/show.ts';
import { report } from '../report.ts';
import { printable } from '../show.ts';

export interface LearnOptions extends AdminOptions {
  readonly dir: string;
  readonly name?: string;
  readonly keep?: readonly string[];
  /** Keys that look like data may stay. */
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** What one more sample changes, before anything is written. */
interface Learned extends SampleProposal {
  readonly connector: CompiledConnector;
  readonly location: ConnectorLocation;
  readonly fileName: string;
  /** Of the connector file as it is. */
  readonly before: string;
  /** Errors, and whatever was not reported without the sample. */
  readonly diagnostics: readonly Diagnostic[];
}

const WAYS =
  'say --yes when they may be in git, --keep <path> when their values may as well; to have them replaced, list the path of their object under `shape: { maps: [...] }` in the connector file';

type Refused = { readonly message: string; readonly code: ExitCode };

/**
 * `sluice learn <hold>`: adds the held payload, its values replaced, to the connector's samples, and says what the shape
 * accepts now. Exit 1 when the connector does not compile with it: the files are written all the same, to go on from.
 */
export async function learn(context: Context, id: string, options: LearnOptions): Promise<ExitCode> {
  const wrong = (options.keep ?? []).map((path) => parsePath(path)).find((parsed) => !parsed.ok);
  if (wrong?.ok === false) return refuse(context, { message: `--keep: ${wrong.message}`, code: EXIT.usage });
  if (!isHoldId(id))
    return refuse(context, {
      message: `nothing is held under "${printable(id)}"; \`sluice held list\` shows the ids`,
      code: EXIT.problems,
    });
  const name = sampleFileName(options.name ?? `held-${id.slice(-8)}`);
  if (name === null)
    return refuse(context, { message: `"${options.name ?? id}" is not a plain file name`, code: EXIT.usage });
  const answer = await callAdmin(context, options, 'GET /held/:id', { id });
  if (!answer.ok) return refuse(context, { message: answer.message, code: EXIT.problems });
  return withCompilation(context, options.dir, async (compilation, scripts) => {
    const proposal = await propose(context, compilation, answer.value, name, options, scripts);
    if ('message' in proposal) return refuse(context, proposal);
    const hasErrors = proposal.diagnostics.some(({ severity }) => severity === 'error');
    const asked = { yes: options.yes, prompts: options.dryRun || options.json ? undefined : context.prompts };
    const isAccepted = await acceptKeys(context, proposal.redacted.keys, { ...asked, ways: WAYS });
    // A sample that breaks the connector helps nobody: what would help instead is said, and nothing is written.
    const isWritten = !options.dryRun && !hasErrors && isAccepted;
    if (isWritten) {
      const problem = await write(proposal);
      if (problem !== null) return refuse(context, { message: problem, code: EXIT.problems });
    }
    if (options.json) printAsJson(context, proposal, answer.value.id, isWritten);
    else if (isAccepted || options.dryRun) printForPeople(context, proposal, answer.value.id, options);
    return hasErrors || !isAccepted ? EXIT.problems : EXIT.clean;
  });
}

async function propose(
  context: Context,
  compilation: Compilation,
  hold: Hold,
  fileName: string,
  options: LearnOptions,
  scripts: ScriptRunner,
): Promise<Learned | Refused> {
  const problem = (message: string): Refused => ({ message, code: EXIT.problems });
  const connector = compilation.connectors.find((one) => one.id === hold.connector);
  if (connector === undefined)
    return problem(
      `the request was held for "${hold.connector}", which ${options.dir} does not have; say where it is with --dir`,
    );
  const redacting = redactContextOf(connector);
  if (redacting === null) return problem(`${connector.file} has errors; correct them first (sluice check)`);
  const taken = await checkSamplePlace(connector.folder, fileName);
  if (taken !== null) return problem(`${taken} (--name)`);
  const location = locationOf(connector, context.cwd);
  const saved = readOwnText(location.home, location.fileName);
  if (!saved.ok) return problem(saved.message);
  const learner = { location, connector, text: saved.text, replaced: new Map(), context: redacting };
  const choice = { path: `samples/${fileName}`, keep: options.keep ?? [] };
  const proposal = await proposeSample(learner, hold, choice, scripts);
  if (!proposal.ok && proposal.of === 'keep')
    return { message: `--keep: ${proposal.message}`, code: EXIT.usage };
  if (!proposal.ok) return problem(proposal.message);
  const known = new Set(compilation.diagnostics.map(identify));
  const diagnostics = proposal.draft.diagnostics.filter(
    (one) => one.severity === 'error' || !known.has(identify(one)),
  );
  return { ...proposal, connector, location, fileName, before: saved.text, diagnostics };
}

/** The same problem, wherever the new line has moved it to. */
function identify({ code, message, span }: Diagnostic): string {
  return JSON.stringify([code, message, span.file]);
}

async function write(learned: Learned): Promise<string | null> {
  const { connector, location, fileName, sampleText, before, connectorText } = learned;
  const problem = await writeSample(connector.folder, fileName, sampleText);
  if (problem !== null) return problem;
  const notListed = await replaceOwnText(location.home, location.fileName, before, connectorText);
  return notListed === null ? null : `samples/${fileName} is written, but not listed: ${notListed}`;
}

function printForPeople(context: Context, proposal: Learned, hold: string, options: LearnOptions): void {
  const { connector, draft, diagnostics, shape } = proposal;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const isWritten = !options.dryRun && errors === 0;
  const [wrote, listed] = isWritten ? ['wrote', 'listed'] : ['would write', 'would list'];
  if (options.dryRun) print(context, proposal.sampleText);
  print(context, `${wrote} ${sampleDisplay(context, proposal)}, every value replaced by one of its form`);
  for (const line of describeKept(proposal.redacted.kept)) print(context, line);
  print(context, `${listed} it in ${connector.file}`);
  print(context, shape.length === 0 ? 'the shape is as before' : 'the shape accepts now:');
  for (const { path, before, after } of shape) print(context, `  ${printable(path)}: ${before} -> ${after}`);
  report(context, { ...draft, connectors: [draft.connector], diagnostics, reused: 0 }, 'pretty');
  print(
    context,
    errors > 0
      ? `nothing is written, as the sample would break the connector; next: correct ${connector.file} so that it takes the request (whenMissing: ignore where there is nobody to tell, a default, another path), then learn again; or \`sluice held discard ${hold}\``
      : `next: look through the sample, merge, and when it serves: \`sluice held replay ${hold}\``,
  );
}

function printAsJson(context: Context, proposal: Learned, hold: string, written: boolean): void {
  const { connector, redacted, shape, diagnostics } = proposal;
  const { kept, keys, sample } = redacted;
  const { diagnostics: found } = JSON.parse(reportJson(diagnostics)) as { diagnostics: unknown };
  const result = {
    hold,
    connector: connector.id,
    file: sampleDisplay(context, proposal),
    written,
    kept,
    keys,
    sample,
    shape,
    diagnostics: found,
  };
  // Integers past 2^53 keep their digits.
  print(context, stringifyJson(result, 2));
}

function sampleDisplay(context: Context, { connector, fileName }: Learned): string {
  return `${relative(context.cwd, connector.folder)}/samples/${fileName}`;
}

function refuse(context: Context, { message, code }: Refused): ExitCode {
  printError(context, message);
  return code;
}
