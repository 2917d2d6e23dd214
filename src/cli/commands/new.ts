import { lstatSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { quote } from '../../diagnostics/printable.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import { type Choices, secretNames } from '../../workbench/new/choices.ts';
import { draftFiles } from '../../workbench/new/draft-files.ts';
import { redactSamples } from '../../workbench/new/redact-samples.ts';
import { schemaPath } from '../../workbench/new/schema-path.ts';
import type { NewFiles } from '../../workbench/new/try-files.ts';
import { writeNew } from '../../workbench/new/write-new.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { acceptKeys } from '../learn/accept-keys.ts';
import { describeKept } from '../learn/show.ts';
import { beginStub } from '../new/begin-stub.ts';
import { choose } from '../new/choose.ts';
import { askForEvent, chooseEvent } from '../new/choose-event.ts';
import { continueStub, writeContinued } from '../new/continue-stub.ts';
import { GAVE_UP, type NewOptions } from '../new/options.ts';
import { askForSample, readSamples } from '../new/read-samples.ts';
import type { Prompts } from '../prompts.ts';
import { report } from '../report.ts';

const WAYS =
  'say --keep <path> when they and their values may be in git, --raw when all of it may, or rename them in the sample';

const ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * `sluice new <id>`: a whole connector from a preset and samples. Asks where a person is there, says which flag is missing
 * where not. Without a sample and a mapping it is a stub, which a second run continues from what was captured. Writes nothing
 * that would not pass `check` and `test`, and replaces nothing but its own stub.
 */
export async function newConnector(context: Context, id: string, given: NewOptions): Promise<ExitCode> {
  const fail = (message: string, code: ExitCode = EXIT.usage): ExitCode => {
    printError(context, message);
    return code;
  };
  if (!ID.test(id)) {
    const rule = 'lower-case letters, digits and dashes, at most 63, and no dash at either end';
    return fail(`${quote(id)} cannot be the id of a connector; it becomes part of its URL: ${rule}`);
  }
  if (given.raw && given.keep !== undefined) return fail('--raw keeps all values; leave out --keep');
  const wrong = (given.keep ?? []).map((one) => parsePath(one)).find((parsed) => !parsed.ok);
  if (wrong?.ok === false) return fail(`--keep: ${wrong.message}`);
  const folder = resolve(context.cwd, given.dir);
  const home = join(folder, id);
  const taken = [home, `${home}.yaml`, `${home}.yml`].find((path) =>
    lstatSync(path, { throwIfNoEntry: false }),
  );
  const continued = taken === home ? await continueStub(context, id, home, given) : null;
  if (continued !== null && 'message' in continued) return fail(continued.message, EXIT.problems);
  if (taken !== undefined && continued === null)
    return fail(
      `${relative(context.cwd, taken)} exists, and nothing is replaced; choose another id (--script adds a mapping script to it)`,
      EXIT.problems,
    );

  const prompts = personOf(context, given);
  const known = continued?.options ?? given;
  const options =
    prompts === undefined || known.event !== undefined
      ? known
      : await askForSample(prompts, known, () => askForEvent(prompts, known));
  if (options === null) return fail(GAVE_UP.message, GAVE_UP.code);
  const event = chooseEvent(options);
  if (event !== null && 'message' in event) return fail(event.message, event.code);
  const read = event === null ? await readSamples(context, options) : { ok: true as const, ...event };
  if (!read.ok) return fail(read.message, EXIT.problems);
  const display = displayPath(context.cwd, home, id);
  const place = { display, schemas: schemaPath(context.cwd, home) };
  if (prompts === undefined && read.samples.length === 0 && !saysMapping(options))
    return beginStub(context, id, home, options, place);
  const choices = await choose(prompts, id, options, read.samples, event?.recipient ?? null);
  if ('message' in choices) return fail(choices.message, choices.code);
  const isKept = options.raw || event !== null || continued?.areOwn === true;
  const redacted = redactSamples(read.samples, choices, isKept ? null : (options.keep ?? []));
  for (const path of redacted.unresolved) printError(context, `--keep: nothing is at ${quote(path)}`);

  const drafted = await draftFiles(choices, redacted.samples, place);
  const { compilation } = drafted;
  if (compilation !== null && compilation.diagnostics.length > 0) report(context, compilation, 'pretty');
  if (!drafted.ok) return fail(drafted.message, EXIT.problems);
  const { files } = drafted;
  // --yes takes proposals, which nobody has seen: it says nothing about what may be in git.
  if (!(await acceptKeys(context, redacted.keys, { prompts, ways: WAYS }))) return EXIT.problems;
  const failure =
    continued === null ? await writeNew(home, files) : await writeContinued(home, continued, files);
  if (failure !== null) return fail(failure, EXIT.problems);
  tell(context, id, options, { display, files, choices, kept: describeKept(redacted.kept) });
  return EXIT.clean;
}

/** A flag says something that a stub has no place for. */
function saysMapping({ target, variable, when, idempotency, status }: NewOptions): boolean {
  const said = [target, idempotency, ...variable, ...when].some((one) => one !== undefined);
  return said || status !== 'test';
}

/** Who can be asked: nobody where standard input is a sample. */
function personOf({ prompts }: Context, { yes, sample }: NewOptions): Prompts | undefined {
  return yes || sample.includes('-') ? undefined : prompts;
}

function displayPath(cwd: string, home: string, id: string): string {
  const path = relative(cwd, home);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? join('connectors', id) : path;
}

interface Made {
  readonly display: string;
  readonly files: NewFiles;
  readonly choices: Choices;
  readonly kept: readonly string[];
}

function tell(
  context: Context,
  id: string,
  options: NewOptions,
  { display, files, choices, kept }: Made,
): void {
  const paths = [...files.keys()].map((path) => `${display}/${path}`);
  const { shared, verify } = secretNames(choices.proof, id);
  const secrets = choices.proof.kind === 'url-key' ? [] : [shared, verify].filter((name) => name !== null);
  if (options.json) {
    printJson(context, { files: paths, target: choices.target, variables: choices.variables, secrets });
    return;
  }
  for (const path of paths) print(context, `wrote ${path}`);
  const hasSamples = [...files.keys()].some((path) => path.startsWith('samples/'));
  if (hasSamples) {
    const how =
      options.event !== undefined
        ? 'in the form that the provider documents, with made-up values: add one of your own when there is one'
        : options.raw
          ? 'as they arrived: look through them for personal data'
          : 'every value replaced by one of its form';
    print(context, `samples: ${how}`);
    for (const line of kept) print(context, line);
  }
  print(context, `cards go to ${choices.target.path}: ${choices.target.reason}`);
  if (secrets.length > 0) print(context, `the runtime needs ${secrets.join(' and ')} in its environment`);
  if (choices.proof.kind === 'url-key')
    print(
      context,
      `the runtime needs SLUICE_URL_KEYS in its environment; with it, sluice url ${id} prints the URL for the sender`,
    );
  print(context, hasSamples ? `then: sluice preview ${id}` : `then: sluice capture ${id} --write first`);
}
