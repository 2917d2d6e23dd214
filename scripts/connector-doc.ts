// Writes docs/connector.md: every key of the connector file from schemas/connector.schema.json, and the cookbook. With
// --check it writes nothing and exits 1 where the page differs. A test compiles each task of the cookbook.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import schema from '../schemas/connector.schema.json' with { type: 'json' };
import { TASKS } from './docs/cookbook.ts';

const PAGE = join(import.meta.dirname, '../docs/connector.md');

interface Node {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly items?: Node;
}

const definitions = schema.$defs as unknown as Readonly<Record<string, Node>>;

/** Sections of their own: what stands behind these is used in several places. */
const SECTIONS = [
  ['Expressions', 'expression'],
  ['Conditions', 'condition'],
  ['The structured mapping', 'structuredMapping'],
  ['A script', 'scriptMapping'],
  ['Shape', 'shapeSettings'],
  ['Limits', 'limits'],
  ['Security', 'security'],
] as const;

function resolve(node: Node): Node {
  const name = node.$ref?.replace('#/$defs/', '');
  return name === undefined ? node : { ...definitions[name], ...node };
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** One row for each key, and for the keys inside it that are its own. */
function rowsOf(node: Node, prefix = ''): readonly string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, property]) => {
    if (key === 'silence') return [`| \`${key}\` | ${cell(property.description ?? '')} | |`];
    const own = resolve(property);
    const [example] = own.examples ?? [];
    const shown = example === undefined ? '' : `\`${cell(JSON.stringify(example))}\``;
    const row = `| \`${prefix}${key}\` | ${cell(own.description ?? '')} | ${shown} |`;
    const parts =
      property.$ref === undefined ? [property, ...(property.anyOf ?? []), ...(property.oneOf ?? [])] : [];
    return [row, ...parts.flatMap((part) => rowsOf(part, `${prefix}${key}.`))];
  });
}

function table(node: Node): string {
  return ['| key | meaning | example |', '|---|---|---|', ...rowsOf(node)].join('\n');
}

const cookbook = TASKS.map(({ title, yaml, sample, triggers, beside }) => {
  const made = triggers.map((trigger) => JSON.stringify(trigger, null, 1).replace(/\n\s*/g, ' ')).join('\n');
  const other = beside === undefined ? '' : `# ${beside.id}, which has the URL\n${beside.yaml}---\n`;
  return `### ${title}\n\n\`\`\`yaml\n${other}${yaml}\`\`\`\n\nof \`${JSON.stringify(sample)}\` makes\n\n\`\`\`json\n${made}\n\`\`\`\n`;
}).join('\n');

const page = `# The connector file

Written by \`node scripts/connector-doc.ts\` from the schema and the cookbook; do not edit. What an error means says
[diagnostics.md](diagnostics.md); every editor that knows the schema shows the same while one writes.

## How a value is made

A value has one **source** (path, list, template, header, value, use), then any of the **steps**, then \`default\`. The steps
run in the order of the table below, whatever their order in the file. \`$\` is the payload: the body, or an element of it
where there is a \`split\`; \`$$\` is the whole body. Missing and null are the same. What a step cannot work with (a text for
\`point\`, a code that \`map\` does not know and for which there is no default) holds the request: nothing is guessed.

- Lists: a path with wildcards gives a list; \`where\`, \`get\`, \`except\`, \`pick\`, \`join\`, \`count\` and \`sum\` look into a list that
  a plain path leads to as well. A list in a field for one value is an error.
- Numbers keep their digits: \`as: string\`, templates, \`join\`, \`point\` and \`sum\` work on the digits that were sent (49.90, ids past
  2^53). A number that JavaScript cannot hold exactly comes out as a text.
- Times are UTC. \`0001-01-01\`, \`1970-01-01\` and \`9999-12-31\` mean "never" and count as missing.
- Members whose names are whole numbers come first in wildcards over objects, as JavaScript has them; JSON promises no order.
- The reader's language and time zone take a script with \`Intl\`: the data of locales changes with Node, so that a bundle could
  not promise the same card.

## Top level

${table(schema as unknown as Node)}

${SECTIONS.map(([title, name]) => `## ${title}\n\n${cell(definitions[name]?.description ?? '')}\n\n${table(definitions[name] ?? {})}\n`).join('\n')}
## Cookbook

Each task is a connector that a test compiles and runs.

${cookbook}`;

if (process.argv.includes('--check')) {
  if (readFileSync(PAGE, 'utf8') !== page) {
    console.error(
      'docs/connector.md is not what the schema and the cookbook make; run node scripts/connector-doc.ts',
    );
    process.exitCode = 1;
  }
} else writeFileSync(PAGE, page);
