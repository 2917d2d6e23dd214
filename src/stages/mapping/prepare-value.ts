/** `value`, the compiler's half: what stands as it is. Reports where it looks as if something was to be read. */
import { parseScopedPath } from '../json/json-path.ts';
import type { JsonObject } from '../json/json-value.ts';
import { pointerTo, type Report } from '../problem.ts';
import { checkLiteral, looksUnfilled } from './literal.ts';
import { invalid, type PreparedExpression, quote } from './prepared.ts';

/** `others`: what else the expression has, which is a mistake. null when something was reported. */
export function prepareValue(
  spec: JsonObject,
  others: readonly string[],
  pointer: string,
  report: Report,
): PreparedExpression | null {
  const [other] = others;
  if (other !== undefined) {
    const message = `${quote(other)} has no use beside "value", which stands as it is; remove it`;
    return invalid(report, pointerTo(pointer, other), message);
  }
  if (!checkLiteral(spec.value, pointerTo(pointer, 'value'), report)) return null;
  if (mayBeObject(pointer) && !checkMeant(spec.value, pointerTo(pointer, 'value'), report)) return null;
  const gives = Array.isArray(spec.value) ? 'many' : 'one';
  return { plan: { kind: 'literal', value: spec.value }, reads: [], gives };
}

/** Where the trigger takes objects with members of any name, `value` among them. */
function mayBeObject(pointer: string): boolean {
  return /^\/mapping\/(?:notificationDetail|metadata)\/.|^\/mapping\/variables\/[^/]+\/./.test(pointer);
}

/** { value: $.total } may be meant as an object with this one member; it stands for its value alone everywhere. */
function checkMeant(value: unknown, pointer: string, report: Report): boolean {
  const isText = typeof value === 'string';
  // An object or a list is the way to write one as it is; braces and what is no path have to be written like this.
  if (typeof value === 'object' && value !== null) return true;
  if (isText && looksUnfilled(value) && !parseScopedPath(value).ok) return true;
  const message =
    isText && looksUnfilled(value)
      ? `{ value: ${quote(value)} } is the text ${quote(value)} and nothing more; write ${quote(value)} alone for the value of the payload, or { value: { value: ${quote(value)} } } for an object with this text; an object whose member "value" is read from the payload takes a script`
      : `{ value: ${quote(value)} } is ${quote(value)} and nothing more; write ${quote(value)} alone, or { value: { value: ${quote(value)} } } for an object with the member "value"`;
  invalid(report, pointer, message);
  return false;
}
