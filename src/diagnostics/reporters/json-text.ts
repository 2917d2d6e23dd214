/** Writes a report as JSON that stays harmless when it is printed to a terminal: everything but plain text is escaped. */
import { UNPRINTABLE } from '../printable.ts';

/** Two-space indented, with a final line break. Still the same JSON value. */
export function escapeForJson(value: unknown): string {
  return escapeJsonText(JSON.stringify(value, null, 2));
}

/** The same for JSON text that is written already. */
export function escapeJsonText(text: string): string {
  // Raw controls in the output are line breaks that indentation made; the others stand inside strings.
  return `${text.replace(UNPRINTABLE, (found) => (found === '\n' ? found : toUnicodeEscapes(found)))}\n`;
}

/** One character as JSON and YAML escape it: one or two units. */
export function toUnicodeEscapes(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}
