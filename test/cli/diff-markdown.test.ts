/** Whatever a connector holds stays text in a comment on a pull request. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeBlock, codeSpan, htmlText, markdownText } from '../../src/cli/diff/markdown-text.ts';
import { clean } from '../../src/workbench/diff/change-text.ts';

/** Pieces out of which markup is made. */
const piece = fc.oneof(
  fc.constantFrom(
    '`',
    '``',
    '```',
    '~~~',
    '@octocat',
    '#1',
    '<b>',
    '</details>',
    '<!--',
    '-->',
    '](',
    '[',
    '](x)',
    '![',
    '|',
  ),
  fc.constantFrom(
    'https://evil.example',
    'www.evil.example',
    '\n',
    '\r\n- ',
    '\u202e',
    '\u001b[31m',
    '$',
    '$$',
    '&lt;',
    '\\',
    '*',
    '_',
    '**',
    ' ',
  ),
  fc.string({ maxLength: 5 }),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => clean(pieces.join('')));

/** Stands for what is shown as it is. */
const SHOWN = '\u00a4';

/** What CommonMark takes for code spans: a run of backticks to the next run of that length. Outside of them: the rest. */
function outsideOfCode(markdown: string): string {
  let rest = markdown;
  let outside = '';
  while (rest !== '') {
    const escaped = /^\\[!-/:-@[-`{-~]/.exec(rest)?.[0];
    const run = /^`+/.exec(rest)?.[0];
    if (escaped !== undefined) {
      outside += SHOWN;
      rest = rest.slice(2);
    } else if (run !== undefined) {
      const end = new RegExp(`(?<!\`)${run}(?!\`)`).exec(rest.slice(run.length));
      rest = end === null ? rest.slice(run.length) : rest.slice(run.length + end.index + run.length);
      outside += end === null ? run : SHOWN;
    } else {
      outside += rest[0];
      rest = rest.slice(1);
    }
  }
  return outside;
}

test('no text of a connector becomes markup', () => {
  fc.assert(
    fc.property(text, (hostile) => {
      const outside = outsideOfCode(`message: ${markdownText(hostile)}.`);
      // Tags, comments, emphasis, links, images, tables, code, formulas: none of their signs is left unescaped.
      expect(outside).not.toMatch(/[<>*_[\]|~!`$\n\r]/);
      expect(outside).not.toMatch(/@(?!&#8203;)|(?<!&)#/);
      expect(outside).not.toMatch(/https?:\/\/|www\./i);
    }),
    { numRuns: 5_000 },
  );
});

test('no text gets out of a code span or block', () => {
  fc.assert(
    fc.property(text, (hostile) => {
      expect(outsideOfCode(codeSpan(hostile)).replaceAll(SHOWN, '')).toBe('');
      const [open = '', ...lines] = codeBlock('diff', [`- ${hostile}`], 2);
      const fence = /`+/.exec(open)?.[0] ?? '';
      expect(lines.at(-1)).toBe(`  ${fence}`);
      expect(lines.slice(0, -1).join('\n')).not.toContain(fence);
      expect(lines).toHaveLength(2);
      expect(htmlText(hostile)).not.toMatch(/[<>"]/);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['a path', '$.a[0].b: expected string', '`$.a[0].b:`'],
  ['code in our own words', 'set `status: disabled` first', 'set `status: disabled` first'],
  ['a mention', 'ask @octocat', 'ask @&#8203;octocat'],
  ['an issue', 'see #1', 'see &#8203;\\#1'],
  ['a link', '[a](https://b)', '\\[a\\](https\\://b)'],
] as const)('%s', (_, plain, markdown) => {
  expect(markdownText(plain)).toContain(markdown.replace(/:`$/, ''));
});
