// In: the table of codes and their examples. Out: docs/diagnostics.md, each code with what `check` prints for its wrong
// example. With --check it writes nothing and exits 1 if the file differs. --file names another one, for tests.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CODES, type Code } from '../../src/diagnostics/codes.ts';
import { type Side, showSide } from '../../src/diagnostics/examples/example.ts';
import { EXAMPLES } from '../../src/diagnostics/examples/examples.ts';
import { createScriptHost } from '../../src/runtime/script-host/host.ts';
import { COMPILING } from '../../src/workbench/compile/compile-folder.ts';
import { checkSide } from './check-example.ts';

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    file: { type: 'string', default: join(import.meta.dirname, '../../docs/diagnostics.md') },
  },
});

const INTRODUCTION = `# What \`sluice check\` says

Every problem has a code. \`sluice explain <code>\` prints what stands here. The examples are the keys of a
\`connector.yaml\` that matter; what they do not show is in order. A test compiles each: the wrong one leads to the code,
the right one to nothing.

## Fixes

\`sluice check --fix\` makes the changes that are beyond doubt (in the output: \`help:\`) and says which: a misspelt key,
path, file or preset of which only one can be meant, an entry that stands twice or that another contains, quotes that
are missing. Comments and formatting stay. Each change is checked before a file is written, and left out where it would
lead to another error. Who may call, who gets a card and what is live is never guessed.

## Silencing a warning

A warning that is acceptable for one connector is named in its file, with the reason:

\`\`\`yaml
silence:
  sample-single: The provider documents one form of this event
\`\`\`

It is listed apart then (\`silenced\` in JSON, \`suppressions\` in SARIF) and does not count. Errors cannot be silenced,
and an entry that silences nothing is a warning of its own.
`;

const scripts = createScriptHost(COMPILING);
const sections: string[] = [];
for (const code of Object.keys(CODES) as Code[]) sections.push(await describeCode(code));
await scripts.close();

const text = `<!-- Made by "npm run generate" from src/diagnostics: do not edit. -->\n\n${INTRODUCTION}\n## Codes\n\n${sections.join('\n')}`;
if (!options.check) writeFileSync(options.file, text);
else if (readIfThere(options.file) !== text) {
  console.error(`${options.file} is not what codes and examples say; run "npm run generate"`);
  process.exitCode = 1;
}

async function describeCode(code: Code): Promise<string> {
  const { severity, title, why, fix } = CODES[code];
  const head = `### ${code}\n\n**${severity}**: ${title}. ${escapeMarkdown(why)}\n\n${escapeMarkdown(fix)}\n`;
  const example = EXAMPLES[code];
  if (typeof example === 'string') return `${head}\n${example}\n`;
  const { printed } = await checkSide(example.wrong, scripts);
  return `${head}\nWrong:\n\n${fence(example.wrong)}\n\n${block('text', withoutSummary(printed))}\n\nRight:\n\n${fence(example.right)}\n`;
}

/** What is printed about the problems, without the count of them at the end. */
function withoutSummary(printed: string): string {
  return printed.slice(0, printed.lastIndexOf('\n\n'));
}

function fence(side: Side): string {
  return block(typeof side === 'string' ? 'yaml' : 'text', showSide(side));
}

function block(language: string, content: string): string {
  return `\`\`\`${language}\n${content}\n\`\`\``;
}

/** What looks like Markdown in the plain texts of codes, outside of \`code\`, such as a path with *, stays as it is. */
function escapeMarkdown(plain: string): string {
  return plain
    .split(/(`[^`]*`)/)
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replace(/[\\*_[\]<>]/g, '\\$&')))
    .join('');
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
