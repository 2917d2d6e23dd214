// In: the table of outcome codes. Out: docs/outcomes.md, and the codes that editors complete under `want.code` in
// schemas/case.schema.json. With --check it writes nothing and exits 1 if they differ. --file and --schema name others,
// for tests.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { OUTCOMES } from '../src/workbench/cases/explain-outcome.ts';

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    file: { type: 'string', default: join(import.meta.dirname, '../docs/outcomes.md') },
    schema: { type: 'string', default: join(import.meta.dirname, '../schemas/case.schema.json') },
  },
});

const INTRODUCTION = `# What became of a request

Every request has an outcome and a code. They stand in logs, metrics and holds, in \`sluice held list\` (\`--code\`), and in
the \`want\` of cases; answers have the code where they refuse. \`sluice explain <code>\` prints what stands here.
[diagnostics.md](diagnostics.md) has the codes of problems in files, [reviewing.md](reviewing.md) those of diffs.
`;

const HEADS = {
  delivered: 'Delivered: a trigger was made and handed over',
  held: 'Held: genuine and kept, but its shape, mapping or trigger is not right, or it could not be delivered',
  ignored: 'Ignored: genuine, but not for this connector, or nobody to tell',
  rejected: 'Rejected: not proven, not allowed, or not readable',
  answered: 'Answered: a challenge of the provider',
  captured: 'Captured: kept as a new sample',
} as const;

const sections = Object.entries(HEADS).map(([outcome, head]) => {
  const rows = Object.entries(OUTCOMES)
    .filter(([, entry]) => entry.outcome === outcome)
    .map(([code, { meaning, fix }]) => `| \`${code}\` | ${cell(meaning)} | ${cell(fix)} |`);
  return `## ${head}\n\n| code | meaning | what to do |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
});

put(
  options.file,
  `<!-- Made by "node scripts/outcomes-doc.ts" from src/workbench/cases/explain-outcome.ts: do not edit. -->\n\n${INTRODUCTION}\n${sections.join('\n')}`,
);
put(options.schema, replaceCodes(readFileSync(options.schema, 'utf8')));

function put(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  if (options.check) {
    console.error(
      `${file} is not what the table of outcomes says; run "node scripts/outcomes-doc.ts" and "npm run generate"`,
    );
    process.exitCode = 1;
  } else writeFileSync(file, text);
}

/** The two lists of the schema's `code`, one entry a line, as Biome writes them. */
function replaceCodes(text: string): string {
  const lists = {
    enum: Object.keys(OUTCOMES),
    enumDescriptions: Object.values(OUTCOMES).map(({ meaning }) => meaning),
  };
  return Object.entries(lists).reduce((changed, [key, list]) => {
    const place = new RegExp(`("code": \\{[^{}]*?"${key}": )\\[[\\s\\S]*?\\n {14}\\]`);
    if (!place.test(changed)) throw new Error(`${options.schema} has no list "${key}" of codes`);
    const written = JSON.stringify(list, null, 2).replaceAll('\n', '\n              ');
    return changed.replace(place, (_, head: string) => `${head}${written}`);
  }, text);
}

/** Plain text in a cell of a Markdown table; \`code\` stays. */
function cell(plain: string): string {
  return plain
    .replaceAll('|', '\\|')
    .split(/(`[^`]*`)/)
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replace(/[\\*_[\]<>]/g, '\\$&')))
    .join('');
}
