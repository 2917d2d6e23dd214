/**
 * A multipart/form-data body in, its text fields as a form out, in their order. Files run past and are not kept. Bounded
 * whatever arrives: fields, parts, headers of parts and bytes; nothing is decoded that is not a field.
 */
import { createRequire } from 'node:module';
import type { BusboyConfig, BusboyConstructor, BusboyInstance } from '@fastify/busboy';
import { MAX_FORM_FIELDS } from './form-body.ts';

export type MultipartReading =
  | { readonly ok: true; readonly form: Buffer }
  | { readonly ok: false; readonly code: 'body-malformed'; readonly detail: string };

/** Fields and files together; a form with more is no event. */
const MAX_PARTS = MAX_FORM_FIELDS + 200;
const MAX_FIELD_NAME = 1024;
const MAX_PART_HEADERS = 64;

/** True for the content type of a multipart form. */
export function isMultipart(contentType: string | undefined): boolean {
  return contentType !== undefined && /^\s*multipart\/form-data\s*(?:;|$)/i.test(contentType);
}

/** `maxFieldBytes`: all values of text fields together. Never rejects. */
export function readMultipart(
  contentType: string,
  body: Buffer,
  maxFieldBytes: number,
): Promise<MultipartReading> {
  return new Promise((resolve) => {
    const fail = (detail: string): void => resolve({ ok: false, code: 'body-malformed', detail });
    let parser: BusboyInstance;
    try {
      parser = createParser({
        headers: { 'content-type': contentType },
        limits: {
          fieldNameSize: MAX_FIELD_NAME,
          fieldSize: maxFieldBytes,
          fields: MAX_FORM_FIELDS,
          parts: MAX_PARTS,
          headerPairs: MAX_PART_HEADERS,
        },
      });
    } catch {
      return fail('the content-type names no boundary for the parts of the form');
    }
    const fields: string[] = [];
    let bytes = 0;
    parser.on('field', (name, value, isNameCut, isValueCut) => {
      bytes += Buffer.byteLength(value);
      if (isNameCut || isValueCut || bytes > maxFieldBytes) fail('the fields of the form are too large');
      else
        fields.push(`${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`);
    });
    parser.on('file', (_name, stream) => {
      stream.on('error', () => {}).resume();
    });
    parser.on('fieldsLimit', () => fail(`the form has more than ${MAX_FORM_FIELDS} fields`));
    parser.on('partsLimit', () => fail(`the form has more than ${MAX_PARTS} parts`));
    parser.on('error', () => fail('the body is not a well-formed multipart form'));
    parser.on('finish', () => {
      if (fields.length === 0) fail('the form has no text field');
      else resolve({ ok: true, form: Buffer.from(fields.join('&')) });
    });
    parser.end(body);
  });
}

/** Loaded with the first multipart form: few senders send one. */
function createParser(config: BusboyConfig): BusboyInstance {
  load ??= createRequire(import.meta.url)('@fastify/busboy') as { readonly Busboy: BusboyConstructor };
  return new load.Busboy(config);
}
let load: { readonly Busboy: BusboyConstructor } | undefined;
