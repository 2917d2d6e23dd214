/**
 * Bodies of test requests, as the sender of a connector writes them: in, what a sample says; out, text and content type.
 */
import { stringifyJson } from '../../stages/json/json-text.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import type { BodyPlan } from '../../stages/plans.ts';

const TYPES: Readonly<Record<BodyPlan['body'], string | null>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  xml: 'application/xml',
  text: 'text/plain',
  none: null,
};

/** The header; empty where there is no body. */
export function contentTypeOf({ body }: BodyPlan): Readonly<Record<string, string>> {
  const type = TYPES[body];
  return type === null ? {} : { 'content-type': type };
}

/** The text of a body whose value a sample has. */
export function bodyText({ body: kind }: BodyPlan, value: JsonValue): string {
  switch (kind) {
    case 'json':
      return stringifyJson(value);
    case 'form':
      return formText(value);
    case 'xml':
      return isJsonObject(value) ? Object.entries(value).map(elementText).join('') : '';
    case 'text':
      return typeof value === 'string' ? value : stringifyJson(value);
    case 'none':
      return isJsonObject(value) && Object.keys(value).length === 0 ? '' : stringifyJson(value);
  }
}

function formText(value: JsonValue): string {
  const fields = new URLSearchParams();
  for (const [name, one] of Object.entries(isJsonObject(value) ? value : {})) {
    for (const text of [one].flat()) fields.append(name, String(text));
  }
  return fields.toString();
}

/** The way back from what XML is read as. */
function elementText([name, value]: readonly [string, JsonValue]): string {
  if (Array.isArray(value)) return value.map((item) => elementText([name, item])).join('');
  if (value === null)
    return `<${name} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`;
  if (!isJsonObject(value)) return `<${name}>${escapeXml(String(value))}</${name}>`;
  const members = Object.entries(value);
  const attributes = members
    .filter(([key]) => key.startsWith('@'))
    .map(([key, one]) => ` ${key.slice(1)}="${escapeXml(String(one))}"`)
    .join('');
  const inner = members
    .filter(([key]) => !key.startsWith('@'))
    .map((member) => (member[0] === '#text' ? escapeXml(String(member[1])) : elementText(member)))
    .join('');
  return `<${name}${attributes}>${inner}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
