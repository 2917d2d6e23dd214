/**
 * Text from connector files is not trusted: in a terminal or a log it must stay text. In: any string. Out: the same with
 * everything escaped that moves the cursor, changes colours, reorders what people read or hides between it.
 */

/**
 * C0 and C1 controls, DEL, line separators, lone surrogates, and all format characters: the bidirectional controls of
 * "Trojan Source" (CVE-2021-42574), and what nobody sees, such as zero-width spaces and tags.
 */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029\p{Cs}]/gu;

/** Controls become \u{1b} and the like; line breaks and tabs too. */
export function escapeControls(text: string): string {
  return text.replace(UNPRINTABLE, escapeCharacter);
}

/** One character as it is printed. */
export function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}

/** Longest text that a message quotes. */
const MAX_QUOTED = 80;

/** A value as messages quote it: JSON, cut where it is long. Lists and objects are only named. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  const cut = value.length > MAX_QUOTED ? `${value.slice(0, MAX_QUOTED)}…` : value;
  return `"${escapeControls(cut)}"`;
}

/** "a", "b" or "c". */
export function quoteList(values: readonly unknown[], conjunction: 'or' | 'and' = 'or'): string {
  const quoted = values.map(quote);
  const last = quoted.pop();
  if (last === undefined) return '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${conjunction} ${last}`;
}
