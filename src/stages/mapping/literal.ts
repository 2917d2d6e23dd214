/**
 * Literals of a mapping: any JSON value of the connector file in, the same as plan data out. Refuses keys that could
 * reach a prototype wherever the result is read.
 */
import { isJsonObject } from '../json/json-value.ts';
import { isForbiddenKey } from '../json/own-member.ts';
import { type Problem, pointerTo, type Report } from '../problem.ts';

/** Reports every forbidden key inside; true when there is none. */
export function checkLiteral(value: unknown, pointer: string, report: Report): boolean {
  if (Array.isArray(value)) {
    return value.map((item, index) => checkLiteral(item, pointerTo(pointer, index), report)).every(Boolean);
  }
  if (!isJsonObject(value)) return true;
  return Object.entries(value)
    .map(([key, member]) => {
      const isAllowed = checkOutputKey(key, pointerTo(pointer, key), report);
      return checkLiteral(member, pointerTo(pointer, key), report) && isAllowed;
    })
    .every(Boolean);
}

/** Reports a key that no result may have; true when it may. */
export function checkOutputKey(key: string, pointer: string, report: Report): boolean {
  if (!isForbiddenKey(key)) return true;
  report({
    code: 'output-key-forbidden',
    pointer,
    message: `"${key}" is not allowed as a name in the mapped result; choose another name`,
  });
  return false;
}

/** True for a text that looks like a path, or like a template that nothing fills in. */
export function looksUnfilled(text: string): boolean {
  // "$5" is an amount.
  return /^\${1,2}(?:[.[{\p{L}_]|$)/u.test(text) || text.includes('{{');
}

/** How such a text is reported: as a user's id it would send a card to nobody. */
export function codeOfText(pointer: string): Problem['code'] {
  return /^\/mapping\/targetUserIds(?:\/|$)/.test(pointer) ? 'target-looks-like-path' : 'expression-invalid';
}
