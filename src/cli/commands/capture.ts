import { basename, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CaptureView } from '../../admin-api/answers.ts';
import type { ConnectorLocation } from '../../compiler/load.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { readSample } from '../../stages/sample.ts';
import { withScripts } from '../../workbench/compile/compile-folder.ts';
import { locationOf } from '../../workbench/draft/locate.ts';
import { listSample } from '../../workbench/samples/list-sample.ts';
import { type RedactContext, redactRequest } from '../../workbench/samples/redact/redact-request.ts';
import { redactContextOf } from '../../workbench/samples/redact-context.ts';
import {
  checkSamplePlace,
  sampleFileName,
  sampleFileText,
  writeSample,
} from '../../workbench/samples/write-sample.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { withCompilation } from '../compile-folder.ts';
import { type Context, EXIT, type ExitCode, failed, print, printError, printJson } from '../context.ts';
import { acceptKeys } from '../learn/accept-keys.ts';
import { describeKept } from '../learn/show.ts';

export interface CaptureOptions extends AdminOptions {
  readonly dir: string;
  readonly seconds: string;
  readonly write?: string;
  readonly keep?: readonly string[];
  readonly raw?: boolean;
  /** Keys that look like data may stay. */
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * `sluice capture <id>`: "get new sample". Opens a window; the next request to a test connector becomes the sample
 * (authenticated or not), a live connector's next verified request is copied and goes on. What --write puts into the
 * repository has its values replaced.
 */
export async function capture(context: Context, id: string, options: CaptureOptions): Promise<ExitCode> {
  const seconds = Number(options.seconds);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600) {
    return misused(context, `"${options.seconds}" is not a number of seconds from 1 to 3600`);
  }
  const wrong = (options.keep ?? []).map((one) => parsePath(one)).find((parsed) => !parsed.ok);
  if (wrong?.ok === false) return misused(context, `--keep: ${wrong.message}`);
  if (options.write === undefined && (options.keep !== undefined || options.raw || options.yes))
    return misused(
      context,
      '--keep, --yes and --raw say what --write puts into the file; name it with --write',
    );
  if (options.keep !== undefined && options.raw)
    return misused(context, '--raw keeps all values; leave out --keep');
  const destination = await chooseDestination(context, id, options);
  if (typeof destination === 'string') return failed(context, destination);
  const before = await callAdmin(context, options, 'GET /connectors/:id/capture', { id });
  if (!before.ok) return failed(context, before.message);
  const opened = await callAdmin(context, options, 'POST /connectors/:id/capture', { id, body: { seconds } });
  if (!opened.ok) return failed(context, opened.message);
  printError(context, `waiting up to ${seconds} s for a request to ${opened.value.url}`);
  for (;;) {
    const now = await callAdmin(context, options, 'GET /connectors/:id/capture', { id });
    if (!now.ok) return failed(context, now.message);
    const { latest, window } = now.value;
    if (latest !== null && latest.name !== before.value.latest?.name)
      return keep(context, latest, destination, options);
    if (window === null) return failed(context, `no request came within ${seconds} s`);
    await delay(250);
  }
}

const WAYS =
  'have it sent again, with --yes when they may be in git, --keep <path> when their values may as well; to have them replaced, list the path of their object under `shape: { maps: [...] }` in the connector file first';

/** Where the sample goes, and how it is redacted; worked out before anybody is asked to send something. */
interface Destination {
  readonly location: ConnectorLocation;
  readonly fileName: string;
  /** null: as it arrived. */
  readonly redacting: RedactContext | null;
}

async function chooseDestination(
  context: Context,
  id: string,
  options: CaptureOptions,
): Promise<Destination | string | null> {
  if (options.write === undefined) return null;
  const fileName = sampleFileName(options.write);
  if (fileName === null) return `"${options.write}" is not a plain file name`;
  return withCompilation(context, options.dir, async ({ connectors }) => {
    const connector = connectors.find((one) => one.id === id);
    if (connector === undefined) {
      const known = connectors.map((one) => one.id);
      return `${options.dir} has no connector "${id}" to write the sample to${didYouMean(id, known)}`;
    }
    const problem = await checkSamplePlace(connector.folder, fileName);
    if (problem !== null) return problem;
    const redacting = options.raw ? null : redactContextOf(connector);
    if (redacting === null && !options.raw)
      return `${connector.file} has errors, so it is not known what to keep; correct them, or keep all with --raw`;
    return { location: locationOf(connector, context.cwd), fileName, redacting };
  });
}

async function keep(
  context: Context,
  latest: NonNullable<CaptureView['latest']>,
  destination: Destination | null,
  options: CaptureOptions,
): Promise<ExitCode> {
  if (destination === null) {
    if (options.json) printJson(context, latest);
    else print(context, stringifyJson(latest.sample as JsonValue, 2));
    return EXIT.clean;
  }
  const { location, fileName, redacting } = destination;
  const { body, headers } = readSample(fileName, latest.sample as JsonValue);
  const choice = { keep: options.keep ?? [], elements: null };
  const redacted =
    redacting === null ? null : redactRequest({ body, headers: headers.entries() }, redacting, choice);
  const sample = redacted?.sample ?? latest.sample;
  const text = sampleFileText(sample);
  if (text === null) return failed(context, 'the request is too large for a sample; write a smaller one');
  const asked = { yes: options.yes, prompts: options.json ? undefined : context.prompts };
  if (!(await acceptKeys(context, redacted?.keys ?? [], { ...asked, ways: WAYS }))) return EXIT.problems;
  const problem = await writeSample(location.folder, fileName, text);
  if (problem !== null) return failed(context, problem);
  const file = `${relative(context.cwd, location.folder)}/samples/${fileName}`;
  const unlisted = await withScripts((scripts) => listSample(location, `samples/${fileName}`, scripts));
  for (const path of redacted?.unresolved ?? []) printError(context, `--keep: nothing is at "${path}"`);
  if (options.json) {
    const kept = redacted === null ? {} : { kept: redacted.kept, keys: redacted.keys };
    print(context, stringifyJson({ name: latest.name, sample, file, listed: unlisted === null, ...kept }, 2));
    return EXIT.clean;
  }
  const said = redacted === null ? 'as it arrived' : 'every value replaced by one of its form';
  print(context, `wrote ${file}, ${said}`);
  for (const line of describeKept(redacted?.kept ?? [])) print(context, line);
  print(
    context,
    unlisted === null ? `listed it in ${location.display}` : `not listed in ${location.display}: ${unlisted}`,
  );
  const look = `next: look through it${redacted === null ? ' for personal data' : ''}`;
  print(
    context,
    unlisted === null
      ? `${look}, then sluice preview ${basename(location.folder)}`
      : `${look}, make the connector take it, then list it under \`samples\` there`,
  );
  return EXIT.clean;
}

function misused(context: Context, message: string): ExitCode {
  printError(context, message);
  return EXIT.usage;
}
