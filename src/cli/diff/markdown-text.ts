/**
 * Text that is not trusted, inside GitHub's Markdown: it must stay text. No HTML, no links, no mentions of people or
 * issues, no way out of a code span or block. In: one line of plain text. Out: Markdown that shows it.
 * https://github.github.com/gfm/
 */

/** Prose. What stands in backticks becomes a code span. */
export function markdownText(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? codeSpan(part.slice(1, -1)) : escapeProse(part)))
    .join('');
}

/** Invisible, between what would otherwise become a mention or a reference. */
const BREAK = '&#8203;';
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeProse(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, (character) => {
    if (character === '@') return `@${BREAK}`;
    if (character === '#') return `${BREAK}\\#`;
    // A backslash keeps its special character from being one; quotes and the like read better without.
    return ENTITIES[character] ?? (/['(),;?%=]/.test(character) ? character : `\\${character}`);
  });
}

/** Any text as code: nothing in it is markup, and no name in it is mentioned. */
export function codeSpan(text: string): string {
  if (text === '') return '';
  const fence = '`'.repeat(longestRun(text) + 1);
  // A space on both sides is dropped again, and keeps backticks apart from the fence.
  const needsSpace = /^[` ]|[` ]$/.test(text);
  return needsSpace ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

/** Lines as a block of code, indented by so many spaces. No line may hold a line break. */
export function codeBlock(language: string, lines: readonly string[], indent: number): readonly string[] {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}${language}`, ...lines, fence].map((line) => `${' '.repeat(indent)}${line}`);
}

/** Inside an HTML element that Markdown leaves alone. */
export function htmlText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] as string);
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
