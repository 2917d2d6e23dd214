import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

function runGenerate(...args: string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ['scripts/generate/schema-types.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
}

function makeTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-generated-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('src/generated is what the schemas generate', () => {
  expect(runGenerate('--check')).toMatchObject({ status: 0, stderr: '' });
});

test('--check names what was edited, is missing or has no schema', () => {
  const out = makeTemporaryFolder();
  cpSync(join(root, 'src/generated'), out, { recursive: true });
  appendFileSync(join(out, 'trigger.ts'), '// edited by hand\n');
  rmSync(join(out, 'connector.ts'));
  writeFileSync(join(out, 'retired.ts'), '');

  const { status, stderr } = runGenerate('--check', '--out', out);

  expect(status).toBe(1);
  expect(stderr).toMatch(/trigger\.ts is not what its schema generates/);
  expect(stderr).toMatch(/connector\.ts is not what its schema generates/);
  expect(stderr).toMatch(/retired\.ts has no schema/);
  expect(stderr).toMatch(/npm run generate/);
});

test('keywords that only restrict values leave no mark on the types', () => {
  const schemas = makeTemporaryFolder();
  const out = makeTemporaryFolder();
  const schema = {
    title: 'Rule',
    type: 'object',
    additionalProperties: false,
    properties: {
      not: { description: 'Named like a keyword.', $ref: '#/$defs/name' },
      value: { description: 'Any JSON.' },
      list: { type: 'array', items: { type: 'string' }, minItems: 1 },
    },
    oneOf: [{ required: ['not'] }, { required: ['value'] }],
    $defs: { name: { type: 'string', minLength: 1 } },
  };
  writeFileSync(join(schemas, 'rule.schema.json'), JSON.stringify(schema));

  expect(runGenerate('--schemas', schemas, '--out', out)).toMatchObject({ status: 0, stderr: '' });

  expect(readFileSync(join(out, 'rule.ts'), 'utf8')).toMatchInlineSnapshot(`
    "// Generated from schemas/rule.schema.json by scripts/generate.ts; do not edit.

    export type Name = string;

    export interface Rule {
      /**
       * Named like a keyword.
       */
      not?: Name;
      /**
       * Any JSON.
       */
      value?: unknown;
      list?: string[];
    }
    "
  `);
});
