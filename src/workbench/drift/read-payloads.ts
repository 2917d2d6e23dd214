/**
 * In: a folder or file of past payloads. Out: one entry for each, in order, read as it is asked for: a .json file is one
 * payload, any other file has one a line. Never holds more than one entry; what cannot be read is an entry as well.
 */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { withLists } from '../../stages/body/lists.ts';
import { parseBody } from '../../stages/body/parse-body.ts';
import { type ParsedBody, parseJsonBody } from '../../stages/json/json-text.ts';
import type { BodyPlan } from '../../stages/plans.ts';
import { type EvaluationSample, readSample } from '../../stages/sample.ts';

/** A body of 1 MiB as text inside JSON, where every character may be escaped. */
const MAX_ENTRY_BYTES = 8 * 1024 * 1024;
const LINE_FEED = 0x0a;

export type PastPayload =
  /** `bytes`: the size of the entry. */
  | { readonly ok: true; readonly name: string; readonly sample: EvaluationSample; readonly bytes: number }
  /** `detail` says what is wrong with the entry, never what it holds. */
  | { readonly ok: false; readonly name: string; readonly detail: string };

/** Files to read, in the order of their names; null when there is nothing at the path. */
export async function findPayloadFiles(path: string): Promise<readonly string[] | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(json|ndjson|jsonl)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** `root`: what names are relative to. Entries of a file with several are called `<file>:<line>`. */
export async function* readPayloads(
  files: readonly string[],
  root: string,
  reading: BodyPlan,
): AsyncGenerator<PastPayload> {
  for (const file of files) {
    const name = relative(root, file);
    const isWhole = /\.json$/i.test(file);
    let number = 0;
    try {
      for await (const entry of isWhole ? readWhole(file) : readLines(file)) {
        number += 1;
        // Blank lines stand between entries, and at the end.
        if (!isWhole && entry?.toString().trim() === '') continue;
        yield readEntry(isWhole ? name : `${name}:${number}`, entry, reading);
      }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      yield { ok: false, name, detail: `the file cannot be read further (${code})` };
    }
  }
}

function readEntry(name: string, entry: Buffer | null, reading: BodyPlan): PastPayload {
  if (entry === null) return { ok: false, name, detail: `larger than ${MAX_ENTRY_BYTES} bytes` };
  const parsed = parseJsonBody(entry);
  if (!parsed.ok) return { ok: false, name, detail: parsed.detail.replace('the body', 'the entry') };
  const sample = readSample(name, parsed.value);
  const body = readBody(sample, reading);
  if (!body.ok) return { ok: false, name, detail: body.detail };
  return { ok: true, name, sample: { ...sample, body: body.value }, bytes: entry.length };
}

/** Logs often keep the body as it was sent: a text. */
function readBody({ body }: EvaluationSample, reading: BodyPlan): ParsedBody {
  if (typeof body === 'string') return parseBody(reading, Buffer.from(body));
  return { ok: true, value: withLists(reading.body, body, reading.lists ?? []) };
}

/** The whole file as one entry; null instead of one that is too large. */
async function* readWhole(file: string): AsyncGenerator<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(file)) {
    size += (chunk as Buffer).length;
    if (size > MAX_ENTRY_BYTES) return yield null;
    chunks.push(chunk as Buffer);
  }
  yield Buffer.concat(chunks);
}

/** Each line without its end; null instead of one that is too large, of which nothing is kept. */
async function* readLines(file: string): AsyncGenerator<Buffer | null> {
  let chunks: Buffer[] = [];
  let size = 0;
  const append = (part: Buffer): void => {
    size += part.length;
    if (size > MAX_ENTRY_BYTES) chunks = [];
    else if (part.length > 0) chunks.push(part);
  };
  const take = (): Buffer | null => {
    const line = size > MAX_ENTRY_BYTES ? null : Buffer.concat(chunks);
    chunks = [];
    size = 0;
    return line;
  };
  for await (const chunk of createReadStream(file)) {
    let rest = chunk as Buffer;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      append(rest.subarray(0, end));
      yield take();
      rest = rest.subarray(end + 1);
    }
    append(rest);
  }
  if (size > 0) yield take();
}
