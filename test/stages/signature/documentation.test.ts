/** Every scheme that the documentation shows is one that the compiler takes. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { EDITOR_KEYWORDS } from '../../../src/compiler/rules/schema.ts';
import { prepare } from './harness.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const schema = JSON.parse(read('schemas/connector.schema.json'));
const ajv = new Ajv2020({ allowUnionTypes: true, strictRequired: false });
ajv.addVocabulary(EDITOR_KEYWORDS);
ajv.addSchema(schema);
const isSecurity = ajv.compile({ $ref: `${schema.$id}#/$defs/security` });

const examples = [...read('docs/signatures.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text = '']) => text,
);

test('there are some', () => {
  expect(examples.length).toBeGreaterThanOrEqual(5);
});

test.each(examples.map((text, index) => [index + 1, text] as const))('example %i', (_, text) => {
  const { security } = parse(text);
  expect(isSecurity(security), JSON.stringify(isSecurity.errors)).toBe(true);
  // Of a sender with a secret URL.
  if (security.signature === undefined) return;
  const { plan, problems } = prepare(security.signature);
  expect(problems).toEqual([]);
  expect(plan).not.toBeNull();
});
