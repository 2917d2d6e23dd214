/**
 * Text that is not trusted, inside GitHub's Markdown: it must stay text. No HTML, no links, no mentions of people or
 * issues, no way out of a code span or block. In: one line of plain text. Out: Markdown that shows it.
 * https://github.github.com/gfm/
 */

/** Prose. What stands in backticks, and what starts with a dollar sign (a path, or else a formula), becomes code. */
export function markdownText(text: string): string {
  return text
    .split(/(`[^`]+`|\$[\w.[\]*?'"-]*)/)
    .map((part, index) => {
      if (index % 2 === 0) return escapeProse(part);
      return codeSpan(part.startsWith('`') ? part.slice(1, -1) : part);
    })
    .join('');
}

/** Invisible, between what would otherwise become a mention or a reference. */
const BREAK = '&#8203;';
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeProse(text: string): string {
  return (
    text
      .replace(/[\\`*_{}[\]|~!]/g, '\\$&')
      // Addresses become links by themselves.
      .replace(/:(?=\/)|(?<=www)\./gi, '\\$&')
      .replace(/[&<>]/g, (character) => ENTITIES[character] as string)
      .replace(/[@#]/g, (character) => (character === '@' ? `@${BREAK}` : `${BREAK}\\#`))
  );
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
