import type { StoredRequest } from '../../../admin-api/records.ts';

/**
 * A captured request as a sample file: {headers, body}. A JSON body becomes a value whose numbers keep their digits, a
 * form an object of its fields, XML an object of its elements, no body an empty object, anything else a text.
 */
import { parseXmlBody } from '../../../stages/body/xml-body.ts';

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
  const value = readBody(Buffer.from(request.body, 'base64'), [headers.get('content-type')].flat()[0] ?? '');
  return `${JSON.stringify({ headers: Object.fromEntries(headers), body: value }, null, 2)}\n`;
}

function readBody(body: Buffer, contentType: string): unknown {
  const text = body.toString('utf8');
  if (text === '') return {};
  if (contentType.startsWith('application/x-www-form-urlencoded')) return formFields(text);
  if (/^[^;]*[/+]xml\s*(?:;|$)/i.test(contentType)) {
    const parsed = parseXmlBody(body);
    if (parsed.ok) return parsed.value;
  }
  return jsonOrText(text);
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
