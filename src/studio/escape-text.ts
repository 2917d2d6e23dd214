/** Text of payloads as the page shows it: controls and what reorders or hides text are written out, line breaks stay. */
import { escapeCharacter, UNPRINTABLE } from '../diagnostics/printable.ts';

export function escapeText(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === '\n' || character === '\t' ? character : escapeCharacter(character),
  );
}
