// In: the presets of signature schemes. Out: the tables in docs/signatures.md between their markers, and the names that
// editors complete, with what each checks, in schemas/connector.schema.json. With --check it writes nothing and exits 1 if
// they differ. Never touches the rest of the files. --file and --schema name others, for tests.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SignaturePreset } from '../../src/stages/signature/preset.ts';
import { PRESETS } from '../../src/stages/signature/presets.ts';
import { describeAcknowledge, describePreset } from '../../src/workbench/new/describe-preset.ts';

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    file: { type: 'string', default: join(import.meta.dirname, '../../docs/signatures.md') },
    schema: { type: 'string', default: join(import.meta.dirname, '../../schemas/connector.schema.json') },
  },
});

const presets = [...PRESETS.values()].sort((left, right) => (left.title < right.title ? -1 : 1));
rewrite(options.file, 'the tables', (text) =>
  replaceTable(replaceTable(text, 'presets', presetTable()), 'senders', senderTable()),
);
rewrite(options.schema, 'the names of presets', replaceNames);

function rewrite(file: string, what: string, change: (text: string) => string): void {
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (after === before) return;
  if (options.check) {
    console.error(`${what} of ${file} are not what the presets say; run "npm run generate"`);
    process.exitCode = 1;
  } else writeFileSync(file, after);
}

/** The two lists of the schema's `preset`, one name a line, as Biome writes them. */
function replaceNames(text: string): string {
  const named = presets.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const lists = { enum: named.map(({ name }) => name), markdownEnumDescriptions: named.map(describe) };
  return Object.entries(lists).reduce((changed, [key, list]) => {
    const place = new RegExp(`("preset": \\{[^{}]*?"${key}": )\\[[\\s\\S]*?\\n {10}\\]`);
    if (!place.test(changed)) throw new Error(`${options.schema} has no list "${key}" of presets`);
    const written = JSON.stringify(list, null, 2).replaceAll('\n', '\n          ');
    return changed.replace(place, (_, head: string) => `${head}${written}`);
  }, text);
}

/** A preset on one line of Markdown. */
function describe(preset: SignaturePreset): string {
  const { checks, open } = describePreset(preset);
  const weak = preset.weak === undefined ? '' : ` **Weak:** ${preset.weak}`;
  return `[${preset.title}](${preset.docs}): ${checks}. Not checked: ${open.join('; ')}.${weak}`;
}

/** Puts the table between `<!-- name:begin -->` and `<!-- name:end -->`. */
function replaceTable(text: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`${options.file} lacks the markers of ${name}`);
  return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
}

function presetTable(): string {
  return table(
    ['Provider', 'Preset', 'What is checked', 'What is not', 'Challenges'],
    presets.map((preset) => {
      const { checks, open, handshakes } = describePreset(preset);
      const weak = preset.weak === undefined ? '' : ` **Weak:** ${preset.weak}`;
      return [
        `[${preset.title}](${preset.docs})`,
        `\`${preset.name}\``,
        checks,
        `${open.join('; ')}.${weak}`,
        handshakes.join('<br>'),
      ];
    }),
  );
}

/** Presets of whose deliveries nothing is documented are left out. */
function senderTable(): string {
  const seconds = ({ limits }: SignaturePreset) =>
    limits?.answerWithin === undefined ? '' : `${limits.answerWithin} s`;
  const known = presets.filter(
    ({ limits, signature }) => limits !== undefined || signature.acknowledge !== undefined,
  );
  return table(
    ['Preset', 'Waits', 'Sends again', 'Is answered'],
    known.map((preset) => [
      `\`${preset.name}\``,
      seconds(preset),
      preset.limits?.retries ?? '',
      preset.signature.acknowledge === undefined
        ? ''
        : describeAcknowledge(preset.signature.acknowledge).replace('is answered ', ''),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
