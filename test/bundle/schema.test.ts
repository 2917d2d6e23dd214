import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { encodeBundle } from '../../src/bundle/codec.ts';
import { hmacSignature, makePlan } from './make-plan.ts';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../schemas/bundle.schema.json'), 'utf8'),
);
const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(schema);

test('every line of a bundle is what the schema describes', () => {
  const plans = [
    makePlan({ signature: { ...hmacSignature, timestamp: { header: 'x-time', tolerance: 300 } } }),
    makePlan({
      id: 'script',
      mapping: { kind: 'script', file: 'm.js', source: '', digest: 'a'.repeat(64) },
      shape: null,
    }),
  ];
  const lines = encodeBundle(plans, { revision: 'r', sequence: 1, tool: 't' })
    .toString()
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    validate(JSON.parse(line));
    expect(validate.errors).toBeNull();
  }
});

test('a line with an unknown member is not', () => {
  const [, line] = encodeBundle([makePlan()], { revision: 'r', sequence: 1, tool: 't' })
    .toString()
    .split('\n');
  expect(validate({ ...JSON.parse(line as string), secret: 'x' })).toBe(false);
});

/** Every property of an object schema, with the path to it. */
function* propertiesOf(value: unknown, path: string): Generator<readonly [string, { description?: string }]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'properties') {
      for (const [name, property] of Object.entries(inner))
        yield [`${path}/${name}`, property as { description?: string }];
    }
    yield* propertiesOf(inner, `${path}/${key}`);
  }
}

test('every property is described', () => {
  const undescribed = [...propertiesOf(schema, '')]
    .filter(([, property]) => !property.description)
    .map(([path]) => path);
  expect(undescribed).toEqual([]);
});
