/** What a script must not put into a trigger, though it is JSON. In: what it returned. Out: what is wrong, without a value, or null. */

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
/** NUL ends texts in many programs, and ESC begins commands of a terminal. */
const CONTROLS = ['\0', '\x1b'];
/** A trigger has three levels. */
const MAX_DEPTH = 16;

export function findUnsafeValue(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return checkText(value);
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return null;
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) return `the trigger has a key named ${key}`;
    const found = checkText(key) ?? findUnsafeValue((value as Record<string, unknown>)[key], depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function checkText(text: string): string | null {
  if (!text.isWellFormed()) return 'a text of the trigger has half of a character (a lone surrogate)';
  return CONTROLS.some((one) => text.includes(one)) ? 'a text of the trigger has a NUL or an ESC' : null;
}
