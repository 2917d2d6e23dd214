/**
 * Samples for a new connector, as they are handed in: files, standard input, or the latest capture of a running runtime.
 * Out: parsed samples, or a sentence about what is wrong. Nothing of their content gets into a message.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { describeError } from '../../compiler/read-file.ts';
import { quote } from '../../diagnostics/printable.ts';
import { parseJsonBody } from '../../stages/json/json-text.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { type EvaluationSample, readSample } from '../../stages/sample.ts';
import { sampleFileName } from '../../workbench/samples/write-sample.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import type { Context } from '../context.ts';
import type { Prompts } from '../prompts.ts';

/** As of every sample file, in bytes. */
const MAX_SAMPLE_BYTES = 1024 * 1024;

export type ReadSamples =
  /** Each sample's name is the file that it gets under samples/. */
  | { readonly ok: true; readonly samples: readonly EvaluationSample[] }
  | { readonly ok: false; readonly message: string };

export interface SampleSources extends AdminOptions {
  /** Files, or `-` for standard input. */
  readonly sample: readonly string[];
  /** A connector of a running runtime. */
  readonly capture?: string;
  /** JSON text that a person pasted. */
  readonly pasted?: string;
}

/**
 * Where somebody is there: asks for a sample if no flag names one. `shipped` asks for one that comes with Sluice. null: the
 * person gave up.
 */
export async function askForSample<Sources extends SampleSources>(
  prompts: Prompts,
  sources: Sources,
  shipped: () => Promise<Sources | null>,
): Promise<Sources | null> {
  if (sources.sample.length > 0 || sources.capture !== undefined) return sources;
  const kind = await prompts.select({
    message: 'Is there a sample of the event?',
    choices: [
      { value: 'file', label: 'in a file' },
      { value: 'paste', label: 'to be pasted here' },
      { value: 'event', label: 'one of a provider, that comes with Sluice' },
      { value: 'none', label: 'not yet', hint: 'sluice capture gets one later' },
    ],
  });
  if (kind === null || kind === 'none') return kind === null ? null : sources;
  if (kind === 'event') return shipped();
  if (kind === 'file') {
    const file = await prompts.text({
      message: 'Which file?',
      check: (path) => (path === '' ? 'its path' : null),
    });
    return file === null ? null : { ...sources, sample: [file] };
  }
  const check = (text: string): string | null => {
    const parsed = parseJsonBody(Buffer.from(text));
    return parsed.ok ? null : parsed.detail.replace('the body', 'it');
  };
  const pasted = await prompts.lines({ message: 'Paste it, then press Enter twice', check });
  return pasted === null ? null : { ...sources, pasted };
}

export async function readSamples(context: Context, sources: SampleSources): Promise<ReadSamples> {
  const samples: EvaluationSample[] = [];
  const add = (wanted: string, value: JsonValue): void => {
    const free = (name: string): boolean => samples.every((one) => one.name !== name);
    const first = sampleFileName(wanted) ?? 'sample.json';
    let name = first;
    for (let number = 2; !free(name); number += 1) name = `${first.replace(/\.json$/, '')}-${number}.json`;
    samples.push(readSample(name, value));
  };
  for (const source of sources.sample) {
    const shown = source === '-' ? 'standard input' : quote(source);
    const bytes = await readBytes(context, source);
    if (typeof bytes === 'string') return { ok: false, message: `${shown} ${bytes}` };
    const parsed = parseJsonBody(bytes);
    if (!parsed.ok) {
      const hint = isForm(bytes) ? `; ${FORM_HINT}` : '';
      return {
        ok: false,
        message: `${shown} is not a sample: ${parsed.detail.replace('the body', 'it')}${hint}`,
      };
    }
    add(source === '-' ? 'first' : basename(source), parsed.value);
  }
  if (sources.pasted !== undefined) {
    const parsed = parseJsonBody(Buffer.from(sources.pasted));
    if (parsed.ok) add('first', parsed.value);
  }
  if (sources.capture !== undefined) {
    const answer = await callAdmin(context, sources, 'GET /connectors/:id/capture', { id: sources.capture });
    if (!answer.ok) return { ok: false, message: answer.message };
    if (answer.value.latest === null)
      return {
        ok: false,
        message: `nothing has been captured for ${quote(sources.capture)}; run: sluice capture ${sources.capture}`,
      };
    add('captured', answer.value.latest.sample as JsonValue);
  }
  return { ok: true, samples };
}

const FORM_HINT =
  'a form is written as a JSON object of its fields, such as {"name": "Ada", "tag": ["a", "b"]}, and the connector says `body: form`';

/** Looks like `name=value&...`. */
function isForm(bytes: Buffer): boolean {
  return /^[^\s={}[\]"&]+=/.test(bytes.toString('utf8', 0, 1000));
}

/** The bytes, or what is wrong, to go behind the name of the source. */
async function readBytes(context: Context, source: string): Promise<Buffer | string> {
  if (source === '-') {
    return context.stdin === undefined ? 'cannot be read here' : readStream(context.stdin);
  }
  try {
    // Opening a named pipe would wait for whoever writes to it.
    const path = resolve(context.cwd, source);
    if (!(await stat(path)).isFile()) return 'is not a file';
    return await readStream(createReadStream(path));
  } catch (error) {
    return `cannot be read: ${describeError(error)}`;
  }
}

async function readStream(stream: Readable): Promise<Buffer | string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    length += chunks.at(-1)?.length ?? 0;
    if (length > MAX_SAMPLE_BYTES)
      return 'is larger than 1 MiB, which no sample may be; cut a smaller one out of it';
  }
  return length === 0 ? 'is empty' : Buffer.concat(chunks);
}
