import type { StoredRequest } from '../../../admin-api/records.ts';

/**
 * A captured request as a sample file: {headers, body}. A JSON body becomes a value whose numbers keep their digits, a
 * form an object of its fields, anything else a text.
 */

/** About the connection, not about the event. */
const TRANSPORT_HEADERS = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function sampleText(request: StoredRequest): string {
  const headers = new Map<string, string | string[]>();
  for (const [name, value] of request.headers) {
    const before = headers.get(name);
    if (TRANSPORT_HEADERS.has(name)) continue;
    headers.set(name, before === undefined ? value : [before, value].flat());
  }
  const body = Buffer.from(request.body, 'base64').toString('utf8');
  const isForm =
    [headers.get('content-type')].flat()[0]?.startsWith('application/x-www-form-urlencoded') === true;
  const value = isForm ? formFields(body) : jsonOrText(body);
  return `${JSON.stringify({ headers: Object.fromEntries(headers), body: value }, null, 2)}\n`;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    return text;
  }
}

function keepDigits(
  this: unknown,
  _key: string,
  value: unknown,
  { source }: { readonly source?: string },
): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source
    ? JSON.rawJSON(source)
    : value;
}

function formFields(text: string): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(fields);
}
