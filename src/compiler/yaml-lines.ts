/**
 * The lines of a text that is meant as YAML, and cannot be parsed. In: the lines. Out: those that begin a key or an entry
 * of a list, with the columns at which something begins. Looks at each line alone, but for texts and brackets that go on.
 */

export interface Line {
  /** 0-based, in the file. */
  readonly number: number;
  readonly indent: number;
  readonly isEntry: boolean;
  readonly hasKey: boolean;
  /** Columns of the collections that begin on the line: itself, and what follows its dashes. */
  readonly columns: readonly number[];
  /** A key or a dash without a value: what follows is deeper. */
  readonly opens: boolean;
}

const KEY = /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'"[\]{},&*!|>%@`-][^\s:]*|-[^\s:]+)[ \t]*:(?=\s|$)/;

/** The lines that begin a key or an entry: no comments, and nothing of what a text or brackets continue. */
export function readLines(texts: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  // Of a text over several lines: the least column that continues it, which its first line decides.
  let block: number | null = null;
  let isFirstOfBlock = false;
  let depth = 0;
  for (const [number, text] of texts.entries()) {
    const indent = /^ */.exec(text)?.[0].length ?? 0;
    const content = text.trim();
    if (content === '') continue;
    if (block !== null && indent >= block) {
      if (isFirstOfBlock) block = indent;
      isFirstOfBlock = false;
      continue;
    }
    block = null;
    if (content.startsWith('#') || content === '---') continue;
    const isInBrackets = depth > 0;
    depth = Math.max(0, depth + countBrackets(content));
    const dashes = /^(?:-[ \t]+)*(?:-$)?/.exec(content)?.[0] ?? '';
    const rest = content.slice(dashes.length);
    const key = KEY.exec(rest)?.[0];
    if (isInBrackets || (dashes === '' && key === undefined)) continue;
    const value = (key === undefined ? rest : rest.slice(key.length)).replace(/(?:^|[ \t])#.*$/, '').trim();
    if (/^[|>][-+\d]*$/.test(value)) block = indent + (key === undefined ? 0 : dashes.length) + 1;
    const starts = [...dashes.matchAll(/-/g)].map((match) => indent + match.index);
    isFirstOfBlock = block !== null;
    lines.push({
      number,
      indent,
      isEntry: dashes !== '',
      hasKey: key !== undefined,
      columns: key === undefined ? starts : [...starts, indent + dashes.length],
      opens: value === '',
    });
  }
  return lines;
}

/** How many brackets a line leaves open, outside of quotes. */
function countBrackets(content: string): number {
  const bare = content.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '').replace(/(?:^|\s)#.*$/, '');
  return (bare.match(/[[{]/g) ?? []).length - (bare.match(/[\]}]/g) ?? []).length;
}
