/**
 * Teaches a connector from a held request. In: the hold, the connectors as compiled, what to keep. Out: the sample with its
 * values replaced, what the shape accepts with it, and what the compiler says then; nothing is written before `writeLearned`.
 */
import { relative } from 'node:path';
import type { Hold } from '../../admin-api/records.ts';
import type { Compilation, CompiledConnector } from '../../compiler/compile.ts';
import { addSampleToYaml } from '../../compiler/edit/add-sample.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { parseBody } from '../../stages/body/parse-body.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { diffShapes, type ShapeChange } from '../../stages/shape/diff-shapes.ts';
import { learnShape } from '../../stages/shape/learn.ts';
import { readOwnText, replaceOwnText } from '../files/own-text.ts';
import { type ConnectorPlace, compileCandidate, placeOf } from './candidate.ts';
import { type Kept, redactRequest } from './redact/redact-request.ts';
import { redactContextOf } from './redact-context.ts';
import { judgeSamplePlace, sampleFileText, writeSample } from './write-sample.ts';

/** What one more sample changes, before anything is written. */
export interface Learned {
  readonly ok: true;
  readonly connector: CompiledConnector;
  readonly place: ConnectorPlace;
  readonly fileName: string;
  /** Path of the sample for people. */
  readonly display: string;
  readonly sample: unknown;
  readonly sampleText: string;
  readonly before: string;
  readonly after: string;
  readonly kept: readonly Kept[];
  readonly shape: readonly ShapeChange[];
  readonly compilation: Compilation;
  /** Errors, and whatever was not reported without the sample. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface LearnOptions {
  /** Where the connectors lie, in the words of whoever asked. */
  readonly dir: string;
  readonly cwd: string;
  /** Name of the sample's file. */
  readonly fileName: string;
  /** Paths whose values stay as they are. */
  readonly keep: readonly string[];
}

/** `isMisuse`: what was asked for cannot be meant. */
export interface NotLearned {
  readonly ok: false;
  readonly message: string;
  readonly isMisuse: boolean;
}

export async function learnFromHold(
  compilation: Compilation,
  hold: Hold,
  { dir, cwd, fileName, keep }: LearnOptions,
  scripts: ScriptRunner,
): Promise<Learned | NotLearned> {
  const problem = (message: string): NotLearned => ({ ok: false, message, isMisuse: false });
  const connector = compilation.connectors.find((one) => one.id === hold.connector);
  if (connector === undefined)
    return problem(
      `the request was held for "${hold.connector}", which ${dir} does not have; say where it is with --dir`,
    );
  const redacting = redactContextOf(connector);
  if (redacting === null) return problem(`${connector.file} has errors; correct them first (sluice check)`);
  const body = parseBody(connector.reading, Buffer.from(hold.request.body, 'base64'));
  if (!body.ok) return problem(`the held request cannot be read: ${body.detail}`);
  const { headers } = hold.request;
  const redacted = redactRequest({ body: body.value, headers }, redacting, { keep, elements: hold.elements });
  const [nowhere] = redacted.unresolved;
  if (nowhere !== undefined)
    return { ok: false, message: `--keep: nothing is at "${nowhere}" in the held request`, isMisuse: true };
  const sampleText = sampleFileText(redacted.sample);
  if (sampleText === null) return problem('the held request is too large for a sample; write a smaller one');

  const place = placeOf(connector, cwd);
  const taken = await judgeSamplePlace(connector.folder, fileName);
  if (taken !== null) return problem(`${taken} (--name)`);
  const text = readOwnText(place.home, place.fileName);
  if (!text.ok) return problem(text.message);
  const edited = addSampleToYaml(text.text, `samples/${fileName}`);
  if (!edited.ok) return problem(`${connector.file}: ${edited.message}`);
  const change = { connectorText: edited.text, sampleName: fileName, sampleText };
  const candidate = await compileCandidate(connector, place, cwd, change, scripts);

  const learned = candidate.connectors.find((one) => one.id === connector.id);
  const after = (learned?.samples ?? []).flatMap((sample) => sample.payloads);
  const shapeBefore = redacting.known.length === 0 ? null : learnShape(redacting.known, redacting.maps);
  const known = new Set(compilation.diagnostics.map(identify));
  return {
    ok: true,
    connector,
    place,
    fileName,
    display: `${relative(cwd, connector.folder)}/samples/${fileName}`,
    sample: redacted.sample,
    sampleText,
    before: text.text,
    after: edited.text,
    kept: redacted.kept,
    shape: after.length === 0 ? [] : diffShapes(shapeBefore, learnShape(after, redacting.maps)),
    compilation: candidate,
    diagnostics: candidate.diagnostics.filter((one) => one.severity === 'error' || !known.has(identify(one))),
  };
}

/** The same problem, wherever the new line has moved it to. */
function identify({ code, message, span }: Diagnostic): string {
  return JSON.stringify([code, message, span.file]);
}

/** Gives null, or what went wrong for people. */
export async function writeLearned({
  connector,
  place,
  fileName,
  sampleText,
  before,
  after,
}: Learned): Promise<string | null> {
  const problem = await writeSample(connector.folder, fileName, sampleText);
  if (problem !== null) return problem;
  const notListed = await replaceOwnText(place.home, place.fileName, before, after);
  return notListed === null ? null : `samples/${fileName} is written, but not listed: ${notListed}`;
}
