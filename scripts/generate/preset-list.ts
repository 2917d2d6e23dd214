// In: the files of src/stages/signature/presets, each of which exports a preset under its own name. Out: preset-list.ts
// beside the folder. With --check it writes nothing and exits 1 if it differs. --file names another, for tests.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const folder = join(import.meta.dirname, '../../src/stages/signature');
const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    file: { type: 'string', default: join(folder, 'preset-list.ts') },
  },
});

const names = readdirSync(join(folder, 'presets'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const text = `// Made by "npm run generate" from the files of presets/: do not edit.
import type { SignaturePreset } from './preset.ts';
${names.map((name) => `import { ${camelCase(name)} } from './presets/${name}.ts';`).join('\n')}

/** Every preset, in the order of their names. */
export const ALL_PRESETS: readonly SignaturePreset[] = [
${names.map((name) => `  ${camelCase(name)},`).join('\n')}
];
`;

if (!options.check) writeFileSync(options.file, text);
else if (!existsSync(options.file) || readFileSync(options.file, 'utf8') !== text) {
  console.error(`${options.file} does not list the presets; run "npm run generate"`);
  process.exitCode = 1;
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
