/** The table of presets is data: it must be complete, valid by the schema, and say what it does not prove. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { EDITOR_KEYWORDS } from '../../../src/compiler/rules/schema.ts';
import { PRESETS } from '../../../src/stages/signature/presets.ts';
import { hasFetchedKeys, planOf, prepare, SECRET } from './harness.ts';

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
    const secrets = {
      ...(hasFetchedKeys(preset.signature) ? {} : { sharedSecret: SECRET }),
      verifyToken: { env: 'SLUICE_SECRET_VERIFY' },
    };
    expect(isSignature({ ...preset.signature, ...secrets }), JSON.stringify(isSignature.errors)).toBe(true);
    const plan = planOf({ preset: preset.name, ...secrets });
    expect(plan.preset).toBe(preset.name);
    expect(plan.handshake).toHaveLength(preset.signature.handshake?.length ?? 0);
    // Spelled out in a file it would have to be as good, but for an old algorithm.
    const { plan: spelledOut } = prepare({ ...preset.signature, ...secrets, algorithm: 'sha256' });
    const { attempt, ...scheme } = plan;
    expect({ ...spelledOut, preset: preset.name, algorithm: plan.algorithm }).toEqual(scheme);
    expect(attempt).toEqual(preset.attempt);
  });

  test('says where it comes from and what it leaves open', () => {
    expect(preset.title).not.toBe('');
    expect(URL.canParse(preset.docs) && new URL(preset.docs).protocol).toBe('https:');
    const { covers, template } = planOf({ preset: preset.name });
    const signsParts = template.some(({ kind }) => kind === 'body' || kind === 'fields');
    expect(preset.secret.where).not.toBe('');
    expect(preset.evidence).not.toBe('');
    const notes = [...preset.notes, preset.weak ?? ''].join(' ');
    const provesSender = ['token', 'basic', 'jwt'].includes(preset.signature.type ?? 'hmac');
    if (!covers.timestamp && (!provesSender || preset.signature.jwt !== undefined))
      expect(notes).toContain('Nothing proves when it was sent');
    if (!covers.body) expect(preset.weak).toMatch(/cover|signed/);
    if (template.some(({ kind }) => kind === 'url')) expect(notes).toContain('public URL');
    if (template.some(({ kind }) => kind === 'form')) expect(notes).toContain('body: form');
    if (preset.idempotency === undefined) return;
    // A header that is not signed must not decide which events are the same.
    if (preset.idempotency.kind === 'header') expect(covers.headers).toContain(preset.idempotency.header);
    // What proves the sender alone leaves every id open; what signs parts of the body may name the id among them.
    else expect(covers.body || provesSender || signsParts).toBe(true);
  });
});
