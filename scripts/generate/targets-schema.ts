// In: the targets and their settings (src/runtime/targets). Out: schemas/targets.schema.json, by which editors complete and
// check the targets file of a deployment. With --check it writes nothing and exits 1 if it differs. --file names another, for tests.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { memberName, TARGET_NAME } from '../../src/runtime/config/named-targets.ts';
import type { Setting } from '../../src/runtime/settings/setting.ts';
import { TARGETS } from '../../src/runtime/targets/targets.ts';
import { formatText } from './format-text.ts';

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    file: { type: 'string', default: join(import.meta.dirname, '../../schemas/targets.schema.json') },
  },
});

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'targets.schema.json',
  title: 'Targets',
  description:
    'The targets of one deployment, by the names that connectors use. Made by "npm run generate": do not edit.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'targets'],
  properties: {
    apiVersion: { description: 'Version of this file format.', const: 'sluice/v1' },
    targets: {
      description: 'What each name stands for. Connectors that name no target go to `default`.',
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: TARGET_NAME.source },
      additionalProperties: {
        anyOf: Object.entries(TARGETS).map(([kind, target]) =>
          describeKind(kind as keyof typeof TARGETS, target),
        ),
      },
    },
  },
  $defs: {
    secret: {
      description: 'Where a secret is found; it never stands here itself.',
      anyOf: [
        onlyMember('env', 'Name of an environment variable, SLUICE_SECRET_...'),
        onlyMember('file', 'Name of a file in the folder that --secrets-dir names.'),
      ],
    },
  },
};

function describeKind(
  kind: keyof typeof TARGETS,
  {
    title,
    settings,
    needs,
  }: { readonly title: string; readonly settings: object; readonly needs: readonly string[] },
): object {
  const table = settings as Readonly<Record<string, Setting>>;
  return {
    description: title,
    type: 'object',
    additionalProperties: false,
    required: ['kind', ...needs.map((name) => memberName(table[name] as Setting))],
    properties: {
      kind: { description: title, const: kind },
      ...Object.fromEntries(Object.values(table).map((one) => [memberName(one), describeSetting(one)])),
    },
  };
}

function describeSetting({ help, secret, value }: Setting): object {
  const description = help.replace(/^[a-z]+ target: /, '');
  if (secret) return { description, $ref: '#/$defs/secret' };
  const text = { type: 'string', minLength: 1 };
  return value.endsWith('s>')
    ? { description, anyOf: [text, { type: 'array', items: text, minItems: 1 }] }
    : { description, ...text };
}

function onlyMember(name: string, description: string): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: [name],
    properties: { [name]: { description, type: 'string' } },
  };
}

const text = formatText(JSON.stringify(schema), 'targets.schema.json');
if (!options.check) writeFileSync(options.file, text);
else if (!existsSync(options.file) || readFileSync(options.file, 'utf8') !== text) {
  console.error(`${options.file} does not say what targets there are; run "npm run generate"`);
  process.exitCode = 1;
}
