/** What an editor shows on hovering a key is the documentation: every key of a file that people read has one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Node {
  readonly description?: string;
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

test.each(['connector', 'trigger', 'case', 'overlay', 'hold'])(
  'every key of %s.schema.json is explained, with examples',
  (name) => {
    const schema = JSON.parse(
      readFileSync(join(import.meta.dirname, `../schemas/${name}.schema.json`), 'utf8'),
    ) as Node;
    const missing: string[] = [];
    const walk = (node: Node, path: string): void => {
      for (const [key, property] of Object.entries(node.properties ?? {})) {
        if (property.$ref !== undefined) continue;
        if (property.description === undefined) missing.push(`${path}/${key}: description`);
        if (property.examples === undefined && property.const === undefined && !hasParts(property))
          missing.push(`${path}/${key}: examples`);
      }
      for (const [key, value] of Object.entries(node)) {
        if (key !== 'examples' && typeof value === 'object' && value !== null)
          walk(value as Node, `${path}/${key}`);
      }
    };
    walk(schema, '');
    expect(missing).toEqual([]);
  },
);
