/**
 * Whether a held request says a value, for those who must drop what a person's data is in. In: the request and
 * "<path>=<value>". Out: yes or no; nothing of the request goes anywhere else.
 */
import type { StoredRequest } from '../../admin-api/records.ts';
import { type CompiledPath, compilePath } from '../../stages/json/compile-path.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { sampleText } from '../state/files/sample-text.ts';

export interface Match {
  readonly path: CompiledPath;
  /** As text: numbers by their digits. */
  readonly value: string;
}

/** A text: what is wrong with it, for people. */
export function parseMatch(text: string): Match | string {
  const at = text.indexOf('=');
  if (at < 1) return `"${text}" is no match: give a path and a value, such as $.customer.id=user_1`;
  const path = text.slice(0, at).trim();
  const parsed = parsePath(path);
  if (!parsed.ok) return `"${path}" is no path: ${parsed.message}`;
  return { path: compilePath(path), value: text.slice(at + 1) };
}

/** Of JSON, forms and XML; what can be read as none of them says nothing. */
export function saysValue(request: StoredRequest, { path, value }: Match): boolean {
  const { body } = JSON.parse(sampleText(request), numbersAsText) as { readonly body: JsonValue };
  return path.all(body).some((found) => typeof found !== 'object' && String(found) === value);
}

function numbersAsText(
  this: unknown,
  _key: string,
  value: unknown,
  { source }: { readonly source?: string },
): unknown {
  return typeof value === 'number' ? (source ?? value) : value;
}
