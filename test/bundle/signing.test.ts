import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBundle, encodeBundle } from '../../src/bundle/codec.ts';
import {
  generateSigningKey,
  readSigningKey,
  readTrustedKeys,
  signBundle,
  splitSignature,
  type TrustedKey,
  verifyBundle,
} from '../../src/bundle/signing.ts';
import { makePlan } from './make-plan.ts';

const bundle = encodeBundle([makePlan({ id: 'one' }), makePlan({ id: 'two' })], {
  revision: 'abc',
  sequence: 7,
  tool: 'sluice test',
});

interface Signer {
  readonly trusted: TrustedKey;
  readonly publicKey: string;
  sign(bytes: Buffer): Buffer;
}

function makeSigner(): Signer {
  const { privateKey, publicKey } = generateSigningKey();
  const signing = readSigningKey(privateKey);
  const trusted = readTrustedKeys(publicKey);
  if (!signing.ok || !trusted.ok) throw new Error('a generated key cannot be read');
  return {
    publicKey,
    trusted: trusted.value[0] as TrustedKey,
    sign: (bytes) => signBundle(bytes, signing.value),
  };
}

const ada = makeSigner();
const bob = makeSigner();
const signed = ada.sign(bundle);
const start = bundle.length;
const lineOf = (bytes: Buffer) => bytes.subarray(start);

/** The code with which it is refused by a runtime that trusts Ada and Bob; null: it is let in. */
async function refusal(bytes: Buffer, trusted: readonly TrustedKey[] = [ada.trusted, bob.trusted]) {
  const verdict = await verifyBundle(bytes, trusted);
  return verdict.ok ? null : verdict.code;
}

describe('a signed bundle', () => {
  test('is let in by its key, and says which', async () => {
    expect(await verifyBundle(signed, [bob.trusted, ada.trusted])).toEqual({
      ok: true,
      keyId: ada.trusted.id,
    });
  });

  test('is the bundle and one line; the same key makes the same bytes, and signs anew what was signed', () => {
    expect(signed.subarray(0, start)).toEqual(bundle);
    expect(lineOf(signed).toString()).toMatch(
      /^\{"signature":\{"algorithm":"ed25519","keyId":"[0-9a-f]{16}","value":"[^"]{88}"\}\}\n$/,
    );
    expect(splitSignature(signed)).toEqual({ signed: bundle, line: lineOf(signed).toString() });
    expect(ada.sign(signed)).toEqual(signed);
    expect(bob.sign(signed)).toEqual(bob.sign(bundle));
  });

  test('is refused by who does not trust its key', async () => {
    const verdict = await verifyBundle(signed, [bob.trusted]);
    expect(verdict).toMatchObject({
      code: 'bundle-key-unknown',
      message: expect.stringMatching(`${ada.trusted.id}.*${bob.trusted.id}`),
    });
    expect(await refusal(signed, [])).toBe('bundle-key-unknown');
  });

  test('is refused after any change of any bit', async () => {
    const anyBit = fc.nat(signed.length * 8 - 1);
    // Where a change could mean nothing: the line around the signature, base64 with its spare bits, white space.
    const bitOfLine = fc.integer({ min: start * 8, max: signed.length * 8 - 1 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyBit, bitOfLine), async (bit) => {
        const changed = Buffer.from(signed);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(await refusal(changed)).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  test('is refused after a change of any bit of its last bytes', async () => {
    for (let bit = (signed.length - 8) * 8; bit < signed.length * 8; bit += 1) {
      const changed = Buffer.from(signed);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(await refusal(changed), `bit ${bit}`).not.toBeNull();
    }
  });

  test('is refused when it is cut short anywhere, at either end', async () => {
    const length = fc.nat(signed.length - 1);
    await fc.assert(
      fc.asyncProperty(length, async (kept) => {
        expect(await refusal(signed.subarray(0, kept))).not.toBeNull();
        expect(await refusal(signed.subarray(signed.length - kept))).not.toBeNull();
      }),
      { numRuns: 300 },
    );
    expect(await refusal(bundle)).toBe('bundle-unsigned');
    expect(await refusal(signed.subarray(0, -1))).toBe('bundle-signature-invalid');
  });

  test('is refused with anything put before, within or after it', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(' ', '\n', '\r', '\t', '\0', '\v', '\u00a0', '\ufeff', '{}\n')
        .map((text) => Buffer.from(text)),
      fc.constantFrom(lineOf(signed), lineOf(bob.sign(bundle)), signed, bundle),
    );
    const where = fc.oneof(fc.constantFrom(0, start, signed.length), fc.nat(signed.length));
    await fc.assert(
      fc.asyncProperty(where, piece, async (at, inserted) => {
        const changed = Buffer.concat([signed.subarray(0, at), inserted, signed.subarray(at)]);
        expect(await refusal(changed)).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  test('is refused with its signature line moved or doubled', async () => {
    const line = lineOf(signed);
    const manifestEnd = bundle.indexOf('\n') + 1;
    const moved = [
      [line, bundle],
      [bundle.subarray(0, manifestEnd), line, bundle.subarray(manifestEnd)],
      [bundle, line, line],
      [bundle, lineOf(bob.sign(bundle)), line],
      [bundle, line, lineOf(bob.sign(bundle))],
    ];
    for (const parts of moved) expect(await refusal(Buffer.concat(parts))).not.toBeNull();
  });

  test('cannot smuggle a second signature line past the decoder', async () => {
    // Who holds a key may sign anything; what is left after the signature is stripped must still be a bundle.
    const twice = Buffer.concat([bundle, lineOf(bob.sign(bundle))]);
    const { signed: inner } = splitSignature(Buffer.concat([twice, lineOf(signed)]));
    expect(inner).toEqual(twice);
    expect(decodeBundle(inner)).toMatchObject({ ok: false });
    expect(decodeBundle(splitSignature(signed).signed)).toMatchObject({ ok: true });
  });

  test('is refused under the name of another key, trusted or not', async () => {
    const renamed = (id: string) =>
      Buffer.from(signed.toString('latin1').replace(ada.trusted.id, id), 'latin1');
    expect(await refusal(renamed(ada.trusted.id))).toBeNull();
    expect(await refusal(renamed(bob.trusted.id))).toBe('bundle-signature-mismatch');
    expect(await refusal(renamed('0'.repeat(16)))).toBe('bundle-key-unknown');
    expect(await refusal(renamed(ada.trusted.id.slice(1)))).toBe('bundle-signature-invalid');
    // A key file that claims another's id would have to hold a key of that id: ids are worked out, not read.
    const mallory = { id: ada.trusted.id, key: bob.trusted.key };
    expect(await refusal(signed, [mallory])).toBe('bundle-signature-mismatch');
  });

  test('is refused with the signature of another bundle', async () => {
    const other = ada.sign(Buffer.from(bundle.toString().replace('"sequence":7', '"sequence":8')));
    expect(other.length).toBe(signed.length);
    expect(await refusal(other)).toBeNull();
    expect(await refusal(Buffer.concat([bundle, lineOf(other)]))).toBe('bundle-signature-mismatch');
  });

  test.each([
    ['another algorithm', '"ed25519"', '"none"'],
    ['no algorithm', '"algorithm":"ed25519",', ''],
    ['one member more', '"algorithm"', '"a":1,"algorithm"'],
    ['white space', '"keyId":', '"keyId": '],
    ['base64 without padding', '=="', '"'],
    ['an empty signature', /"value":"[^"]*"/, '"value":""'],
    ['a list', '{"signature":{', '{"signature":[{'],
  ])('is refused with a signature line that has %s', async (_, part, by) => {
    const line = lineOf(signed).toString().replace(part, by);
    expect(await refusal(Buffer.concat([bundle, Buffer.from(line)]))).toBe('bundle-signature-invalid');
  });

  test('counts as unsigned when its last line is longer than any signature', async () => {
    const line = `{"signature":${'9'.repeat(2000)}}\n`;
    expect(await refusal(Buffer.concat([bundle, Buffer.from(line)]))).toBe('bundle-unsigned');
  });
});

test('any bytes are refused without a key, and never throw', async () => {
  const lines = fc.array(
    fc.constantFrom('\n', '{"signature":', '{"signature":{}}', lineOf(signed).toString(), 'x'),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array(),
        lines.map((all) => Buffer.from(all.join(''))),
      ),
      async (bytes) => {
        expect(await refusal(Buffer.from(bytes))).not.toBeNull();
      },
    ),
  );
});

describe('keys', () => {
  test('are read with text around them', () => {
    const read = readTrustedKeys(
      `# Ada\n${ada.publicKey}\n# Bob\r\n${bob.publicKey.replaceAll('\n', '\r\n')}`,
    );
    expect(read).toMatchObject({ ok: true, value: [{ id: ada.trusted.id }, { id: bob.trusted.id }] });
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const body = (pem: string) => pem.split('\n')[1] as string;

  test.each([
    ['nothing', '', 'holds no public key in PEM'],
    ['a private key', `${ada.publicKey}${generateSigningKey().privateKey}`, 'holds a private key'],
    ['a key cut short', ada.publicKey.slice(0, -8), 'holds something besides whole public keys'],
    ['a good and a torn one', `${ada.publicKey}${bob.publicKey.slice(10)}`, 'besides whole public keys'],
    ['a key of noise', ada.publicKey.replace(body(ada.publicKey), 'AAAA'), 'that cannot be read'],
    ['the same key twice', ada.publicKey + ada.publicKey, `holds the key ${ada.trusted.id} twice`],
    ['another kind', rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'a key of type rsa'],
  ])('are refused from a file that holds %s', (_, pem, message) => {
    expect(readTrustedKeys(pem)).toEqual({ ok: false, message: expect.stringContaining(message) });
  });

  test('that sign are refused when they are of another kind, or public', () => {
    const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(readSigningKey(pem)).toMatchObject({ ok: false, message: expect.stringContaining('type rsa') });
    for (const text of [ada.publicKey, 'secret stuff'])
      expect(readSigningKey(text)).toEqual({
        ok: false,
        message: 'not a private key in PEM: make one with `sluice keys <file>`',
      });
  });
});
