/** What an editor shows on hovering a key is the documentation: every key of a file that people read has one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { expandBody } from './editor/expand-snippet.ts';

interface Snippet {
  readonly label: string;
  readonly body: unknown;
}

interface Node {
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly markdownEnumDescriptions?: readonly string[];
  readonly defaultSnippets?: readonly Snippet[];
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly $ref?: string;
  readonly type?: unknown;
  readonly items?: unknown;
  readonly oneOf?: unknown;
  readonly anyOf?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
}

/** What only holds members or elements is shown by their examples. */
function hasParts({ properties, items, oneOf, anyOf, type }: Node): boolean {
  return [properties, items, oneOf, anyOf].some((part) => part !== undefined) && type !== 'string';
}

/** By an example of any kind: of values, of snippets, or of each of its values. */
function isShown({ examples, defaultSnippets, markdownEnumDescriptions, ...node }: Node): boolean {
  return [examples, defaultSnippets, markdownEnumDescriptions, node.const].some((one) => one !== undefined);
}

function readSchema(name: string): Node & { readonly $id: string } {
  const path = join(import.meta.dirname, `../schemas/${name}.schema.json`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Every node, by its JSON pointer; not what stands in examples, snippets and questions. */
function* nodesOf(node: Node, path = ''): Generator<readonly [string, Node]> {
  yield [path, node];
  for (const [key, value] of Object.entries(node)) {
    if (['examples', 'defaultSnippets', 'enum', 'default', 'const', 'if'].includes(key)) continue;
    if (typeof value === 'object' && value !== null) yield* nodesOf(value as Node, `${path}/${key}`);
  }
}

test.each(['connector', 'trigger', 'case', 'overlay', 'hold'])(
  'every key of %s.schema.json is explained, with examples',
  (name) => {
    const schema = readSchema(name);
    const missing: string[] = [];
    const walk = (node: Node, path: string): void => {
      for (const [key, property] of Object.entries(node.properties ?? {})) {
        if (property.$ref !== undefined) continue;
        if (property.description === undefined) missing.push(`${path}/${key}: description`);
        if (!isShown(property) && !hasParts(property)) missing.push(`${path}/${key}: examples`);
      }
    };
    for (const [path, node] of nodesOf(schema)) walk(node, path);
    expect(missing).toEqual([]);
  },
);

describe.each(['connector', 'case'])('what editors are told by %s.schema.json', (name) => {
  const schema = readSchema(name);
  const nodes = [...nodesOf(schema)];

  // Both would make yaml-language-server complete nonsense: "[object Object]", or a key without its colon.
  test('no example holds an object, and no snippet stands beside a reference', () => {
    const hasObject = (value: unknown): boolean =>
      Array.isArray(value) ? value.some(hasObject) : typeof value === 'object' && value !== null;
    const wrong = nodes.filter(
      ([, { examples, defaultSnippets, $ref }]) => hasObject(examples ?? []) || (defaultSnippets && $ref),
    );
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  test('what is said with an example begins as it is said without', () => {
    for (const [path, { description, markdownDescription }] of nodes)
      if (markdownDescription !== undefined)
        expect(markdownDescription, path).toMatch(
          new RegExp(`^${RegExp.escape(description ?? '-')}\n\n\`\`\`yaml\n`),
        );
  });

  const snippets = nodes.flatMap(([path, { defaultSnippets = [] }]) =>
    defaultSnippets.map((snippet) => [`${path} ${snippet.label}`, path, snippet] as const),
  );
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addSchema(schema);

  test.each(snippets)('%s is valid where it is offered', (_, path, { body }) => {
    const validate = ajv.compile({ $ref: `${schema.$id}#${path}` });
    expect(validate(expandBody(body)), JSON.stringify(validate.errors)).toBe(true);
  });
});

describe('names that the project owns', () => {
  const folder = join(import.meta.dirname, '../schemas');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

  test.each(files)('%s is called as it is in the package, and refers to nothing elsewhere', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const schema = JSON.parse(text) as { $id: string };
    expect(schema.$id).toBe(file);
    const references = [...text.matchAll(/"\$ref": "([^"]*)"/g)].map(([, to = '']) => to);
    for (const to of references) {
      const [where = ''] = to.split('#');
      expect(where === '' || files.includes(where), to).toBe(true);
    }
    const hosts = [...text.matchAll(/https?:\/\/([a-z0-9.-]+)/gi)].map(([, host = '']) => host);
    expect(hosts.filter((host) => host.includes('sluice'))).toEqual([]);
  });
});
