// In: an empty folder and a number. Out: that many connectors in it, the same ones in every run. Each is one of the
// examples under connectors/ under another name: with its case file, two to four samples of 1 to 4 KB, and a mapping that
// reads fields that only its own samples have, so that no two of them share a plan, a shape or generated code.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Choose, seededChoice } from '../shape/random.ts';

const EXAMPLES = join(import.meta.dirname, '../../../connectors');
/** The example that maps with a script. */
const SCRIPTED = 'pagerduty-incident';
/** A script costs some hundred times what a structured mapping does: few connectors need one. */
export const SCRIPT_SHARE = 0.02;

const WORDS =
  'account amount batch branch channel city code comment country currency due email group label'.split(' ');

/** Writes them to `<cwd>/connectors`; as git does, without anything beside it. */
export function generateConnectors(cwd: string, count: number, scriptShare: number = SCRIPT_SHARE): void {
  const examples = readdirSync(EXAMPLES).filter((name) => name !== SCRIPTED);
  const everyScript = scriptShare === 0 ? 0 : Math.round(1 / scriptShare);
  for (let number = 0; number < count; number += 1) {
    const isScripted = everyScript > 0 && number % everyScript === 0;
    const example = isScripted ? SCRIPTED : (examples[number % examples.length] as string);
    generateConnector(example, join(cwd, 'connectors'), number);
  }
}

function generateConnector(example: string, connectors: string, number: number): void {
  const source = join(EXAMPLES, example);
  const id = `${example}-${String(number).padStart(5, '0')}`;
  const folder = join(connectors, id);
  const choose = seededChoice(id);
  mkdirSync(join(folder, 'samples'), { recursive: true });
  cpSync(join(source, 'cases'), join(folder, 'cases'), { recursive: true });

  const names = readdirSync(join(source, 'samples'));
  const more = Array.from({ length: choose(3) }, (_, index) => `another-${index + 1}.json`);
  const fields = Array.from({ length: 6 }, (_, index) => `${WORDS[choose(WORDS.length)]}_${number}_${index}`);
  for (const [index, name] of [...names, ...more].entries()) {
    const text = readFileSync(join(source, 'samples', names[index] ?? (names[0] as string)), 'utf8');
    const sample = enlarge(JSON.parse(text), 1_000 + choose(3_000), fields, choose);
    writeFileSync(join(folder, 'samples', name), `${JSON.stringify(sample, null, 2)}\n`);
  }

  let text = readFileSync(join(source, 'connector.yaml'), 'utf8')
    .replace(`id: ${example}`, `id: ${id}`)
    .replace(
      /^( {2}- samples\/.*\n)+/m,
      (list) => `${list}${more.map((name) => `  - samples/${name}\n`).join('')}`,
    );
  if (example === SCRIPTED) {
    const script = readFileSync(join(source, 'mapping.js'), 'utf8');
    writeFileSync(join(folder, 'mapping.js'), `${script}\nexport const number = ${number};\n`);
  } else {
    const read = fields.slice(0, 2 + choose(4));
    const lines = read.map((field) => `    ${field}: { path: $.attributes.${field}.value, default: none }\n`);
    text = text.replace(/^ {2}variables:\n/m, (line) => `${line}${lines.join('')}`);
  }
  writeFileSync(join(folder, 'connector.yaml'), text);
}

/** Adds what a mapping reads little or nothing of, as most of a real payload is; to each element of a batch. */
function enlarge(sample: unknown, bytes: number, fields: readonly string[], choose: Choose): unknown {
  if (Array.isArray(sample)) return sample.map((one) => enlarge(one, bytes / sample.length, fields, choose));
  const { headers, body } = sample as { headers?: object; body?: object };
  if (headers !== undefined && body !== undefined)
    return { headers, body: enlarge(body, bytes, fields, choose) };
  const attributes = Object.fromEntries(
    fields.map((field) => [field, { value: sentence(choose, 3), rank: choose(100) }]),
  );
  const larger = { ...(sample as object), attributes, history: [] as object[] };
  while (JSON.stringify(larger, null, 2).length < bytes) {
    larger.history.push({
      number: choose(1_000_000),
      text: sentence(choose, 8),
      done: choose(2) === 0,
      tags: [sentence(choose, 1)],
    });
  }
  return larger;
}

function sentence(choose: Choose, words: number): string {
  return Array.from({ length: words }, () => WORDS[choose(WORDS.length)]).join(' ');
}
