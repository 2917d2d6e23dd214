// In: the schemas whose types code uses. Out: src/generated/*.ts, the types of one schema per file, and those of the trigger also as
// text, which goes into what `sluice types` writes. With --check it writes nothing, names the files that differ and exits
// 1. Never changes a schema. --schemas and --out name other folders, for tests.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { formatText } from './format-text.ts';

type JsonSchema = boolean | { $ref?: string; description?: string; [keyword: string]: unknown };

const root = join(import.meta.dirname, '../..');
const schemaSuffix = '.schema.json';
const TRIGGER_SCHEMA = 'trigger.schema.json';
/** object, array, string, number, boolean and null. */
const JSON_TYPES = 6;
/** Nobody imports the types of what these describe: the code has plain types of its own, without what YAML allows. */
const WITHOUT_TYPES = [
  'bundle.schema.json',
  'hold.schema.json',
  'overlay.schema.json',
  'targets.schema.json',
];

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    schemas: { type: 'string', default: join(root, 'schemas') },
    out: { type: 'string', default: join(root, 'src/generated') },
  },
});

const generated = new Map<string, string>();
for (const file of readdirSync(options.schemas).sort()) {
  if (!file.endsWith(schemaSuffix) || WITHOUT_TYPES.includes(file)) continue;
  const path = join(options.out, `${file.slice(0, -schemaSuffix.length)}.ts`);
  const types = await generateTypes(file);
  generated.set(path, types);
  if (file !== TRIGGER_SCHEMA) continue;
  const [banner = '', , ...declarations] = types.split('\n');
  const text = `${banner}\n\nexport const TRIGGER_DECLARATION = ${JSON.stringify(declarations.join('\n'))};`;
  generated.set(join(options.out, 'trigger-declaration.ts'), formatText(text, 'generated.ts'));
}

const present = existsSync(options.out)
  ? readdirSync(options.out).map((file) => join(options.out, file))
  : [];
const differing = [...generated.keys()].filter(
  (path) => !present.includes(path) || readFileSync(path, 'utf8') !== generated.get(path),
);
const leftOver = present.filter((path) => !generated.has(path));

if (options.check) {
  for (const path of differing) console.error(`${relative(root, path)} is not what its schema generates`);
  for (const path of leftOver) console.error(`${relative(root, path)} has no schema`);
  if (differing.length + leftOver.length > 0) {
    console.error('run "npm run generate" and commit the result');
    process.exitCode = 1;
  }
} else {
  mkdirSync(options.out, { recursive: true });
  for (const path of differing) writeFileSync(path, generated.get(path) ?? '');
  for (const path of leftOver) rmSync(path);
}

async function generateTypes(schemaFile: string): Promise<string> {
  const schema = keepTypes(JSON.parse(readFileSync(join(options.schemas, schemaFile), 'utf8')));
  const types = await compile(schema as JSONSchema, schemaFile, {
    bannerComment: `// Generated from schemas/${schemaFile} by scripts/generate.ts; do not edit.`,
    cwd: options.schemas,
    format: false,
    // A list stays a list: tuples by minItems and maxItems would refuse what filter() and map() return.
    ignoreMinAndMaxItems: true,
    unknownAny: true,
  });
  return formatText(types, 'generated.ts');
}

/** What of a schema says something about types; what only restricts values would come out as meaningless unions. */
function keepTypes(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  const { $ref, description, ...rest } = schema;
  const kept: Record<string, unknown> = description === undefined ? {} : { description };
  // Whatever JSON can be: its properties are for editors.
  if (Array.isArray(rest.type) && rest.type.length === JSON_TYPES) return { ...kept, tsType: 'unknown' };
  // A bare reference keeps the name of its target; beside other keywords the target would be copied.
  if ($ref !== undefined) return description === undefined ? { $ref } : { description, allOf: [{ $ref }] };
  for (const [keyword, value] of Object.entries(rest)) {
    if (['properties', 'patternProperties', '$defs'].includes(keyword)) {
      const schemas = Object.entries(value as Record<string, JsonSchema>);
      kept[keyword] = Object.fromEntries(schemas.map(([name, inner]) => [name, keepTypes(inner)]));
    } else if (['items', 'additionalProperties'].includes(keyword)) {
      kept[keyword] = keepTypes(value as JsonSchema);
    } else if (['allOf', 'anyOf', 'oneOf'].includes(keyword)) {
      const members = (value as JsonSchema[]).map(keepTypes);
      if (members.some(saysType)) kept[keyword] = keyword === 'allOf' ? members.filter(saysType) : members;
    } else if (['$schema', '$id', 'title', 'type', 'tsType', 'enum', 'const', 'required'].includes(keyword)) {
      kept[keyword] = value;
    }
  }
  return saysType(kept) ? kept : { ...kept, tsType: 'unknown' };
}

function saysType(schema: JsonSchema): boolean {
  const typed = ['$ref', 'type', 'enum', 'const', 'properties', 'allOf', 'anyOf', 'oneOf'];
  return typeof schema === 'boolean' || typed.some((keyword) => keyword in schema);
}

/** Biome ignores src/generated, where nobody should mend anything by hand; so the text is formatted under another name. */
