import { generateKeyPairSync } from 'node:crypto';
import { verifyKey } from 'discord-interactions';
import { expect, test } from 'vitest';
import { planOf } from '../stages/signature/harness.ts';
import { changed, expectGuarded, headerOf, signed, tampered } from './harness.ts';

const plan = planOf({ preset: 'discord' });
const body = '{"version":1,"type":1,"event":{"type":"APPLICATION_AUTHORIZED"}}';

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    // As the developer portal shows it: the last 32 bytes of the key's DER form.
    hex: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'),
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
}

test('Discord lets in what we sign, and so do we', async () => {
  const { hex, pem } = keyPair();
  const sent = signed(plan, { body }, pem);
  expectGuarded(plan, sent, hex, keyPair().hex);
  const [signature, timestamp] = [
    headerOf(sent, 'x-signature-ed25519'),
    headerOf(sent, 'x-signature-timestamp'),
  ];
  expect(await verifyKey(body, signature, timestamp, hex)).toBe(true);
  expect(await verifyKey(tampered(body), signature, timestamp, hex)).toBe(false);
  expect(await verifyKey(body, changed(signature), timestamp, hex)).toBe(false);
  expect(await verifyKey(body, signature, tampered(timestamp), hex)).toBe(false);
});
