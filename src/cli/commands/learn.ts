import { relative } from 'node:path';
import type { Hold } from '../../admin-api/records.ts';
import type { Compilation, CompiledConnector } from '../../compiler/compile.ts';
import { addSampleToYaml } from '../../compiler/edit/add-sample.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { reportJson } from '../../diagnostics/reporters/json.ts';
import { isHoldId } from '../../runtime/state/hold-id.ts';
import { parseBody } from '../../stages/body/parse-body.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { diffShapes, type ShapeChange } from '../../stages/shape/diff-shapes.ts';
import { learnShape } from '../../stages/shape/learn.ts';
import { readOwnText, replaceOwnText } from '../../workbench/files/own-text.ts';
import { type ConnectorPlace, compileCandidate, placeOf } from '../../workbench/samples/candidate.ts';
import { type Kept, type Redacted, redactRequest } from '../../workbench/samples/redact/redact-request.ts';
import { redactContextOf } from '../../workbench/samples/redact-context.ts';
import {
  checkSamplePlace,
  sampleFileName,
  sampleFileText,
  writeSample,
} from '../../workbench/samples/write-sample.ts';
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
interface Proposal {
  readonly connector: CompiledConnector;
  readonly place: ConnectorPlace;
  readonly fileName: string;
  readonly sample: unknown;
  readonly sampleText: string;
  readonly before: string;
  readonly after: string;
  readonly kept: readonly Kept[];
  readonly keys: Redacted['keys'];
  readonly shape: readonly ShapeChange[];
  readonly compilation: Compilation;
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
    const isAccepted = await acceptKeys(context, proposal.keys, { ...asked, ways: WAYS });
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
): Promise<Proposal | Refused> {
  const problem = (message: string): Refused => ({ message, code: EXIT.problems });
  const connector = compilation.connectors.find((one) => one.id === hold.connector);
  if (connector === undefined)
    return problem(
      `the request was held for "${hold.connector}", which ${options.dir} does not have; say where it is with --dir`,
    );
  const redacting = redactContextOf(connector);
  if (redacting === null) return problem(`${connector.file} has errors; correct them first (sluice check)`);
  const body = parseBody(connector.reading, Buffer.from(hold.request.body, 'base64'));
  if (!body.ok) return problem(`the held request cannot be read: ${body.detail}`);
  const { headers } = hold.request;
  const keep = options.keep ?? [];
  const redacted = redactRequest({ body: body.value, headers }, redacting, { keep, elements: hold.elements });
  const [nowhere] = redacted.unresolved;
  if (nowhere !== undefined)
    return { message: `--keep: nothing is at "${nowhere}" in the held request`, code: EXIT.usage };
  const sampleText = sampleFileText(redacted.sample);
  if (sampleText === null) return problem('the held request is too large for a sample; write a smaller one');

  const place = placeOf(connector, context.cwd);
  const taken = await checkSamplePlace(connector.folder, fileName);
  if (taken !== null) return problem(`${taken} (--name)`);
  const text = readOwnText(place.home, place.fileName);
  if (!text.ok) return problem(text.message);
  const edited = addSampleToYaml(text.text, `samples/${fileName}`);
  if (!edited.ok) return problem(`${connector.file}: ${edited.message}`);
  const change = { connectorText: edited.text, sampleName: fileName, sampleText };
  const candidate = await compileCandidate(connector, place, context.cwd, change, scripts);

  const learned = candidate.connectors.find((one) => one.id === connector.id);
  const after = (learned?.samples ?? []).flatMap((sample) => sample.payloads);
  const shapeBefore = redacting.known.length === 0 ? null : learnShape(redacting.known, redacting.maps);
  const known = new Set(compilation.diagnostics.map(identify));
  return {
    connector,
    place,
    fileName,
    sample: redacted.sample,
    sampleText,
    before: text.text,
    after: edited.text,
    kept: redacted.kept,
    keys: redacted.keys,
    shape: after.length === 0 ? [] : diffShapes(shapeBefore, learnShape(after, redacting.maps)),
    compilation: candidate,
    diagnostics: candidate.diagnostics.filter((one) => one.severity === 'error' || !known.has(identify(one))),
  };
}

/** The same problem, wherever the new line has moved it to. */
function identify({ code, message, span }: Diagnostic): string {
  return JSON.stringify([code, message, span.file]);
}

async function write({
  connector,
  place,
  fileName,
  sampleText,
  before,
  after,
}: Proposal): Promise<string | null> {
  const problem = await writeSample(connector.folder, fileName, sampleText);
  if (problem !== null) return problem;
  const notListed = await replaceOwnText(place.home, place.fileName, before, after);
  return notListed === null ? null : `samples/${fileName} is written, but not listed: ${notListed}`;
}

function printForPeople(context: Context, proposal: Proposal, hold: string, options: LearnOptions): void {
  const { connector, compilation, diagnostics, shape } = proposal;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const isWritten = !options.dryRun && errors === 0;
  const [wrote, listed] = isWritten ? ['wrote', 'listed'] : ['would write', 'would list'];
  if (options.dryRun) print(context, proposal.sampleText);
  print(context, `${wrote} ${sampleDisplay(context, proposal)}, every value replaced by one of its form`);
  for (const line of describeKept(proposal.kept)) print(context, line);
  print(context, `${listed} it in ${connector.file}`);
  print(context, shape.length === 0 ? 'the shape is as before' : 'the shape accepts now:');
  for (const { path, before, after } of shape) print(context, `  ${printable(path)}: ${before} -> ${after}`);
  report(context, { ...compilation, diagnostics }, 'pretty');
  print(
    context,
    errors > 0
      ? `nothing is written, as the sample would break the connector; next: correct ${connector.file} so that it takes the request (whenMissing: ignore where there is nobody to tell, a default, another path), then learn again; or \`sluice held discard ${hold}\``
      : `next: look through the sample, merge, and when it serves: \`sluice held replay ${hold}\``,
  );
}

function printAsJson(context: Context, proposal: Proposal, hold: string, written: boolean): void {
  const { connector, kept, keys, sample, shape, diagnostics } = proposal;
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

function sampleDisplay(context: Context, { connector, fileName }: Proposal): string {
  return `${relative(context.cwd, connector.folder)}/samples/${fileName}`;
}

function refuse(context: Context, { message, code }: Refused): ExitCode {
  printError(context, message);
  return code;
}
