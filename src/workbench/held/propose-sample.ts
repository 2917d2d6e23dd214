/**
 * What a held request would teach its connector. In: the connector with what of its files is not saved, and the request.
 * Out: the sample with its values replaced, the connector file that lists it, what the shape accepts then, and what would
 * be wrong. Writes nothing.
 */
import type { Hold } from '../../admin-api/records.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import { ConnectorFiles } from '../../compiler/connector-files.ts';
import { addSampleToYaml } from '../../compiler/edit/add-sample.ts';
import type { ConnectorLocation } from '../../compiler/load.ts';
import { parseBody } from '../../stages/body/parse-body.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { diffShapes, type ShapeChange } from '../../stages/shape/diff-shapes.ts';
import { learnShape } from '../../stages/shape/learn.ts';
import { type CompiledDraft, compileDraft } from '../draft/compile-draft.ts';
import { type RedactContext, type Redacted, redactRequest } from '../samples/redact/redact-request.ts';
import { sampleFileText } from '../samples/write-sample.ts';

export interface Learner {
  readonly location: ConnectorLocation;
  readonly connector: CompiledConnector;
  /** Of the connector file, as far as somebody has got with it. */
  readonly text: string;
  /** What is not saved, by display path. */
  readonly replaced: ReadonlyMap<string, string>;
  readonly context: RedactContext;
}

export interface SampleProposal {
  readonly ok: true;
  readonly redacted: Redacted;
  readonly sampleText: string;
  /** Of the connector file that lists the sample. */
  readonly connectorText: string;
  readonly shape: readonly ShapeChange[];
  /** The connector with the sample. */
  readonly draft: CompiledDraft;
}

export interface NoProposal {
  readonly ok: false;
  /** `keep`: a path to keep leads nowhere; `size`: larger than samples may be; `request`, `file`: cannot be read, or edited. */
  readonly of: 'keep' | 'size' | 'request' | 'file';
  readonly message: string;
}

/** `path`: of the sample, in the connector's folder. `keep`: paths whose values stay as they were sent. */
export async function proposeSample(
  { location, connector, text, replaced, context }: Learner,
  { request, elements = null }: Pick<Hold, 'request' | 'elements'>,
  { path, keep }: { readonly path: string; readonly keep: readonly string[] },
  scripts: ScriptRunner,
): Promise<SampleProposal | NoProposal> {
  const no = (of: NoProposal['of'], message: string): NoProposal => ({ ok: false, of, message });
  const body = parseBody(connector.reading, Buffer.from(request.body, 'base64'));
  if (!body.ok) return no('request', `the held request cannot be read: ${body.detail}`);
  const sent = { body: body.value, headers: request.headers };
  const redacted = redactRequest(sent, context, { keep, elements });
  const [nowhere] = redacted.unresolved;
  if (nowhere !== undefined) return no('keep', `nothing is at "${nowhere}" in the held request`);
  const sampleText = sampleFileText(redacted.sample);
  if (sampleText === null)
    return no('size', 'the held request is too large for a sample; write a smaller one');
  const listed = addSampleToYaml(text, path);
  if (!listed.ok) return no('file', `${location.display}: ${listed.message}`);
  const files = new ConnectorFiles(location);
  const added = [
    [files.display('sample', path), sampleText],
    [location.display, listed.text],
  ] as const;
  const draft = await compileDraft(location, new Map([...replaced, ...added]), scripts);
  const payloads = draft.connector.samples.flatMap((sample) => sample.payloads);
  const before = context.known.length === 0 ? null : learnShape(context.known, context.maps);
  const shape = payloads.length === 0 ? [] : diffShapes(before, learnShape(payloads, context.maps));
  return { ok: true, redacted, sampleText, connectorText: listed.text, shape, draft };
}
