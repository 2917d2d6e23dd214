// In: the table of outcome codes. Out: docs/outcomes.md, what editors complete under `want.outcome` and `want.code` in
// schemas/case.schema.json, and the codes of schemas/hold.schema.json. With --check it writes nothing and exits 1 if they
// differ. --file, --schema and --holds name others, for tests.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CodeEntry, codesOf, type Grade, OUTCOME_CODES, OUTCOMES } from '../../src/outcomes/codes.ts';

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    file: { type: 'string', default: join(import.meta.dirname, '../../docs/outcomes.md') },
    schema: { type: 'string', default: join(import.meta.dirname, '../../schemas/case.schema.json') },
    holds: { type: 'string', default: join(import.meta.dirname, '../../schemas/hold.schema.json') },
  },
});

const INTRODUCTION = `# What became of a request

Every request has an outcome and a code. They stand in logs, metrics and holds, in \`sluice held list\` (\`--code\`), and in
the \`want\` of cases; answers have the code where they refuse. \`sluice explain <code>\` prints what stands here.
[diagnostics.md](diagnostics.md) has the codes of problems in files, [reviewing.md](reviewing.md) those of diffs.
`;

/** What only some outcomes have to say of a code. */
const EXTRA_COLUMN: Readonly<Record<string, { head: string; cell: (entry: CodeEntry) => string }>> = {
  held: { head: 'pauses the connector', cell: (entry) => ('grade' in entry ? PAUSES[entry.grade] : '') },
  rejected: { head: 'answer', cell: (entry) => ('status' in entry ? String(entry.status) : '') },
};

const PAUSES: Record<Grade, string> = {
  pause: 'at once',
  hold: 'after several in a row (`shape.pauseAfter`)',
  none: 'no',
};

const sections = Object.entries(OUTCOMES).map(([outcome, { meaning }]) => {
  const rows = Object.entries(OUTCOME_CODES).filter(([, entry]) => entry.outcome === outcome);
  const extra = EXTRA_COLUMN[outcome];
  const columns = ['code', 'meaning', 'what to do', ...(extra === undefined ? [] : [extra.head])];
  const lines = rows.map(([code, entry]) => {
    const cells = [`\`${code}\``, cell(entry.meaning), cell(entry.fix)];
    return row(extra === undefined ? cells : [...cells, extra.cell(entry)]);
  });
  const head = `${outcome[0]?.toUpperCase()}${outcome.slice(1)}: ${meaning}`;
  return `## ${head}\n\n${[row(columns), row(columns.map(() => '---')), ...lines].join('\n')}\n`;
});

put(
  options.file,
  `<!-- Made by "npm run generate" from src/outcomes/codes.ts: do not edit. -->\n\n${INTRODUCTION}\n${sections.join('\n')}`,
);
put(options.schema, replaceCodes(readFileSync(options.schema, 'utf8')));
put(options.holds, replaceList(readFileSync(options.holds, 'utf8'), 'code', 'enum', codesOf('held')));

function put(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  if (options.check) {
    console.error(`${file} is not what the table of outcomes says; run "npm run generate"`);
    process.exitCode = 1;
  } else writeFileSync(file, text);
}

/** The lists of the schema's `outcome` and `code`, one entry a line, as Biome writes them. */
function replaceCodes(text: string): string {
  const tables = { outcome: OUTCOMES, code: OUTCOME_CODES };
  return Object.entries(tables).reduce((changed, [property, table]) => {
    const meanings = Object.values(table).map(({ meaning }) => meaning);
    const named = replaceList(changed, property, 'enum', Object.keys(table));
    return replaceList(named, property, 'enumDescriptions', meanings);
  }, text);
}

function replaceList(text: string, property: string, key: string, list: readonly string[]): string {
  const place = new RegExp(`("${property}": \\{\\s+"description"[^{}]*?"${key}": )\\[[^\\]]*\\]`);
  if (!place.test(text)) throw new Error(`${options.schema} has no list "${key}" of "${property}"`);
  const inner = list.map((entry) => JSON.stringify(entry));
  const line = `[${inner.join(', ')}]`;
  const fits = key === 'enum' && line.length < 80;
  return text.replace(place, (_, head: string) => {
    const indent = /\n( *)"[^"\n]*": $/.exec(head)?.[1] ?? '';
    return `${head}${fits ? line : JSON.stringify(list, null, 2).replaceAll('\n', `\n${indent}`)}`;
  });
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Plain text in a cell of a Markdown table; \`code\` stays. */
function cell(plain: string): string {
  return plain
    .replaceAll('|', '\\|')
    .split(/(`[^`]*`)/)
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replace(/[\\*_[\]<>]/g, '\\$&')))
    .join('');
}
