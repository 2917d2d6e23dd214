/** The table of presets is data: it must be complete, valid by the schema, and say what it does not prove. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { EDITOR_KEYWORDS } from '../../../src/compiler/rules/schema.ts';
import { PRESETS } from '../../../src/stages/signature/presets.ts';
import { planOf, SECRET } from './harness.ts';

const folder = new URL('../../../src/stages/signature/presets/', import.meta.url);
const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/connector.schema.json', import.meta.url), 'utf8'),
);
// The union of types in a condition is meant.
const ajv = new Ajv2020({ allowUnionTypes: true, strictRequired: false });
ajv.addVocabulary(EDITOR_KEYWORDS);
ajv.addSchema(schema);
const isSignature = ajv.compile({ $ref: `${schema.$id}#/$defs/signature` });

test('each file of the folder is in the table, under its own name and in order', () => {
  const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
  expect([...PRESETS.keys()]).toEqual(files.sort());
  for (const [name, preset] of PRESETS) expect(preset.name).toBe(name);
});

describe.each([...PRESETS.values()])('$name', (preset) => {
  test('is valid by the schema, and complete', () => {
    const secrets = { sharedSecret: SECRET, verifyToken: { env: 'SLUICE_SECRET_VERIFY' } };
    expect(isSignature({ ...preset.signature, ...secrets }), JSON.stringify(isSignature.errors)).toBe(true);
    const plan = planOf({ preset: preset.name, ...secrets });
    expect(plan.preset).toBe(preset.name);
    expect(plan.handshake).toHaveLength(preset.signature.handshake?.length ?? 0);
    // Spelled out in a file it would have to be as good, but for an old algorithm.
    const spelledOut = planOf({ ...preset.signature, ...secrets, algorithm: 'sha256' });
    expect({ ...spelledOut, preset: preset.name, algorithm: plan.algorithm }).toEqual(plan);
  });

  test('says where it comes from and what it leaves open', () => {
    expect(preset.title).not.toBe('');
    expect(URL.canParse(preset.docs) && new URL(preset.docs).protocol).toBe('https:');
    const { covers, template } = planOf({ preset: preset.name });
    const notes = [...preset.notes, preset.weak ?? ''].join(' ');
    if (!covers.timestamp && preset.signature.type !== 'token')
      expect(notes).toContain('Nothing proves when it was sent');
    if (!covers.body) expect(preset.weak).toMatch(/cover|signed/);
    if (template.some(({ kind }) => kind === 'url')) expect(notes).toContain('public URL');
    if (template.some(({ kind }) => kind === 'form')) expect(notes).toContain('body: form');
    if (preset.idempotency === undefined) return;
    // A header that is not signed must not decide which events are the same.
    if (preset.idempotency.kind === 'header') expect(covers.headers).toContain(preset.idempotency.header);
    else expect(covers.body).toBe(true);
  });
});
